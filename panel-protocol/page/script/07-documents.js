// What the page knows of the documents on the list, and which of them are chosen.
(function (h) {
  'use strict';

  /** Jobs by id, and their order. */
  var jobs = {};
  var order = [];
  /** Ids of the chosen ones. */
  var chosen = {};
  /** `now` is the gateway's time; `complete` is false until the whole list has arrived. */
  var documents = { omitted: 0, now: '', complete: false, marked: 'none' };
  /** The list of this session has been there once. */
  var opened = false;
  h.documents = documents;

  documents.reset = function () {
    jobs = {};
    order = [];
    chosen = {};
    documents.omitted = 0;
    documents.complete = false;
    opened = false;
  };

  /** One part of the whole list. */
  documents.part = function (message) {
    if (message.offset === 0) {
      jobs = {};
      order = [];
    }
    for (var i = 0; i < message.jobs.length; i++) put(message.jobs[i], 'push');
    documents.omitted = message.omitted;
    documents.now = message['printer-current-time'];
    documents.complete = order.length >= message.total;
    if (!documents.complete) return;
    for (var id in chosen) if (!jobs[id]) delete chosen[id];
    if (!opened && documents.marked === 'all') documents.choose(documents.open());
    opened = true;
  };

  /** A job is new, which puts it first, or has changed. */
  documents.changed = function (job) {
    put(job, 'unshift');
    if (!documents.isReleasable(job)) delete chosen[job['job-id']];
  };

  documents.gone = function (id) {
    delete jobs[id];
    delete chosen[id];
    order = order.filter(function (each) {
      return each !== id;
    });
  };

  function put(job, where) {
    var id = job['job-id'];
    if (!jobs[id]) order[where](id);
    jobs[id] = job;
  }

  documents.get = function (id) {
    return jobs[id];
  };

  /** The person's own, or those of nobody, in order. */
  documents.of = function (claimable) {
    return order
      .map(function (id) {
        return jobs[id];
      })
      .filter(function (job) {
        return job.claimable === claimable;
      });
  };

  /** Held, and all of it here. */
  documents.isReleasable = function (job) {
    return job['job-state'] === 'pending-held' && job['job-state-reasons'].indexOf('job-incoming') === -1;
  };

  documents.releasable = function (claimable) {
    return documents.of(claimable).filter(documents.isReleasable);
  };

  /** One's own that can be printed without a PIN; or the others, of those who delegated too, when there are none. */
  documents.open = function () {
    var all = documents.releasable(false);
    var open = all.filter(function (job) {
      return !h.wantsPin(job) && !job.owner;
    });
    return open.length ? open : all;
  };

  documents.isChosen = function (job) {
    return chosen[job['job-id']] === true;
  };

  documents.chosen = function (claimable) {
    return documents.of(claimable).filter(documents.isChosen);
  };

  /** Chooses it, or not any more. */
  documents.toggle = function (id) {
    if (!jobs[id] || !documents.isReleasable(jobs[id])) return;
    if (chosen[id]) delete chosen[id];
    else chosen[id] = true;
  };

  /** Exactly these. */
  documents.choose = function (some) {
    chosen = {};
    for (var i = 0; i < some.length; i++) chosen[some[i]['job-id']] = true;
  };
})(window.holdfast);
