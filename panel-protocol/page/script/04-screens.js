// What is on the screen: one screen at a time, the bars above it, and the question before what cannot be undone.
(function (h) {
  'use strict';

  var SCREENS = ['offline', 'code', 'form', 'jobs', 'printing'];
  /** Seconds before the end of a session at which the page asks; of a short one, in its last third. */
  var ASK_BEFORE = 15;

  var shown = 'offline';
  var screens = {};
  h.screens = screens;

  screens.shown = function () {
    return shown;
  };

  /** Puts the focus on the heading of the screen, where a screen reader begins to read. */
  screens.focus = function () {
    h.byId(shown + '-heading').focus();
  };

  /** `later`: its list comes at once, is drawn and fitted then, and the focus comes with it: each lays out all that there is. */
  screens.show = function (name, later) {
    if (shown === name) return;
    shown = name;
    for (var i = 0; i < SCREENS.length; i++) h.show('screen-' + SCREENS[i], SCREENS[i] === name);
    h.show('languages', name === 'code');
    closeDialog();
    if (later) return;
    screens.focus();
    screens.onResize();
  };

  screens.printer = function (printer) {
    h.put('printer-info', printer['printer-info'] || printer['printer-name']);
    h.put('printer-location', printer['printer-location']);
  };

  /** A sentence under the header; undefined takes it away. */
  screens.banner = function (sentence) {
    var banner = h.byId('banner');
    if (banner.textContent === (sentence || '')) return;
    h.put(banner, sentence || '');
    h.show(banner, sentence);
    h.mark(document.body, 'has-banner', sentence);
    screens.onResize();
  };

  /** Set by who has rows to fit. */
  screens.onResize = function () {};
  // The ring around what has the focus is for those who use a keyboard.
  h.on(document, 'mousedown', function () {
    h.mark(document.body, 'by-touch', true);
  });
  h.on(document, 'keydown', function () {
    h.mark(document.body, 'by-touch', false);
  });

  h.on(window, 'resize', function () {
    screens.onResize();
  });

  screens.person = function (name) {
    h.show('who', name);
    h.put('person', name || '');
  };

  // The session's time.

  var endsAt = 0;
  /** Seconds that the session lasts without a touch: the most that the gateway ever gave it. */
  var whole = 0;
  var ticking = null;
  var asking = false;

  /** `seconds` until the session ends; undefined when nobody is signed in. */
  screens.timeLeft = function (seconds) {
    clearInterval(ticking);
    ticking = null;
    if (seconds === undefined) {
      whole = 0;
      return ask(0);
    }
    whole = Math.max(whole, seconds);
    endsAt = Date.now() + seconds * 1000;
    ticking = setInterval(tick, 1000);
    tick();
  };

  screens.isAsking = function () {
    return asking;
  };

  function tick() {
    var left = Math.max(1, Math.round((endsAt - Date.now()) / 1000));
    ask(left <= Math.min(ASK_BEFORE, whole / 3) ? left : 0);
  }

  function ask(seconds) {
    var question = seconds ? h.say('stay-question', { n: seconds }) : '';
    if (seconds && !asking) h.announce(question);
    asking = seconds > 0;
    h.put('stay-question', question);
    h.show('stay', asking);
    // It lies over the button for signing out, which must not be touched in its stead.
    if (asking && document.activeElement === h.byId('sign-out')) h.byId('stay-button').focus();
    h.mark(document.body, 'is-asking', asking);
  }

  // The question.

  var confirmed = null;
  var focusedBefore = null;

  /** `subject` is the name of the one document that it is about, or empty. */
  screens.ask = function (question, subject, warning, confirm, keep, run) {
    h.put('dialog-subject', subject);
    h.show('dialog-subject', subject !== '');
    h.put('dialog-question', question);
    h.put('dialog-warning', warning);
    h.put('dialog-confirm', confirm);
    h.put('dialog-keep', keep);
    confirmed = run;
    focusedBefore = document.activeElement;
    h.show('curtain', true);
    h.byId('dialog-keep').focus();
  };

  /** True when there was one to close. */
  screens.closeDialog = closeDialog;

  function closeDialog() {
    if (!confirmed) return false;
    confirmed = null;
    h.put('dialog-subject', '');
    h.show('curtain', false);
    if (focusedBefore) focusedBefore.focus();
    focusedBefore = null;
    return true;
  }

  h.click('dialog-keep', closeDialog);
  h.click('dialog-confirm', function () {
    var run = confirmed;
    closeDialog();
    run();
  });
  // The focus stays in the dialog, which has two buttons.
  h.on('dialog', 'keydown', function (event) {
    if (event.keyCode !== 9) return;
    event.preventDefault();
    h.byId(document.activeElement === h.byId('dialog-keep') ? 'dialog-confirm' : 'dialog-keep').focus();
  });
})(window.holdfast);
