// The connection to the gateway: messages and their answers over a WebSocket that opens itself again.
(function (h) {
  'use strict';

  var LONGEST_WAIT = 30;
  /** Milliseconds between looks at the connection, and without an answer until it counts as lost. */
  var PING_INTERVAL = 20000;
  var PATIENCE = 10000;

  var socket = null;
  var lastId = 0;
  /** Callbacks by message id. */
  var waiting = {};
  var failures = 0;
  var pingTimer = null;
  var patienceTimer = null;
  var retryTimer = null;
  /** `onMessage(message)`, `onState('connecting' | 'lost' | 'taken-over', secondsUntilRetry)`; set by the session. */
  var connection = { onMessage: null, onState: null };
  h.connection = connection;

  connection.open = function () {
    clearTimeout(retryTimer);
    connection.onState('connecting', 0);
    var scheme = location.protocol === 'https:' ? 'wss://' : 'ws://';
    var opened;
    try {
      opened = new WebSocket(scheme + location.host + location.pathname + '/socket');
    } catch (_) {
      return retry();
    }
    socket = opened;
    lastId = 0;
    waiting = {};
    opened.onopen = function () {
      if (socket !== opened) return;
      var version = h.byId('page-version').getAttribute('content');
      connection.send({ type: 'hello', versions: [1], client: 'holdfast-page/' + version });
    };
    opened.onmessage = function (event) {
      if (socket === opened) received(JSON.parse(event.data));
    };
    opened.onclose = function () {
      if (socket === opened) lost();
    };
    // A host that swallows the connection would be waited for much longer by the browser.
    patienceTimer = setTimeout(lost, PATIENCE);
  };

  /** `done(answer)` gets the `ok` or `error`; it is not called when the connection breaks first. */
  connection.send = function (message, done) {
    if (!socket || socket.readyState !== 1) return;
    lastId += 1;
    message.id = lastId;
    waiting[lastId] = done || function () {};
    socket.send(JSON.stringify(message));
    clearTimeout(patienceTimer);
    patienceTimer = setTimeout(lost, PATIENCE);
  };

  function received(message) {
    if (message.type === 'ok' || message.type === 'error') {
      var done = waiting[message.re];
      delete waiting[message.re];
      if (isEmpty(waiting)) clearTimeout(patienceTimer);
      if (done) done(message);
      return;
    }
    if (message.type === 'welcome') {
      failures = 0;
      clearInterval(pingTimer);
      pingTimer = setInterval(function () {
        connection.send({ type: 'ping' });
      }, PING_INTERVAL);
    }
    if (message.type === 'bye' && message.reason === 'taken-over') {
      drop();
      return connection.onState('taken-over', 0);
    }
    connection.onMessage(message);
  }

  function drop() {
    var old = socket;
    socket = null;
    clearInterval(pingTimer);
    clearTimeout(patienceTimer);
    if (old) old.close();
  }

  function lost() {
    drop();
    retry();
  }

  /** Waits 1, 2, 4 … 30 seconds, a little different at every panel, so that not all come back at once. */
  function retry() {
    var delay = Math.min(LONGEST_WAIT, Math.pow(2, failures)) * (0.75 + Math.random() / 2);
    failures += 1;
    connection.onState('lost', Math.ceil(delay));
    retryTimer = setTimeout(connection.open, delay * 1000);
  }

  function isEmpty(object) {
    return Object.keys(object).length === 0;
  }
})(window.holdfast);
