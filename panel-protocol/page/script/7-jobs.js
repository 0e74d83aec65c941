// The person's documents: choosing, printing, deleting; those of nobody apart.
(function (h) {
  'use strict';

  /** Milliseconds. */
  var COMPLAINT_TIME = 8000;

  /** Jobs by id, and their order. */
  var jobs = {};
  var order = [];
  var omitted = 0;
  var now = '';
  /** Ids of the jobs that are chosen. */
  var chosen = {};
  var claimable = false;
  /** False until the whole list has arrived. */
  var loaded = false;
  /** What went wrong last. */
  var complaint = '';
  var complaintTimer = null;
  /** Id of the row that the keyboard is at. */
  var current = 0;
  var list = { onPrint: null };
  h.jobs = list;

  var box = h.byId('jobs-rows');
  var rows = h.pagedRows({ box: box, pager: h.byId('jobs-pager'), make: makeRow, drawn: tabStops });

  list.reset = function () {
    jobs = {};
    order = [];
    chosen = {};
    claimable = false;
    loaded = false;
    complaint = '';
    current = 0;
    render();
  };

  /** One part of the whole list. */
  list.part = function (message) {
    if (message.offset === 0) {
      jobs = {};
      order = [];
    }
    for (var i = 0; i < message.jobs.length; i++) put(message.jobs[i], false);
    omitted = message.omitted;
    now = message['printer-current-time'];
    if (order.length < message.total) return;
    loaded = true;
    for (var id in chosen) if (!jobs[id]) delete chosen[id];
    render();
  };

  /** A job is new or has changed. */
  list.changed = function (job) {
    put(job, true);
    if (!isReleasable(job)) delete chosen[job['job-id']];
    render();
  };

  list.gone = function (id) {
    delete jobs[id];
    delete chosen[id];
    order = order.filter(function (each) {
      return each !== id;
    });
    render();
  };

  list.get = function (id) {
    return jobs[id];
  };

  /** Says what went wrong, for a while. */
  list.complain = function (sentence) {
    complaint = sentence;
    h.announce(sentence);
    clearTimeout(complaintTimer);
    complaintTimer = setTimeout(function () {
      complaint = '';
      render();
    }, COMPLAINT_TIME);
    render();
  };

  list.mineCount = function () {
    return of(false).length;
  };

  function put(job, first) {
    var id = job['job-id'];
    if (!jobs[id]) order[first ? 'unshift' : 'push'](id);
    jobs[id] = job;
  }

  /** Jobs of one kind, in order. */
  function of(ofNobody) {
    return order
      .map(function (id) {
        return jobs[id];
      })
      .filter(function (job) {
        return job.claimable === ofNobody;
      });
  }

  function isReleasable(job) {
    return job['job-state'] === 'pending-held' && job['job-state-reasons'].indexOf('job-incoming') === -1;
  }

  /** The chosen ones on this side. */
  function selection() {
    return of(claimable).filter(function (job) {
      return chosen[job['job-id']];
    });
  }

  function releasable() {
    return of(claimable).filter(isReleasable);
  }

  function ids(some) {
    return some.map(function (job) {
      return job['job-id'];
    });
  }

  // Drawing.

  var drawing = false;

  /** Draws once for all messages that arrive together. */
  function render() {
    if (drawing) return;
    drawing = true;
    setTimeout(function () {
      drawing = false;
      draw();
    }, 0);
  }

  function draw() {
    var mine = of(false);
    var others = of(true);
    if (others.length === 0) claimable = false;
    h.show(h.byId('tabs'), others.length > 0);
    h.mark(h.byId('screen-jobs'), 'has-tabs', others.length > 0);
    drawTab('tab-mine', h.say('mine-count', { n: mine.length }), !claimable);
    drawTab('tab-claimable', h.say('claimable-count', { n: others.length }), claimable);
    h.put(h.byId('jobs-heading'), heading(mine.length, others.length));
    var hint = claimable ? h.say('claimable-hint') : omitted ? h.say('omitted', { n: omitted }) : '';
    var note = complaint || hint;
    h.put(h.byId('jobs-note'), note);
    h.mark(h.byId('jobs-note'), 'bad', complaint !== '');
    h.show(h.byId('jobs-note'), note !== '');
    h.mark(h.byId('screen-jobs'), 'has-note', note !== '');

    var visible = of(claimable);
    h.show(h.byId('jobs-empty'), loaded && visible.length === 0);
    h.show(box, visible.length > 0);
    var hadFocus = isInside(document.activeElement, box);
    rows.fill(visible);
    if (hadFocus) focusRow();
    drawActions();
  }

  function heading(mine, others) {
    if (others > 0)
      return h.say(claimable ? 'claimable-count' : 'my-documents-count', { n: claimable ? others : mine });
    return mine > 1 ? h.say('my-documents-count', { n: mine }) : h.say('my-documents');
  }

  function drawTab(id, text, pressed) {
    h.put(h.byId(id), text);
    h.byId(id).setAttribute('aria-pressed', String(pressed));
  }

  function drawActions() {
    var some = selection().length;
    var all = releasable().length;
    var print = h.byId('print');
    if (some) h.put(print, h.say('print-selected', { n: some }));
    else h.put(print, claimable || all <= 1 ? h.say('print-one') : h.say('print-all', { n: all }));
    print.disabled = claimable ? some === 0 : all === 0;
    h.show(print, of(claimable).length > 0);
    // With one document there is nothing to choose: it is deleted as it is printed, without being selected first.
    var remove = h.byId('delete');
    h.put(remove, some ? h.say('delete-selected', { n: some }) : h.say('delete'));
    remove.disabled = some === 0 && all !== 1;
    h.show(remove, !claimable && all > 0);
    var select = h.byId('select-all');
    h.put(select, h.say(some === all ? 'select-none' : 'select-all'));
    h.show(select, all > 1 && !claimable);
  }

  function makeRow(job, index, total) {
    var id = job['job-id'];
    var state = stateOf(job);
    var when = h.when(job['date-time-at-creation'], now);
    // What belongs to nobody has no name here: its time is what its owner knows it by.
    var row = job.claimable
      ? h.makeRow('option', when, '', h.describe(job))
      : h.makeRow('option', h.nameOf(job), when, state.text, state.bad ? 'bad' : '');
    row.insertBefore(h.make('div', 'box'), row.firstChild);
    row.firstChild.appendChild(h.make('div', 'tick'));
    row.setAttribute('aria-selected', String(!!chosen[id]));
    row.setAttribute('aria-posinset', String(index + 1));
    row.setAttribute('aria-setsize', String(total));
    if (!isReleasable(job)) row.setAttribute('aria-disabled', 'true');
    row.tabIndex = -1;
    row.jobId = id;
    return row;
  }

  function stateOf(job) {
    switch (job['job-state']) {
      case 'pending':
        return { text: h.say('waiting') };
      case 'processing':
        return { text: h.say('printing') };
      default:
        if (!isReleasable(job)) return { text: h.say('arriving') };
        if (job.trouble) return { text: h.troubleLine(job.trouble.outcome, job.trouble.reason), bad: true };
        return { text: h.describe(job) };
    }
  }

  // Choosing.

  function toggle(id) {
    if (!jobs[id] || !isReleasable(jobs[id])) return;
    if (chosen[id]) delete chosen[id];
    else chosen[id] = true;
    current = id;
    draw();
  }

  function rowOf(element) {
    for (var each = element; each && each !== box; each = each.parentNode) {
      if (each.jobId) return each;
    }
    return null;
  }

  function isInside(element, container) {
    for (var each = element; each; each = each.parentNode) if (each === container) return true;
    return false;
  }

  /** One row can be reached by Tab: the one that the keyboard was at, or the first. */
  function tabStops() {
    var elements = visibleRows();
    var stop = elements[0];
    for (var i = 0; i < elements.length; i++) {
      elements[i].tabIndex = -1;
      if (elements[i].jobId === current) stop = elements[i];
    }
    if (stop) stop.tabIndex = 0;
    return stop;
  }

  function visibleRows() {
    return Array.prototype.slice.call(box.querySelectorAll('.row'));
  }

  function focusRow() {
    var stop = tabStops();
    if (stop) stop.focus();
  }

  function move(by) {
    var elements = visibleRows();
    var at = elements.indexOf(rowOf(document.activeElement));
    var next = elements[at + by];
    if (next) {
      current = next.jobId;
      focusRow();
    } else if (rows.turn(by)) {
      var turned = visibleRows();
      current = turned[by > 0 ? 0 : turned.length - 1].jobId;
      focusRow();
    }
  }

  function turn(by) {
    if (rows.turn(by)) focusRow();
  }

  h.on(box, 'click', function (event) {
    var row = rowOf(event.target);
    if (row) toggle(row.jobId);
  });
  h.on(box, 'keydown', function (event) {
    var row = rowOf(event.target);
    if (!row) return;
    if (event.keyCode === 40) move(1);
    else if (event.keyCode === 38) move(-1);
    else if (event.keyCode === 34) turn(1);
    else if (event.keyCode === 33) turn(-1);
    else if (event.keyCode === 32 || event.keyCode === 13) toggle(row.jobId);
    else return;
    event.preventDefault();
  });
  h.on(h.byId('tab-mine'), 'click', function () {
    show(false);
  });
  h.on(h.byId('tab-claimable'), 'click', function () {
    show(true);
  });

  function show(ofNobody) {
    claimable = ofNobody;
    chosen = {};
    rows.showItem(0);
    draw();
  }

  // Acting.

  h.on(h.byId('select-all'), 'click', function () {
    var all = releasable();
    var none = selection().length === all.length;
    chosen = {};
    if (!none) {
      for (var i = 0; i < all.length; i++) chosen[all[i]['job-id']] = true;
    }
    draw();
  });

  h.on(h.byId('print'), 'click', function () {
    var some = selection();
    var wanted = some.length || claimable ? some : releasable();
    if (wanted.length) list.onPrint(wanted);
  });

  h.on(h.byId('delete'), 'click', function () {
    var some = selection();
    var wanted = ids(some.length ? some : releasable());
    h.screens.ask(
      h.say('delete-question', { n: wanted.length }),
      wanted.length === 1 ? h.nameOf(jobs[wanted[0]]) : '',
      h.say('delete-warning'),
      h.say('delete'),
      h.say('keep'),
      function () {
        h.connection.send({ type: 'cancel', 'job-ids': wanted });
      }
    );
  });

  /** The box may have another size. */
  list.fit = function () {
    if (h.screens.shown() === 'jobs') draw();
  };
})(window.holdfast);
