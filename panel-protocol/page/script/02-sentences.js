// Plain sentences for what went wrong, with a document or with the printer.
(function (h) {
  'use strict';

  /** `media-empty-error` → `media-empty`: a display says the same for each severity. */
  function plain(reason) {
    return reason.replace(/-(report|warning|error)$/, '');
  }

  /** Which other printer to go to, if one was named. */
  function instead(near) {
    if (!near) return '';
    var place = near['printer-info'] || near['printer-name'];
    if (near['printer-location']) place += ', ' + near['printer-location'];
    return ' ' + h.say('conflict-nearest', { printer: place });
  }

  /** One sentence about the printer, or undefined when all is well. */
  h.printerSentence = function (printer) {
    var known = printer['printer-state-reasons'].map(plain);
    // They are served with the most urgent first.
    var first = h.first('printer-', known);
    if (first) return first;
    if (printer['printer-state'] === 'unknown') return h.say('printer-unknown');
    if (printer['printer-state'] === 'stopped') return h.say('printer-stopped');
    if (!printer['printer-is-accepting-jobs']) return h.say('printer-not-accepting');
  };

  /** What went wrong, and what that means for the document. */
  h.troubleSentence = function (outcome, reason) {
    var why = 'trouble-' + reason;
    var tail = 'tail-' + outcome;
    var sentences = [h.has(why) ? h.say(why) : h.say('outcome-failed')];
    // Such a document is here, and of no use.
    if (reason !== 'document-unreadable' && h.has(tail)) sentences.push(h.say(tail));
    return sentences.join(' ');
  };

  /** In one line of a list: why nothing was printed; or, when something may have been, what to do about it. */
  h.troubleLine = function (outcome, reason) {
    return outcome === 'not-printed' ? h.troubleSentence('', reason) : h.say('tail-' + outcome);
  };

  h.refusalSentence = function (reason) {
    return h.say(h.has('refused-' + reason) ? 'refused-' + reason : 'error-other');
  };

  /** How a document ended: `good`, `stopped` or `bad`, and the sentence. */
  h.outcomeSentence = function (outcome) {
    switch (outcome.outcome) {
      case 'completed': {
        var pages = outcome['job-impressions-completed'];
        return {
          kind: 'good',
          text: pages ? h.say('outcome-completed-pages', { n: pages }) : h.say('outcome-completed')
        };
      }
      case 'delivered':
        return { kind: 'good', text: h.say('outcome-delivered') };
      case 'canceled':
        return { kind: 'stopped', text: h.say('outcome-canceled') };
      case 'refused':
        return { kind: 'bad', text: h.refusalSentence(outcome.reason) };
      default:
        return {
          kind: 'bad',
          text: h.troubleSentence(outcome.outcome, outcome.reason) + instead(outcome.nearest)
        };
    }
  };

  /** Pages, copies, colour, sides, size: what is known. */
  h.describe = function (job) {
    var parts = [];
    if (job.owner) parts.push(h.say('of-person', { name: job.owner['display-name'] }));
    if (h.wantsPin(job)) parts.push(h.say('with-pin'));
    if (job['job-impressions']) parts.push(h.say('pages', { n: job['job-impressions'] }));
    if (job.copies > 1) parts.push(h.say('copies', { n: job.copies }));
    var color = job['print-color-mode'];
    if (color === 'color') parts.push(h.say('color'));
    if (color && /monochrome|bi-level/.test(color) && color !== 'auto-monochrome')
      parts.push(h.say('monochrome'));
    if (job.sides) parts.push(h.say(job.sides === 'one-sided' ? 'one-sided' : 'two-sided'));
    if (job['job-k-octets']) parts.push(h.size(job['job-k-octets']));
    if (job.claimable) parts.push(h.say('from', { address: job['job-originating-host-name'] }));
    return parts.join(' · ');
  };

  /** What this printer cannot do of what the documents ask, and which one can; each said once. */
  h.conflicts = function (jobs) {
    var sentences = [];
    jobs.forEach(function (job) {
      (job.conflicts || []).forEach(function (conflict) {
        var names = ['conflict-' + conflict.value, 'conflict-' + conflict.attribute, 'conflict-other'];
        var text = h.say(names.filter(h.has)[0]);
        text += instead(conflict.nearest);
        if (sentences.indexOf(text) === -1) sentences.push(text);
      });
    });
    return sentences.join(' ');
  };

  /** Of a refusal that says nothing of when, a minute is told. */
  h.errorSentence = function (answer) {
    var key = 'error-' + answer.code;
    return h.say(h.has(key) ? key : 'error-other', { n: answer['retry-after'] || 60 });
  };

  h.wantsPin = function (job) {
    return job['job-state-reasons'].indexOf('job-password-wait') !== -1;
  };

  h.ids = function (jobs) {
    return jobs.map(function (job) {
      return job['job-id'];
    });
  };

  h.nameOf = function (job) {
    return job['job-name'] || h.say('no-name');
  };
})(window.holdfast);
