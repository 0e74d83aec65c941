// The screen where a code or a document's PIN is typed, by touch or on a keyboard.
(function (h) {
  'use strict';

  var MOST_DIGITS = 32;
  var SHOWN_DIGITS = 10;
  /** Milliseconds until a message about the last session goes away. */
  var MESSAGE_TIME = 12000;

  var digits = '';
  var busy = false;
  /** Until when none is looked at, by the kind: the gateway counts each by itself. */
  var waits = {};
  var waitTimer = 0;
  var messageTimer = 0;
  /** What the digits are: `code` or `pin`, to sign in, or what takes them. */
  var purpose = 'code';
  /** Leads back; null where it begins. */
  var goBack = null;
  var code = {};
  h.code = code;

  /** Empties the screen for the next person, and says how people sign in here. */
  code.reset = function (message) {
    busy = false;
    var badges = h.signIn.takesBadges();
    var codes = h.signIn.has('code');
    var hint = codes ? (badges ? 'badge-or-code' : 'idle-hint') : 'badge-hint';
    var heading = badges ? 'badge-heading' : codes ? 'idle-heading' : 'password-heading';
    say(message || '', false);
    setPurpose('code', h.say(heading), badges || codes ? h.say(hint) : '', h.say('code-label'), null);
    h.mark(document.body, 'no-code', !codes);
    h.show('to-password', h.signIn.has('password'));
  };

  /** Asks for digits: a PIN, or a code in the middle of something; `of` is `code`, `pin`, or what takes them. */
  code.ask = function (of, heading, hint, label, back) {
    busy = false;
    // A PIN's wait was of one person, who may be another now.
    waits.pin = 0;
    say('', false);
    setPurpose(of, heading, hint, label, back);
    h.screens.show('code');
    h.announce(heading + ' ' + hint);
  };

  function setPurpose(of, heading, hint, label, back) {
    purpose = of;
    goBack = back;
    setDigits('');
    h.put('code-heading', heading);
    h.put('code-hint', hint);
    h.put('code-label', label);
    h.show('code-back', back);
    h.show('to-password', false);
    h.mark(document.body, 'is-pin', back);
    h.mark(document.body, 'no-code', false);
    countDown();
  }

  function back() {
    setDigits('');
    goBack();
  }
  h.click('code-back', back);
  h.click('to-password', function () {
    h.signIn.password(function () {
      h.screens.show('code');
    });
  });

  /** A badge was typed by its reader. */
  code.badge = function (typed) {
    setDigits('');
    send('badge', typed);
  };

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
    if (typeof purpose === 'function') return purpose(typed);
    send(purpose, typed);
  };

  function send(kind, typed) {
    if (busy) return;
    busy = true;
    say(h.say('checking-code'), false);
    h.ask({ type: 'credential', kind: kind, value: typed }, function (answer) {
      busy = false;
      code.told(answer, kind);
    });
  }

  /** What came of it; also of what was read beside this screen, then without a kind: it is what the screen asks for. */
  code.told = function (answer, kind) {
    say('', false);
    if (answer.type !== 'error') return;
    var sentence = h.errorSentence(answer);
    // Somebody is signed in, and sees another screen than this.
    if (h.screens.shown() === 'jobs') return h.jobs.complain(sentence);
    say(sentence, true);
    if (answer.code !== 'throttled') return;
    waits[kind || purpose] = Date.now() + answer['retry-after'] * 1000;
    countDown();
  };

  /** Locks the keypad while what it is for must wait, and says how long, unless something else is being said. */
  function countDown() {
    clearTimeout(waitTimer);
    var left = isThrottled() && Math.ceil((waits[purpose] - Date.now()) / 1000);
    if (!messageTimer && (left || waitTimer)) {
      showMessage(left ? h.say('error-throttled', { n: left }) : '', true);
    }
    disableKeys(left);
    waitTimer = left && setTimeout(countDown, 1000);
  }

  function isThrottled() {
    return Date.now() < waits[purpose];
  }

  function disableKeys(disabled) {
    var keys = h.byId('keypad').getElementsByTagName('button');
    for (var i = 0; i < keys.length; i++) keys[i].disabled = disabled;
  }

  function setDigits(text) {
    if (digits !== '' || text !== '') {
      h.put('code-dots', text.slice(0, SHOWN_DIGITS).replace(/./g, '•'));
      if (text !== '') h.announce(h.say('code-length', { n: text.length }));
    }
    digits = text;
  }

  function say(text, bad) {
    showMessage(text, bad);
    if (text) h.announce(text);
    clearTimeout(messageTimer);
    messageTimer = 0;
    if (text && (!bad || isThrottled())) {
      messageTimer = setTimeout(function () {
        messageTimer = 0;
        if (!busy) showMessage('', false);
      }, MESSAGE_TIME);
    }
  }

  function showMessage(text, bad) {
    var message = h.byId('code-message');
    h.put(message, text);
    h.mark(message, 'bad', bad);
  }

  // The keypad: digits, then delete, 0 and OK.
  '123456789←0✓'.split('').forEach(function (label) {
    var cell = h.make('div', 'key');
    var key = h.make('button', '', label);
    if (label === '←') {
      key.id = 'key-delete';
      h.attribute(key, 'aria-label', h.say('key-delete'));
    }
    if (label === '✓') {
      key.id = 'key-ok';
      key.className = 'primary';
      h.put(key, h.say('key-ok'));
    }
    cell.appendChild(key);
    h.byId('keypad').appendChild(cell);
  });

  // A touch leaves the focus where it is, so that Enter on a keyboard means OK afterwards too.
  h.on('keypad', 'mousedown', function (event) {
    event.preventDefault();
  });
  h.click('keypad', function (event) {
    var key = event.target;
    if (key.tagName !== 'BUTTON') return;
    if (key.id === 'key-ok') code.enter();
    else if (key.id === 'key-delete') code.erase();
    else code.digit(key.textContent);
  });

  /** Keys on a keyboard; true when the browser shall do nothing with it. */
  code.typed = function (event) {
    var key = event.keyCode;
    var onControl = /^(BUTTON|A)$/.test(document.activeElement ? document.activeElement.tagName : '');
    // Not taken from the browser: what a reader types is read once more as characters.
    if (key >= 48 && key <= 57) return code.digit(String(key - 48));
    if (key >= 96 && key <= 105) return code.digit(String(key - 96));
    if (key === 8) code.erase();
    else if (key === 27 && goBack && digits === '') back();
    else if (key === 27) code.clear();
    else if (key === 13 && !onControl) code.enter();
    else return false;
    return true;
  };
})(window.holdfast);
