// Small helpers for old browsers: elements, texts in the page's language, sizes and times.
(function (h) {
  'use strict';

  var texts = window.holdfastTexts;

  h.byId = function (id) {
    return document.getElementById(id);
  };

  h.version = h.byId('page-version').content;

  /** The helpers take an element, or its id. */
  function found(element) {
    return typeof element === 'string' ? h.byId(element) : element;
  }

  h.make = function (tag, className, text) {
    var element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  /** Adds or takes away one class. */
  h.mark = function (which, name, on) {
    var element = found(which);
    var others = (' ' + element.className + ' ').split(' ' + name + ' ').join(' ');
    element.className = (others + (on ? name : '')).trim();
  };

  h.show = function (element, visible) {
    h.mark(element, 'gone', !visible);
  };

  h.empty = function (element) {
    while (element.firstChild) element.removeChild(element.firstChild);
  };

  h.put = function (which, text) {
    var element = found(which);
    if (element.textContent !== text) element.textContent = text;
  };

  h.on = function (element, event, run) {
    found(element).addEventListener(event, run, false);
  };

  h.click = function (element, run) {
    h.on(element, 'click', run);
  };

  h.attribute = function (element, name, value) {
    found(element).setAttribute(name, value);
  };

  /** The first text of that family, in the order in which they are served, that one of these words has. */
  h.first = function (family, words) {
    for (var key in texts) {
      if (key.indexOf(family) === 0 && words.indexOf(key.slice(family.length)) !== -1) return texts[key];
    }
  };

  /** `draw`, once for all messages that arrive together. */
  h.soon = function (draw) {
    var waiting = false;
    return function () {
      if (waiting) return;
      waiting = true;
      setTimeout(function () {
        waiting = false;
        draw();
      }, 0);
    };
  };

  h.has = function (key) {
    // biome-ignore lint/suspicious/noPrototypeBuiltins: its successor came in 2021, and panels are older
    return texts.hasOwnProperty(key);
  };

  /** The text with its values; a plural takes its form from `n`. */
  h.say = function (key, values) {
    var text = texts[key];
    var given = values || {};
    var form = typeof text === 'string' ? text : text[pluralForm(given.n)];
    return form.replace(/\{([a-z-]+)\}/g, function (_, name) {
      return String(given[name]);
    });
  };

  function pluralForm(n) {
    var language = document.documentElement.lang;
    if (language === 'fr') return n < 2 ? 'one' : 'other';
    if (language !== 'pl') return n === 1 ? 'one' : 'other';
    if (n === 1) return 'one';
    var few = n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14);
    return few ? 'few' : 'many';
  }

  /** Units of 1024 octets, as people read them. */
  h.size = function (kiloOctets) {
    if (kiloOctets < 1000) return h.say('kilobytes', { n: kiloOctets });
    var mega = kiloOctets / 1024;
    var shown = mega < 10 ? mega.toFixed(1) : String(Math.round(mega));
    return h.say('megabytes', { n: shown.replace('.', h.say('decimal-mark')) });
  };

  /** Days since 1970 of the date in an RFC 3339 time, as written: the gateway's own zone, whatever this clock says. */
  function dayOf(time) {
    return (
      Date.UTC(Number(time.slice(0, 4)), Number(time.slice(5, 7)) - 1, Number(time.slice(8, 10))) / 86400000
    );
  }

  h.when = function (time, now) {
    var clock = time.slice(11, 16);
    var age = dayOf(now) - dayOf(time);
    if (age === 0) return h.say('today', { time: clock });
    if (age === 1) return h.say('yesterday', { time: clock });
    return h.say('on-day', {
      day: Number(time.slice(8, 10)),
      month: h.say('months').split(' ')[Number(time.slice(5, 7)) - 1],
      time: clock
    });
  };

  var announced = false;
  /** Tells a screen reader; the same text twice is read twice. */
  h.announce = function (text) {
    announced = !announced;
    h.byId('live').textContent = announced ? text : text + '\u00a0';
  };
})((window.holdfast = {}));
