// How documents are printed, where, and one's PIN: what is changed now and then.
(function (h) {
  'use strict';

  var CHOICES = ['sides', 'print-color-mode', 'media-source', 'finishings'];
  /** Keywords that are texts as they are. */
  var SAID = ['one-sided', 'color', 'monochrome'];

  var options = { printers: [], onPrint: null };
  h.options = options;
  var wanted = [];
  var supported = {};
  var current = {};

  function back() {
    h.form.reset();
    h.screens.show('jobs');
  }

  /** Asks the gateway what the printer can do; with no document there is nothing to ask. */
  options.open = function (jobs) {
    wanted = jobs;
    if (jobs.length === 0) return options.show({ supported: {}, current: {} });
    h.ask({ type: 'options', 'job-id': jobs[0]['job-id'] }, function (answer) {
      if (answer.type === 'error') h.jobs.complain(h.errorSentence(answer));
    });
  };

  options.show = function (message) {
    supported = message.supported;
    current = message.current;
    var fields = [];
    if (supported.copies > 1) fields.push(count('copies', current.copies || 1, supported.copies));
    CHOICES.forEach(function (name) {
      var values = supported[name] || [];
      if (values.length > 1) fields.push(choice(name, values));
    });
    var first = supported['first-page'];
    if (first > 1)
      fields.push(count('first-page', (wanted.length === 1 && wanted[0]['resume-page']) || 1, first));
    if (wanted.length && wanted.every(mayKeep)) {
      fields.push({ name: 'keep', label: h.say('keep-after'), type: 'checkbox' });
    }
    var actions = [[h.say('back'), back]];
    if (options.printers.length > 1) actions.push([h.say('other-printer'), choosePrinter]);
    if (h.signIn.may.indexOf('set-pin') !== -1) actions.push([pinWord(), setPin]);
    if (wanted.length) actions.push([h.say('print-one'), print, 'primary']);
    var names = wanted.slice(0, 3).map(h.nameOf).join(', ') + (wanted.length > 3 ? ' …' : '');
    var hint = wanted.length && !fields.length ? h.say('no-options') : names;
    h.form.show(h.say('options-heading'), hint, fields, actions);
  };

  function mayKeep(job) {
    return job['may-keep'];
  }

  function count(name, value, most) {
    return { name: name, label: h.say('option-' + name), type: 'count', value: value, most: most };
  }

  function choice(name, values) {
    return {
      name: name,
      label: h.say('option-' + name),
      type: 'choice',
      value: sent(name),
      choices: values.map(function (value) {
        return [value, wordFor(value)];
      })
    };
  }

  function sent(name) {
    return name === 'finishings' ? (current.finishings || ['none'])[0] : current[name];
  }

  /** The page's word for a keyword; one that it has none for is shown as it is, as a tray's name often says it. */
  function wordFor(value) {
    var tray = /^tray-(\d+)$/.exec(value);
    if (tray) return h.say('value-tray', { n: tray[1] });
    if (SAID.indexOf(value) !== -1) return h.say(value);
    return h.has('value-' + value) ? h.say('value-' + value) : value.replace(/-/g, ' ');
  }

  function print(values) {
    var changes = {};
    CHOICES.forEach(function (name) {
      var value = values[name];
      if (value && value !== sent(name)) changes[name] = name === 'finishings' ? [value] : value;
    });
    var copies = Math.min(Number(values.copies) || 1, supported.copies);
    if (values.copies && copies !== (current.copies || 1)) changes.copies = copies;
    if (values['first-page'] > 1)
      changes['first-page'] = Math.min(values['first-page'], supported['first-page']);
    options.onPrint(wanted, changes, values.keep);
  }

  function choosePrinter() {
    h.form.show(
      h.say('printers-heading'),
      '',
      [],
      [[h.say('back'), back]].concat(
        options.printers.map(function (printer) {
          var name = printer['printer-name'];
          var shown = printer['printer-info'] || name;
          var place = printer['printer-location'];
          return [
            place ? shown + ', ' + place : shown,
            function () {
              h.ask({ type: 'choose-printer', 'printer-name': name }, function (answer) {
                if (answer.type === 'ok') back();
                else h.form.say(h.errorSentence(answer), true);
              });
            },
            name === options.printer ? 'wide primary' : 'wide'
          ];
        })
      )
    );
  }

  function pinWord() {
    return h.say(h.signIn.pinSet ? 'change-pin' : 'set-pin');
  }

  function setPin() {
    var fields = ['current-pin', 'new-pin', 'again-pin'].map(function (name) {
      return { name: name, label: h.say(name), type: 'password' };
    });
    h.form.show(pinWord(), '', fields.slice(h.signIn.pinSet ? 0 : 1), [
      [h.say('back'), back],
      [
        h.say('save'),
        function (values) {
          if (values['new-pin'] !== values['again-pin']) return h.form.say(h.say('pins-differ'), true);
          var message = { type: 'set-pin', value: values['new-pin'] };
          if (values['current-pin']) message.current = values['current-pin'];
          h.ask(message, function (answer) {
            if (answer.type === 'error') return h.form.say(h.errorSentence(answer), true);
            h.signIn.pinSet = true;
            back();
            h.jobs.complain(h.say('pin-saved'), true);
          });
        },
        'primary'
      ]
    ]);
  }
})(window.holdfast);
