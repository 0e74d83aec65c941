// A screen with fields and buttons, made when it is needed: passwords, options, one's PIN, a choice.
(function (h) {
  'use strict';

  var box = h.byId('form-fields');
  var bar = h.byId('form-actions');
  var message = h.byId('form-message');
  var readers = {};
  var buttons = [];
  var form = {};
  h.form = form;

  /**
   * `fields`: `{ name, label, type, value, most, choices }` with a type of an `input`, or `choice`, `count`.
   * `actions`: `[label, run(values), class]`; the first leads back, the last is what Enter means.
   * A `wide` action is one of many: it stands in the part that scrolls.
   */
  form.show = function (heading, hint, fields, actions) {
    form.reset();
    h.put('form-heading', heading);
    h.put('form-hint', hint);
    h.show('form-hint', hint);
    fields.forEach(addField);
    buttons = actions.map(function (action) {
      var button = h.make('button', action[2], action[0]);
      h.click(button, function () {
        action[1](values());
      });
      return (/wide/.test(action[2]) ? box : bar).appendChild(button);
    });
    h.screens.show('form');
    h.screens.focus();
    h.announce(heading + ' ' + hint);
    var first = box.querySelector('input');
    if (first && first.type !== 'checkbox') first.focus();
  };

  /** Of what was typed nothing stays. */
  form.reset = function () {
    h.empty(box);
    h.empty(bar);
    readers = {};
    buttons = [];
    form.say('', false);
  };

  form.say = function (text, bad) {
    h.put(message, text);
    h.mark(message, 'bad', bad);
    if (text) {
      h.announce(text);
      // It stands below fields that may be longer than the screen.
      message.scrollIntoView();
    }
  };

  form.back = function () {
    buttons[0].click();
  };

  function values() {
    var all = {};
    for (var name in readers) all[name] = readers[name]();
    return all;
  }

  function addField(field) {
    var cell = h.make('div', /text|word/.test(field.type) ? 'field wide' : 'field');
    var label = h.make('label', '', field.label);
    var input = h.make(field.type === 'choice' ? 'select' : 'input');
    input.id = label.htmlFor = 'field-' + field.name;
    cell.appendChild(label);
    cell.appendChild(input);
    box.appendChild(cell);
    readers[field.name] = function () {
      return field.type === 'checkbox' ? input.checked : input.value;
    };
    if (field.type === 'choice') {
      field.choices.forEach(function (choice) {
        var option = h.make('option', '', choice[1]);
        option.value = choice[0];
        input.appendChild(option);
      });
    } else {
      if (field.type !== 'count') input.type = field.type;
      h.attribute(input, 'autocomplete', 'off');
      h.attribute(input, 'autocapitalize', 'off');
      input.maxLength = 255;
    }
    if (field.value !== undefined) input.value = field.value;
    if (field.type === 'count') count(cell, label, input, field.most);
  }

  /** A number with a button for one less and one for one more. */
  function count(cell, label, input, most) {
    input.className = 'count';
    h.attribute(input, 'inputmode', 'numeric');
    [-1, 1].forEach(function (by) {
      var button = h.make('button', 'count', by < 0 ? '−' : '+');
      h.attribute(button, 'aria-label', label.textContent + ' ' + button.textContent);
      h.click(button, function () {
        input.value = Math.max(1, Math.min(most, (Number(input.value) || 1) + by));
        h.announce(label.textContent + ' ' + input.value);
      });
      cell.insertBefore(button, by < 0 ? input : null);
    });
  }

  h.on(box, 'keydown', function (event) {
    if (event.keyCode !== 13 || event.target.tagName !== 'INPUT') return;
    event.preventDefault();
    buttons[buttons.length - 1].click();
  });
})(window.holdfast);
