// The screen where a code or a document's PIN is typed, by touch or on a keyboard.
(function (h) {
  'use strict';

  var MOST_DIGITS = 32;
  var SHOWN_DIGITS = 10;
  /** Milliseconds until a message about the last session goes away. */
  var MESSAGE_TIME = 12000;

  var digits = '';
  var busy = false;
  var throttledUntil = 0;
  var throttleTimer = null;
  var messageTimer = null;
  /** Takes the PIN that is typed; null while it is a code to sign in. */
  var takePin = null;
  var code = {};
  h.code = code;

  /** Empties the screen for the next person. */
  code.reset = function (message) {
    busy = false;
    setPurpose(null, h.say('idle-heading'), h.say('idle-hint'), h.say('code-label'));
    if (!isThrottled()) say(message || '', false);
  };

  /** Asks for a PIN, over the documents; `what` says of which. */
  code.askPin = function (what, take) {
    setPurpose(take, h.say('pin-heading'), what, h.say('pin-label'));
    say('', false);
    h.screens.show('code');
    h.announce(h.say('pin-heading') + ' ' + what);
  };

  function setPurpose(take, heading, hint, label) {
    takePin = take;
    setDigits('');
    h.put(h.byId('code-heading'), heading);
    h.put(h.byId('code-hint'), hint);
    h.put(h.byId('code-label'), label);
    h.show(h.byId('code-back'), !!take);
    h.mark(document.body, 'is-pin', !!take);
  }

  function back() {
    setDigits('');
    h.screens.show('jobs');
  }
  h.on(h.byId('code-back'), 'click', back);

  code.digit = function (digit) {
    if (busy || isThrottled() || digits.length >= MOST_DIGITS) return;
    say('', false);
    setDigits(digits + digit);
  };

  code.erase = function () {
    if (!busy) setDigits(digits.slice(0, -1));
  };

  code.clear = function () {
    if (!busy) setDigits('');
  };

  code.enter = function () {
    if (busy || isThrottled() || digits === '') return;
    var typed = digits;
    setDigits('');
    if (takePin) return takePin(typed);
    busy = true;
    say(h.say('checking-code'), false);
    h.connection.send({ type: 'credential', kind: 'code', value: typed }, function (answer) {
      busy = false;
      say('', false);
      if (answer.type === 'error') refused(answer);
    });
  };

  function refused(answer) {
    if (answer.code === 'throttled') return throttle(answer['retry-after']);
    say(h.say(answer.code === 'credential-unknown' ? 'error-credential-unknown' : 'error-other'), true);
  }

  function throttle(seconds) {
    throttledUntil = Date.now() + seconds * 1000;
    h.announce(h.say('error-throttled', { n: seconds }));
    clearInterval(throttleTimer);
    throttleTimer = setInterval(countDown, 1000);
    countDown();
  }

  function countDown() {
    var left = Math.ceil((throttledUntil - Date.now()) / 1000);
    var over = left <= 0;
    if (over) clearInterval(throttleTimer);
    showMessage(over ? '' : h.say('error-throttled', { n: left }), true);
    disableKeys(!over);
  }

  function isThrottled() {
    return Date.now() < throttledUntil;
  }

  function disableKeys(disabled) {
    var keys = h.byId('keypad').getElementsByTagName('button');
    for (var i = 0; i < keys.length; i++) keys[i].disabled = disabled;
  }

  function setDigits(text) {
    if (digits !== '' || text !== '') {
      h.put(h.byId('code-dots'), text.slice(0, SHOWN_DIGITS).replace(/./g, '•'));
      if (text !== '') h.announce(h.say('code-length', { n: text.length }));
    }
    digits = text;
  }

  function say(text, bad) {
    showMessage(text, bad);
    if (text) h.announce(text);
    clearTimeout(messageTimer);
    if (text && !bad) {
      messageTimer = setTimeout(function () {
        if (!busy && !isThrottled()) showMessage('', false);
      }, MESSAGE_TIME);
    }
  }

  function showMessage(text, bad) {
    var message = h.byId('code-message');
    h.put(message, text);
    h.mark(message, 'bad', bad);
  }

  // A touch leaves the focus where it is, so that Enter on a keyboard means OK afterwards too.
  h.on(h.byId('keypad'), 'mousedown', function (event) {
    event.preventDefault();
  });
  h.on(h.byId('keypad'), 'click', function (event) {
    var key = event.target;
    if (key.tagName !== 'BUTTON') return;
    if (key.id === 'key-ok') code.enter();
    else if (key.id === 'key-delete') code.erase();
    else code.digit(key.textContent);
  });

  /** Keys on a keyboard; true when it was for the code. */
  code.typed = function (event) {
    var key = event.keyCode;
    var onControl = /^(BUTTON|A)$/.test(document.activeElement ? document.activeElement.tagName : '');
    if (key >= 48 && key <= 57) code.digit(String(key - 48));
    else if (key >= 96 && key <= 105) code.digit(String(key - 96));
    else if (key === 8) code.erase();
    else if (key === 27 && takePin && digits === '') back();
    else if (key === 27) code.clear();
    else if (key === 13 && !onControl) code.enter();
    else return false;
    return true;
  };
})(window.holdfast);
