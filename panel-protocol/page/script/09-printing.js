// Documents on their way to the printer, and how each of them ended.
(function (h) {
  'use strict';

  /** In the order in which they were asked for: `{ id, job, outcome, progress }`. */
  var items = [];
  var done = false;
  var rows = h.pagedRows({
    box: h.byId('printing-rows'),
    pager: h.byId('printing-pager'),
    make: makeRow,
    drawn: function () {},
    fitted: draw
  });
  var render = h.soon(draw);
  var printing = { onMore: null, onFinish: null };
  h.printing = printing;

  printing.begin = function (jobs) {
    done = false;
    items = jobs.map(function (job) {
      return { id: job['job-id'], job: job, progress: {}, outcome: null };
    });
    render();
  };

  /** Forgets the documents, on the screen too. */
  printing.reset = function () {
    items = [];
    done = false;
    rows.fill(items);
  };

  printing.outcome = function (message) {
    var item = find(message['job-id']);
    if (!item || message.operation !== 'release') return;
    item.outcome = h.outcomeSentence(message);
    item.outcome.of = message.outcome;
    render();
  };

  printing.progress = function (message) {
    var item = find(message['job-id']);
    if (!item) return;
    if (message['job-k-octets-processed'] !== undefined)
      item.progress.sent = message['job-k-octets-processed'];
    if (message['job-impressions-completed'] !== undefined) {
      item.progress.pages = message['job-impressions-completed'];
    }
    item.progress.waiting = message.waiting;
    render();
  };

  /** All have ended. */
  printing.done = function () {
    done = true;
    items = items.filter(isUnwell).concat(
      items.filter(function (item) {
        return !isUnwell(item);
      })
    );
    rows.showItem(0);
    render();
    h.screens.closeDialog();
    h.byId('printing-heading').focus();
    h.announce(heading());
  };

  printing.fit = render;

  /** It did not come out, or nobody knows. */
  function isUnwell(item) {
    return item.outcome && item.outcome.kind !== 'good';
  }

  function find(id) {
    return items.filter(function (item) {
      return item.id === id;
    })[0];
  }

  function underWay() {
    return items.filter(function (item) {
      return !item.outcome;
    });
  }

  function count(outcomes) {
    return items.filter(function (item) {
      return item.outcome && outcomes.indexOf(item.outcome.of) !== -1;
    }).length;
  }

  function draw() {
    if (h.screens.shown() !== 'printing') return;
    var ended = items.length - underWay().length;
    h.put('printing-heading', heading());
    var bar = h.byId('printing-progress');
    h.attribute(bar, 'aria-valuemax', Math.max(1, items.length));
    h.attribute(bar, 'aria-valuenow', ended);
    bar.firstElementChild.style.width = share() + '%';
    h.show(bar, !done);
    h.mark('screen-printing', 'is-done', done);
    h.mark('screen-printing', 'has-bad', hasBad());
    h.show('stop', !done);
    var more = h.documents.of(false).length;
    h.show('more', done && more > 0);
    h.show('finish', done);
    rows.fill(items);
  }

  function hasBad() {
    return items.some(function (item) {
      return item.outcome && item.outcome.kind === 'bad';
    });
  }

  /** Per cent of everything: a document that is being sent counts in part. */
  function share() {
    var sum = 0;
    for (var i = 0; i < items.length; i++) sum += items[i].outcome ? 1 : Math.min(0.9, part(items[i]) * 0.9);
    return items.length ? Math.round((sum / items.length) * 100) : 0;
  }

  /** 0 to 1 of a document's octets. */
  function part(item) {
    var size = item.job['job-k-octets'];
    return size && item.progress.sent ? Math.min(1, item.progress.sent / size) : 0;
  }

  function heading() {
    if (!done) return h.say('printing-heading', { n: items.length });
    var printed = count(['completed']);
    var delivered = count(['delivered']);
    if (printed === items.length) return h.say('done-heading');
    if (printed + delivered === items.length) return h.say('done-delivered-heading');
    if (printed + delivered > 0) return h.say('done-partly-heading');
    return h.say(count(['canceled']) === items.length ? 'done-deleted-heading' : 'done-none-heading');
  }

  function makeRow(item) {
    // A claimed document has its name by now.
    var job = h.documents.get(item.id) || item.job;
    var kind = item.outcome ? item.outcome.kind : '';
    var about = item.outcome ? item.outcome.text : progressText(item);
    return h.makeRow('listitem', h.nameOf(job.claimable ? item.job : job), '', about, kind);
  }

  function progressText(item) {
    var progress = item.progress;
    var pages = item.job['job-impressions'];
    if (progress.pages) {
      return progress.pages <= pages
        ? h.say('page-printed-of', { n: progress.pages, pages: pages })
        : h.say('page-printed', { n: progress.pages });
    }
    if (progress.waiting && h.has('trouble-' + progress.waiting)) return h.say('trouble-' + progress.waiting);
    if (part(item) === 1) return h.say('printing');
    if (part(item) > 0) return h.say('sending', { percent: Math.round(part(item) * 100) });
    return h.say('waiting');
  }

  h.click('stop', function () {
    h.screens.ask(
      h.say('stop-question'),
      '',
      h.say('stop-warning'),
      h.say('stop'),
      h.say('continue'),
      function () {
        var wanted = underWay().map(function (item) {
          return item.id;
        });
        if (wanted.length) h.connection.send({ type: 'cancel', 'job-ids': wanted });
      }
    );
  });
  h.click('more', function () {
    printing.onMore();
  });
  h.click('finish', function () {
    printing.onFinish();
  });
})(window.holdfast);
