// Ways to sign in beside the code: a badge's reader that types, a password, and making a badge one's own.
(function (h) {
  'use strict';

  /** Most milliseconds between two keys of a reader, and the fewest keys of a badge. */
  var READER_GAP = 50;
  var FEWEST_KEYS = 4;

  var signIn = { ways: ['code'], may: [] };
  h.signIn = signIn;

  signIn.has = function (way) {
    return signIn.ways.indexOf(way) !== -1;
  };

  signIn.takesBadges = function () {
    return signIn.has('badge') || signIn.has('badge-and-pin');
  };

  // A reader that types like a keyboard is told from fingers by its haste, and ends with Enter.

  var burst = '';
  var lastKey = 0;

  h.on(document, 'keypress', function (event) {
    // When it was pressed, however late a slow browser comes to it.
    var now = event.timeStamp || Date.now();
    var code = event.charCode || event.keyCode;
    if (now - lastKey > READER_GAP) burst = '';
    lastKey = now;
    if (code >= 32 && code < 127) burst += String.fromCharCode(code);
  });

  /** At Enter: the badge that was typed just now, or empty. */
  signIn.badge = function (event) {
    var typed = burst;
    burst = '';
    if (
      typed.length < FEWEST_KEYS ||
      (event.timeStamp || Date.now()) - lastKey > READER_GAP ||
      !signIn.takesBadges()
    )
      return '';
    var field = document.activeElement;
    if (field && field.tagName === 'INPUT') field.value = field.value.slice(0, -typed.length);
    return typed;
  };

  function credential(kind, value, userName) {
    if (!value || userName === '') return;
    var message = { type: 'credential', kind: kind, value: value };
    if (userName) message['user-name'] = userName;
    h.form.say(h.say('checking-code'), false);
    h.ask(message, function (answer) {
      if (answer.code === 'credential-unknown' && userName) answer.code = 'password-unknown';
      if (answer.code) h.form.say(h.errorSentence(answer), true);
    });
  }

  signIn.password = function (back) {
    h.form.show(
      h.say('password-heading'),
      '',
      [
        { name: 'user', label: h.say('user-name'), type: 'text' },
        { name: 'password', label: h.say('password'), type: 'password' }
      ],
      [
        [h.say('back'), back],
        [
          h.say('sign-in'),
          function (values) {
            credential('password', values.password, values.user.replace(/^\s+|\s+$/g, ''));
          },
          'primary'
        ]
      ]
    );
  };

  /** The badge is nobody's yet. */
  signIn.bind = function () {
    var actions = [[h.say('back'), signIn.leave]];
    if (signIn.may.indexOf('bind-by-activation') !== -1) {
      actions.push([h.say('ask-activation'), askActivation], [h.say('activation-heading'), activation]);
    }
    if (signIn.may.indexOf('bind-by-sign-in') !== -1) {
      if (signIn.has('password')) {
        actions.push([
          h.say('way-password'),
          function () {
            signIn.password(signIn.bind);
          }
        ]);
      }
      if (signIn.has('code')) {
        actions.push([
          h.say('way-code'),
          function () {
            h.code.ask('code', h.say('idle-heading'), h.say('bind-hint'), h.say('code-label'), signIn.bind);
          }
        ]);
      }
    }
    actions[actions.length - 1][2] = 'primary';
    h.form.show(h.say('bind-heading'), h.say('bind-hint'), [], actions);
  };

  signIn.leave = function () {
    h.ask({ type: 'logout' });
  };

  function activation() {
    h.form.show(
      h.say('activation-heading'),
      '',
      [{ name: 'code', label: h.say('activation-label'), type: 'text' }],
      [
        [h.say('back'), signIn.bind],
        [
          h.say('key-ok'),
          function (values) {
            credential('activation', values.code.replace(/\s/g, ''));
          },
          'primary'
        ]
      ]
    );
  }

  function askActivation() {
    h.form.show(
      h.say('ask-activation'),
      '',
      [{ name: 'user', label: h.say('user-name'), type: 'text' }],
      [
        [h.say('back'), signIn.bind],
        [
          h.say('ask-activation'),
          function (values) {
            if (!values.user) return;
            h.ask({ type: 'request-activation', 'user-name': values.user }, function (answer) {
              if (answer.type === 'error') return h.form.say(h.errorSentence(answer), true);
              activation();
              h.form.say(h.say('activation-sent'), false);
            });
          },
          'primary'
        ]
      ]
    );
  }
})(window.holdfast);
