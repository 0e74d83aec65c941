// The connection to the gateway: messages and their answers, over a WebSocket or by long-polling, opened again when lost.
(function (h) {
  'use strict';

  var LONGEST_WAIT = 30;
  /** Milliseconds between looks at the connection, and without an answer until it counts as lost. */
  var PING_INTERVAL = 20000;
  var PATIENCE = 10000;

  /** `send(message)` and `close()` of what carries the messages now. */
  var channel = null;
  /** A WebSocket was cut before a word came through it, as some proxies do, or there is none: the other way is tried. */
  var polling = !window.WebSocket;
  var heard = false;
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
    lastId = 0;
    waiting = {};
    heard = false;
    // A host that swallows the connection would be waited for much longer by the browser.
    patienceTimer = setTimeout(lost, PATIENCE);
    channel = (polling ? byPoll : bySocket)(function () {
      connection.send({ type: 'hello', versions: [1], client: 'holdfast-page/' + h.version });
    });
  };

  function bySocket(opened) {
    var here = {};
    var scheme = location.protocol === 'https:' ? 'wss://' : 'ws://';
    var socket = new WebSocket(scheme + location.host + location.pathname + '/socket');
    socket.onopen = function () {
      if (channel === here) opened();
    };
    socket.onmessage = function (event) {
      if (channel === here) received(JSON.parse(event.data));
    };
    socket.onclose = function () {
      if (channel === here) lost();
    };
    here.send = function (message) {
      if (socket.readyState === 1) socket.send(JSON.stringify(message));
    };
    here.close = function () {
      socket.close();
    };
    return here;
  }

  /** Messages go one question after the other; while there are none, a question waits for what the gateway has to tell. */
  function byPoll(opened) {
    var here = {};
    var id;
    var read = 0;
    var unsent = [];
    /** What the last question carries. */
    var under = [];
    var failed = false;
    var carrying = false;
    var latest = null;
    function question() {
      if (channel !== here) return;
      under = unsent;
      unsent = [];
      var body = { acknowledged: read, messages: under };
      if (id) body.connection = id;
      carrying = under.length > 0;
      var asked = new XMLHttpRequest();
      latest = asked;
      asked.open('POST', location.pathname + '/poll', true);
      asked.setRequestHeader('Content-Type', 'application/json');
      asked.onreadystatechange = function () {
        if (asked.readyState !== 4 || channel !== here) return;
        if (asked.status !== 200) return asked === latest ? again(asked.status) : undefined;
        failed = false;
        answered(JSON.parse(asked.responseText));
        if (asked !== latest || channel !== here) return;
        carrying = false;
        question();
      };
      asked.send(JSON.stringify(body));
    }
    /** What was lost on the way is asked once more: the gateway passes over what it has heard. */
    function again(status) {
      if (status || failed) return lost();
      failed = carrying = true;
      unsent = under.concat(unsent);
      setTimeout(question, 1000);
    }
    function answered(answer) {
      id = answer.connection;
      var first = answer.last - answer.messages.length + 1;
      for (var i = 0; i < answer.messages.length && channel === here; i++) {
        if (first + i <= read) continue;
        read = first + i;
        received(answer.messages[i]);
      }
      if (answer.over && channel === here) lost();
    }
    here.send = function (message) {
      unsent.push(message);
      if (!carrying) question();
    };
    here.close = function () {};
    setTimeout(opened, 0);
    return here;
  }

  /** `done(answer)` gets the `ok` or `error`; it is not called when the connection breaks first. */
  connection.send = function (message, done) {
    if (!channel) return;
    lastId += 1;
    message.id = lastId;
    waiting[lastId] = done || function () {};
    channel.send(message);
    clearTimeout(patienceTimer);
    patienceTimer = setTimeout(lost, PATIENCE);
  };

  function received(message) {
    heard = true;
    if (message.type === 'ok' || message.type === 'error') {
      var done = message.re ? waiting[message.re] : h.code.told;
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
    var old = channel;
    channel = null;
    clearInterval(pingTimer);
    clearTimeout(patienceTimer);
    if (old) old.close();
  }

  function lost() {
    // Also when there was no gateway at all: then the two take turns.
    if (!heard && window.WebSocket) polling = !polling;
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
