// The screen with the person's documents: choosing, printing, deleting; those of nobody apart.
(function (h) {
  'use strict';

  /** Milliseconds that a complaint is shown. */
  var COMPLAINT_TIME = 8000;

  var documents = h.documents;
  /** Whether those of nobody are shown. */
  var claimable = false;
  /** What went wrong last. */
  var complaint = '';
  var isGood = false;
  var complaintTimer = null;
  /** Id of the row that the keyboard is at. */
  var current = 0;
  var screen = { onPrint: null };
  h.jobs = screen;

  var box = h.byId('jobs-rows');
  var rows = h.pagedRows({
    box: box,
    pager: h.byId('jobs-pager'),
    make: makeRow,
    drawn: tabStops,
    fitted: draw
  });

  screen.reset = function () {
    documents.reset();
    claimable = false;
    complaint = '';
    current = 0;
    draw();
  };

  // Not before the whole list is here: it draws itself, and until then there is nothing to see.
  screen.update = h.soon(function () {
    if (documents.complete) draw();
  });

  /** Says what went wrong, or well, for a while. */
  screen.complain = function (sentence, good) {
    complaint = sentence;
    isGood = good;
    h.announce(sentence);
    clearTimeout(complaintTimer);
    complaintTimer = setTimeout(function () {
      complaint = '';
      screen.update();
    }, COMPLAINT_TIME);
    screen.update();
  };

  // Drawing.

  screen.draw = draw;
  function draw() {
    var mine = documents.of(false);
    var others = documents.of(true);
    if (others.length === 0) claimable = false;
    drawBar(mine.length, others.length);
    drawNote();
    var shown = claimable ? others : mine;
    h.show('jobs-empty', documents.complete && shown.length === 0);
    h.show(box, shown.length > 0);
    var hadFocus = rowOf(document.activeElement) !== null;
    rows.fill(shown);
    if (hadFocus) focusRow();
    drawActions();
  }

  function drawBar(mine, others) {
    h.show('tabs', others > 0);
    h.mark('screen-jobs', 'has-tabs', others > 0);
    drawTab('tab-mine', h.say('mine-count', { n: mine }), !claimable);
    drawTab('tab-claimable', h.say('claimable-count', { n: others }), claimable);
    var heading = mine > 1 ? h.say('my-documents-count', { n: mine }) : h.say('my-documents');
    h.put('jobs-heading', claimable ? h.say('claimable-count', { n: others }) : heading);
  }

  function drawTab(id, text, pressed) {
    h.put(id, text);
    h.attribute(id, 'aria-pressed', pressed);
  }

  function drawNote() {
    var omitted = documents.omitted ? h.say('omitted', { n: documents.omitted }) : '';
    var note = complaint || (claimable ? h.say('claimable-hint') : omitted);
    h.put('jobs-note', note);
    h.mark('jobs-note', 'bad', complaint !== '' && !isGood);
    h.show('jobs-note', note !== '');
    h.mark('screen-jobs', 'has-note', note !== '');
  }

  function drawActions() {
    var some = documents.chosen(claimable).length;
    var all = documents.releasable(claimable).length;
    var most = wanted().length;
    var print = h.byId('print');
    if (some && !(some === all && !claimable)) h.put(print, h.say('print-selected', { n: some }));
    else h.put(print, claimable || most <= 1 ? h.say('print-one') : h.say('print-all', { n: most }));
    print.disabled = claimable ? some === 0 : all === 0;
    h.show(print, documents.of(claimable).length > 0);
    // With one document there is nothing to choose: it is deleted as it is printed, without being chosen first.
    var remove = h.byId('delete');
    h.put(remove, some ? h.say('delete-selected', { n: some }) : h.say('delete'));
    remove.disabled = some === 0 && all !== 1;
    h.show(remove, !claimable && all > 0);
    h.put('select-all', h.say(some === all ? 'select-none' : 'select-all'));
    h.show('select-all', all > 1 && !claimable);
    var maySetPin = h.signIn.may.indexOf('set-pin') !== -1;
    h.show('options', all > 0 || h.options.printers.length > 1 || maySetPin);
  }

  function makeRow(job, index, total) {
    var state = stateOf(job);
    var when = h.when(job['date-time-at-creation'], documents.now);
    // What belongs to nobody has no name here: its time is what its owner knows it by.
    var row = job.claimable
      ? h.makeRow('option', when, '', h.describe(job))
      : h.makeRow('option', h.nameOf(job), when, state.text, state.bad ? 'bad' : '');
    row.insertBefore(h.make('div', 'box'), row.firstChild);
    row.firstChild.appendChild(h.make('div', 'tick'));
    h.attribute(row, 'aria-selected', documents.isChosen(job));
    h.attribute(row, 'aria-posinset', index + 1);
    h.attribute(row, 'aria-setsize', total);
    if (!documents.isReleasable(job)) h.attribute(row, 'aria-disabled', 'true');
    row.jobId = job['job-id'];
    return row;
  }

  function stateOf(job) {
    if (job['job-state'] === 'pending') return { text: h.say('waiting') };
    if (job['job-state'] === 'processing') return { text: h.say('printing') };
    if (!documents.isReleasable(job)) return { text: h.say('arriving') };
    if (job.trouble) return { text: h.troubleLine(job.trouble.outcome, job.trouble.reason), bad: true };
    var conflicts = h.conflicts([job]);
    if (conflicts) return { text: conflicts, bad: true };
    var flaw = job['job-state-reasons'].filter(h.has)[0];
    return flaw ? { text: h.say(flaw), bad: true } : { text: h.describe(job) };
  }

  // Choosing, by touch and by keyboard.

  function toggle(id) {
    documents.toggle(id);
    current = id;
    draw();
  }

  /** The row that the element is in, or null. */
  function rowOf(element) {
    for (var each = element; each && each !== document; each = each.parentNode) {
      if (each.jobId) return each;
    }
    return null;
  }

  function visibleRows() {
    return [].slice.call(box.querySelectorAll('.row'));
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

  function focusRow() {
    var stop = tabStops();
    if (stop) stop.focus();
  }

  /** Up or down by a row, over the edge of the page to the next one. */
  function move(by) {
    var elements = visibleRows();
    var next = elements[elements.indexOf(rowOf(document.activeElement)) + by];
    if (!next && rows.turn(by)) {
      var turned = visibleRows();
      next = turned[by > 0 ? 0 : turned.length - 1];
    }
    if (!next) return;
    current = next.jobId;
    focusRow();
  }

  function turn(by) {
    if (rows.turn(by)) focusRow();
  }

  function showSide(ofNobody) {
    claimable = ofNobody;
    documents.choose([]);
    rows.showItem(0);
    draw();
  }

  h.click(box, function (event) {
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
  h.click('tab-mine', function () {
    showSide(false);
  });
  h.click('tab-claimable', function () {
    showSide(true);
  });
  h.click('select-all', function () {
    var all = documents.releasable(claimable);
    documents.choose(documents.chosen(claimable).length === all.length ? [] : all);
    draw();
  });

  // Acting: on the chosen ones, or on all.

  /** Without a choice, all but those that want a PIN; or those, when there are no others. */
  function wanted() {
    var some = documents.chosen(claimable);
    return some.length || claimable ? some : documents.open();
  }

  h.click('print', function () {
    print(wanted(), {}, false);
  });
  h.options.onPrint = print;
  h.click('options', function () {
    h.options.open(wanted());
  });

  /** Prints, once it was said what the printer cannot do of it, and the PIN is there. */
  function print(some, changes, keep) {
    if (some.length === 0) return;
    var changed = some.map(function (job) {
      var left = (job.conflicts || []).filter(function (conflict) {
        return !(conflict.attribute in changes);
      });
      return { conflicts: left };
    });
    var sentences = h.conflicts(changed);
    if (!sentences) return printChecked(some, changes, keep);
    h.screens.ask(
      h.say('conflict-heading'),
      '',
      sentences,
      h.say('print-anyway'),
      h.say('back'),
      function () {
        printChecked(some, changes, keep);
      }
    );
  }

  function printChecked(some, changes, keep) {
    var pins = some.filter(h.wantsPin);
    if (pins.length === 0) return screen.onPrint(some, changes, keep);
    var what = pins.length === 1 ? h.nameOf(pins[0]) : h.say('print-selected', { n: pins.length });
    h.code.ask(
      function (pin) {
        screen.onPrint(some, changes, keep, pin);
      },
      h.say('pin-heading'),
      what,
      h.say('pin-label'),
      function () {
        h.screens.show('jobs');
      }
    );
  }

  h.click('delete', function () {
    var some = documents.chosen(claimable);
    if (some.length === 0) some = documents.releasable(claimable);
    if (some.length === 0) return;
    h.screens.ask(
      h.say('delete-question', { n: some.length }),
      some.length === 1 ? h.nameOf(some[0]) : '',
      h.say('delete-warning'),
      h.say('delete'),
      h.say('keep'),
      function () {
        h.connection.send({ type: 'cancel', 'job-ids': h.ids(some) });
      }
    );
  });
})(window.holdfast);
