// The session at this panel: follows what the gateway says, and sends what the person does.
(function (h) {
  'use strict';

  /** Milliseconds between two messages that say that somebody is here. */
  var ACTIVITY_INTERVAL = 5000;
  /** Milliseconds after which a language that somebody chose is given up again. */
  var LANGUAGE_TIME = 60000;

  var connection = h.connection;
  var screens = h.screens;
  var session = 'idle';
  /** The last one that was more than a check. */
  var settled = 'idle';
  var printer = null;
  /** That somebody has signed in, until their list is here too. */
  var coming = null;
  var lastActivity = 0;
  var languageTimer = null;
  var retryTimer = null;
  var home = document.documentElement.lang;
  var spoken = home;
  /** Messages that wait for the page to be in another language, the first of them because of it. */
  var held = null;

  /** Sends, and starts the session's time anew when the gateway says so. */
  h.ask = ask;
  function ask(message, done) {
    lastActivity = Date.now();
    connection.send(message, function (answer) {
      if (answer['time-left'] !== undefined && isSignedIn()) screens.timeLeft(answer['time-left']);
      if (done) done(answer);
    });
  }

  function isSignedIn() {
    return session === 'jobs' || session === 'releasing' || session === 'done';
  }

  connection.onMessage = function (message) {
    if (held) return held.push(message);
    var own = (message.person && message.person.language) || home;
    // What somebody chose goes before.
    if (!message.session || location.search || own === spoken) return take(message);
    // Nothing of whoever has gone stays on the screen meanwhile.
    if (!message.person) take(message);
    var mine = (held = [message]);
    spoken = own;
    var script = h.make('script');
    // Without it the page goes on as it is. Two of them come in their order.
    script.onload = script.onerror = function () {
      if (held !== mine) return;
      held = null;
      take(mine.shift());
      mine.forEach(connection.onMessage);
    };
    script.async = false;
    script.src = '/panel-files/' + own + '-' + h.version + '.js';
    document.body.appendChild(script);
  };

  function take(message) {
    // Shown together: the browser would take the time to draw the screen without the list that follows.
    if (message.session === 'jobs' && !isSignedIn()) {
      coming = message;
      return;
    }
    if (coming) changed(coming);
    switch (message.type) {
      case 'welcome':
        return welcome(message);
      case 'printer':
        h.options.printers[numberOf(message.printer['printer-name'])] = message.printer;
        return showPrinter(h.options.printer);
      case 'session':
        return changed(message);
      case 'jobs':
        h.documents.part(message);
        // At once, before the browser shows the screen empty.
        h.jobs.draw();
        return setTimeout(screens.focus, 0);
      case 'job':
        h.documents.changed(message.job);
        // One that was claimed has its name now.
        h.printing.fit();
        return h.jobs.update();
      case 'job-gone':
        h.documents.gone(message['job-id']);
        return h.jobs.update();
      case 'options':
        return h.options.show(message);
      case 'progress':
        if (message['printer-state-reasons']) {
          printer['printer-state-reasons'] = message['printer-state-reasons'];
          showPrinter(h.options.printer);
        }
        return h.printing.progress(message);
      case 'outcome':
        if (message.operation === 'cancel' && message.outcome === 'refused') {
          h.jobs.complain(h.refusalSentence(message.reason));
        }
        return h.printing.outcome(message);
    }
  }

  function welcome(message) {
    // The gateway was updated, and its page with it. It answers, so that loading the page again is safe.
    if (message.page !== h.version) {
      connection.onMessage = function () {};
      return location.reload();
    }
    h.signIn.ways = message['sign-in'];
    h.documents.marked = message.marked;
    h.options.printers = message.printers;
    document.title = h.say('title') + ' – ' + message.name;
    showPrinter();
  }

  /** That of the printer with this name, or of the panel's first. */
  function numberOf(name) {
    var number = 0;
    h.options.printers.forEach(function (each, at) {
      if (each['printer-name'] === name) number = at;
    });
    return number;
  }

  function showPrinter(name) {
    printer = h.options.printers[numberOf(name)];
    h.options.printer = printer['printer-name'];
    screens.printer(printer);
    screens.banner(h.printerSentence(printer));
  }

  function changed(message) {
    var before = settled;
    var wasChecking = session === 'code';
    session = message.session;
    coming = null;
    screens.timeLeft(message['time-left']);
    screens.person(message.person && message.person['display-name']);
    clearTimeout(languageTimer);
    if (session === 'code') return;
    settled = session;
    h.signIn.may = message.may || [];
    h.signIn.pinSet = message['pin-set'] !== false;
    showPrinter(message['printer-name']);
    // What was typed was wrong: its screen stays, and says so.
    if (wasChecking && settled === before && !message.reason) return;
    switch (session) {
      case 'pin':
        return h.code.ask(
          'pin',
          h.say('badge-pin-heading'),
          h.say('badge-pin-hint'),
          h.say('pin-label'),
          h.signIn.leave
        );
      case 'bind':
        return h.signIn.bind();
      case 'jobs':
        h.printing.reset();
        h.form.reset();
        return screens.show('jobs', true);
      case 'releasing':
        screens.show('printing');
        return h.printing.fit();
      case 'done':
        screens.show('printing');
        return h.printing.done();
      default:
        return idle(message.reason);
    }
  }

  function idle(reason) {
    h.jobs.reset();
    h.printing.reset();
    h.form.reset();
    // Somebody had chosen another language: the next one begins with the panel's own.
    if (reason && location.search) return location.replace(location.pathname);
    if (location.search) languageTimer = setTimeout(forgetLanguage, LANGUAGE_TIME);
    screens.show('code');
    h.code.reset(h.first('ended-', [reason]));
  }

  function forgetLanguage() {
    if (screens.shown() === 'code') location.replace(location.pathname);
  }

  connection.onState = function (state, seconds) {
    session = settled = 'idle';
    coming = held = null;
    screens.timeLeft(undefined);
    screens.person('');
    screens.banner(undefined);
    clearInterval(retryTimer);
    var lost = state !== 'connecting';
    // While it only connects anew, what is on the screen stays: it flickers less.
    if (!lost && screens.shown() === 'offline' && h.byId('offline-button').className.indexOf('gone') === -1)
      return;
    h.put('offline-heading', h.say(state + '-heading'));
    h.put('offline-hint', lost ? h.say(state + '-hint') : '');
    h.put('offline-countdown', '');
    h.put('offline-button', h.say(state === 'taken-over' ? 'use-here' : 'retry-now'));
    h.show('offline-button', lost);
    if (lost && screens.shown() !== 'offline') h.announce(h.say(state + '-heading'));
    screens.show('offline');
    if (state === 'lost') countDown(seconds);
  };

  function countDown(seconds) {
    var left = seconds;
    h.put('offline-countdown', h.say('retry-in', { n: left }));
    retryTimer = setInterval(function () {
      left -= 1;
      h.put('offline-countdown', left > 0 ? h.say('retry-in', { n: left }) : h.say('connecting-heading'));
      if (left <= 0) clearInterval(retryTimer);
    }, 1000);
  }

  // What the person does.

  h.jobs.onPrint = function (wanted, changes, keep, pin) {
    h.printing.begin(wanted);
    h.byId('print').disabled = true;
    var release = {
      type: 'release',
      key: newKey(),
      'job-ids': h.ids(wanted)
    };
    if (pin) release['job-password'] = pin;
    if (keep) release.keep = true;
    if (Object.keys(changes).length) release.changes = changes;
    ask(release, function (answer) {
      if (answer.type === 'ok') return;
      h.printing.reset();
      screens.show('jobs');
      h.jobs.complain(h.say('error-other'));
    });
  };

  /** 24 letters and digits that no other release has. */
  function newKey() {
    var key = '';
    while (key.length < 24) key += Math.random().toString(36).slice(2);
    return key.slice(0, 24);
  }

  h.printing.onMore = function () {
    ask({ type: 'jobs' });
  };

  function signOut() {
    if (isSignedIn()) ask({ type: 'logout' });
  }
  h.printing.onFinish = signOut;
  h.click('sign-out', signOut);
  h.click('offline-button', function () {
    connection.open();
  });

  /** A touch or a key: whoever is signed in is still here. */
  function active() {
    if (!isSignedIn()) return;
    var now = Date.now();
    if (screens.isAsking() || now - lastActivity > ACTIVITY_INTERVAL) ask({ type: 'activity' });
  }
  h.on(document, 'mousedown', active);
  h.on(document, 'touchstart', active);

  h.on(document, 'keydown', function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    active();
    if (screens.shown() === 'code') {
      if (h.code.typed(event)) event.preventDefault();
    } else if (event.keyCode === 27 && !screens.closeDialog()) {
      if (screens.shown() === 'form') h.form.back();
      else signOut();
    }
  });

  // Before anything else hears of it: the Enter of a reader presses no button.
  document.addEventListener(
    'keydown',
    function (event) {
      var badge = event.keyCode === 13 ? h.signIn.badge(event) : '';
      if (!badge) return;
      event.preventDefault();
      event.stopPropagation();
      h.code.badge(badge);
    },
    true
  );

  screens.onResize = function () {
    h.jobs.update();
    h.printing.fit();
  };

  connection.open();
})(window.holdfast);
