// A list in pages: as many rows as fit, and a pager when there are more.
(function (h) {
  'use strict';

  /**
   * `options`: `box` and `pager` (elements), `make(item, index, total)` (a row), `drawn()` (called after each drawing),
   * `fitted()` (has to fill anew: more or fewer rows fit).
   */
  h.pagedRows = function (options) {
    var items = [];
    var page = 0;
    // More than fit on most screens: what is too much is cut off until it was measured.
    var perPage = 9;
    var rows = {};
    var buttons = options.pager.getElementsByTagName('button');
    var label = options.pager.getElementsByTagName('span')[0];

    /** Takes the items; the page stays when it still exists. */
    rows.fill = function (all) {
      items = all;
      // Of somebody who has gone nothing stays in the page, hidden or not.
      draw();
      refit();
    };

    /** Looks later whether as many fit as last time: measuring makes the browser lay out all that there is. */
    var refit = h.soon(function () {
      var slot = options.box.firstChild;
      // The box may be hidden.
      if (!slot || !slot.offsetHeight) return;
      var fitting = Math.max(1, Math.floor(options.box.clientHeight / slot.offsetHeight));
      if (fitting === perPage) return;
      page = Math.floor((page * perPage) / fitting);
      perPage = fitting;
      options.fitted();
    });

    /** Pages forward or back; false when there is none. */
    rows.turn = function (by) {
      var next = page + by;
      if (next < 0 || next >= pages()) return false;
      page = next;
      draw();
      return true;
    };

    /** Goes to the page of an item. */
    rows.showItem = function (index) {
      var wanted = Math.floor(index / perPage);
      if (wanted === page) return;
      page = wanted;
      draw();
    };

    function pages() {
      return Math.ceil(items.length / perPage);
    }

    function draw() {
      h.empty(options.box);
      page = Math.max(0, Math.min(page, pages() - 1));
      var visible = items.slice(page * perPage, (page + 1) * perPage);
      for (var i = 0; i < visible.length; i++) {
        var slot = h.make('div', 'slot');
        h.attribute(slot, 'role', 'presentation');
        slot.appendChild(options.make(visible[i], page * perPage + i, items.length));
        options.box.appendChild(slot);
      }
      h.show(options.pager, pages() > 1);
      h.put(label, h.say('page-of', { page: page + 1, pages: pages() }));
      buttons[0].disabled = page === 0;
      buttons[1].disabled = page >= pages() - 1;
      options.drawn();
    }

    /** The focus does not fall off a button that has just come to its end. */
    function keepFocus(button, other) {
      if (button.disabled) other.focus();
    }

    h.click(buttons[0], function () {
      rows.turn(-1);
      keepFocus(buttons[0], buttons[1]);
    });
    h.click(buttons[1], function () {
      rows.turn(1);
      keepFocus(buttons[1], buttons[0]);
    });
    return rows;
  };

  /** A row's parts: name, time, and a line about it. */
  h.makeRow = function (role, name, when, about, aboutClass) {
    var row = h.make('div', 'row');
    h.attribute(row, 'role', role);
    var title = h.make('div', 'name', name);
    title.dir = 'auto';
    row.appendChild(title);
    if (when) row.appendChild(h.make('div', 'when', when));
    row.appendChild(h.make('div', 'about' + (aboutClass ? ' ' + aboutClass : ''), about));
    return row;
  };
})(window.holdfast);
