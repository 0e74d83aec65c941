/** Every bound that an administrator may move. */
import {
  Bytes,
  Days,
  formatDuration,
  formatSize,
  GiB,
  Hours,
  KiB,
  MiB,
  Milliseconds,
  Minutes,
  Seconds,
} from '../base/units.ts';
import { GUESSING_DEFAULTS } from '../identity/guessing/limits.ts';
import { THROTTLE_DEFAULTS } from '../identity/throttle.ts';
import { REQUEST_LIMITS } from '../ipp/codec/limits.ts';
import { group } from './groups.ts';
import { count, duration, size } from './values.ts';

const codeTries = group({
  budget: count(1, 1000).prefault(THROTTLE_DEFAULTS.budget).describe('Wrong codes that cost no delay.'),
  'forgive-every': duration(Seconds(1), Days(1))
    .prefault(formatDuration(THROTTLE_DEFAULTS.forgiveEvery))
    .describe(
      'How long it takes until one wrong code is forgiven; in the long run nobody guesses faster than this.',
    ),
  'first-delay': duration(Seconds(1), Hours(1))
    .prefault(formatDuration(THROTTLE_DEFAULTS.firstDelay))
    .describe(
      'How long the panel takes no code after the first wrong one past the budget. Each further one doubles it.',
    ),
  'longest-delay': duration(Seconds(1), Days(1))
    .prefault(formatDuration(THROTTLE_DEFAULTS.longestDelay))
    .describe('The doubling ends here.'),
});

const cardTries = group({
  budget: count(1, 1000)
    .prefault(GUESSING_DEFAULTS.card.budget)
    .describe(
      'Unknown cards at one panel that change nothing. After them every card there takes a PIN beside it.',
    ),
  'forgive-every': duration(Seconds(1), Days(1))
    .prefault(formatDuration(GUESSING_DEFAULTS.card.forgiveEvery))
    .describe('How long it takes until one unknown card is forgiven.'),
});

const siteTries = group({
  budget: count(1, 100_000)
    .prefault(GUESSING_DEFAULTS.site.budget)
    .describe('Wrong codes, cards, PINs and passwords at all panels together that cost nothing.'),
  'forgive-every': duration(Milliseconds(100), Days(1))
    .prefault(formatDuration(GUESSING_DEFAULTS.site.forgiveEvery))
    .describe('How long it takes until one of them is forgiven.'),
  'longest-delay': duration(Seconds(1), Days(1))
    .prefault(formatDuration(GUESSING_DEFAULTS.site.longestDelay))
    .describe(
      'Once they are spent, each wrong code doubles the delay of its panel from the first one on, up to this. Panels where nothing wrong is typed are not slowed down.',
    ),
});

const passwordTries = group({
  budget: count(1, 1000)
    .prefault(THROTTLE_DEFAULTS.budget)
    .describe(
      'Wrong passwords of one person from one address that cost no delay. From one address for all people together ten times as many do; so do tokens that are not (any more) known.',
    ),
  'forgive-every': duration(Seconds(1), Days(1))
    .prefault(formatDuration(THROTTLE_DEFAULTS.forgiveEvery))
    .describe('How long it takes until one wrong password is forgiven.'),
  'first-delay': duration(Seconds(1), Hours(1))
    .prefault(formatDuration(THROTTLE_DEFAULTS.firstDelay))
    .describe(
      'How long no password is looked at after the first wrong one past the budget. Each further one doubles it.',
    ),
  'longest-delay': duration(Seconds(1), Days(1))
    .prefault(formatDuration(THROTTLE_DEFAULTS.longestDelay))
    .describe('The doubling ends here.'),
});

export const limits = group({
  connections: count(10, 100_000)
    .prefault(1000)
    .describe('Open connections of print clients, and as many of panels; one more is closed at once.'),
  'connections-per-address': count(2, 100_000)
    .prefault(100)
    .describe(
      'Of these, from one address. A print server and a network behind NAT are one address. An IPv6 network of 64 bits may have half of all.',
    ),
  'header-bytes': size(KiB(4), MiB(1))
    .prefault('16 KiB')
    .describe('HTTP request line and headers of one request.'),
  'header-time': duration(Seconds(1), Minutes(5))
    .prefault('10 s')
    .describe('From the first octet of a request to the end of its headers.'),
  'idle-time': duration(Seconds(5), Days(1))
    .prefault('5 min')
    .describe(
      'A connection on which nothing moves is closed. A client may pause that long within a document.',
    ),
  'message-size': size(KiB(16), MiB(16))
    .prefault(formatSize(Bytes(REQUEST_LIMITS.messageOctets)))
    .describe('One IPP message: what it says about a job, without the document.'),
  'document-size': size(KiB(1), GiB(1024))
    .prefault('1 GiB')
    .describe('One document. A larger one is refused while it comes in.'),
  'document-time': duration(Minutes(1), Days(7))
    .prefault('6 h')
    .describe('From the first octet of a document to its last.'),
  'slowest-pace': size(Bytes(1), MiB(1024))
    .prefault('64 KiB')
    .describe(
      'What a client has to send in each ten minutes in which the gateway waits for it. One that drips is cut; a phone in bad WLAN is not.',
    ),
  'page-count-time': duration(Seconds(1), Minutes(30))
    .prefault('60 s')
    .describe(
      'How long counting the pages of one document may take; then its pages are unknown. No client waits for it.',
    ),
  'page-count-memory': size(MiB(64), GiB(64))
    .prefault('512 MiB')
    .describe(
      'Memory for counting the pages of one document, one at a time, in a process of its own. The pages of a PDF larger than two fifths of it stay unknown.',
    ),
  conversions: count(1, 64)
    .prefault(8)
    .describe(
      'Documents that are converted for their printers at once; each costs memory. Past it a job waits as for a busy printer.',
    ),
  'conversion-time': duration(Seconds(1), Hours(6))
    .prefault('10 min')
    .describe(
      'How long converting one document may take, the time in which the printer takes nothing aside; then the job is held again.',
    ),
  'conversion-memory': size(MiB(128), GiB(64))
    .prefault('1 GiB')
    .describe('Memory of each process that takes part in converting a document.'),
  'conversion-document-size': size(MiB(1), GiB(64))
    .prefault('512 MiB')
    .describe(
      'A larger PDF is not converted: all of it is in memory meanwhile. Printers that take PDF get it all the same.',
    ),
  'conversion-output-size': size(MiB(1), GiB(1024))
    .prefault('16 GiB')
    .describe('What may come out of one conversion, all pages and copies together.'),
  jobs: count(1, 1_000_000)
    .prefault(20_000)
    .describe(
      'Jobs that are held, wait or print. Past it new ones are refused; what is there can be printed. As many ended ones are listed.',
    ),
  'held-bytes': size(MiB(1), GiB(1024 * 1024))
    .prefault('100 GiB')
    .describe('Documents of all jobs that are held, wait or print, those that are just coming in too.'),
  'jobs-per-person': count(1, 1_000_000)
    .prefault(500)
    .describe(
      'Jobs of one person that are held, wait or print. Past it that person hears `client-error-account-limit-reached`, on which CUPS holds that one job back; all others go on. Jobs that are merely claimed in that name are counted apart, up to as many: they use up nothing of what the person sends with a password or a token, or takes at a panel.',
    ),
  'bytes-per-person': size(KiB(1), GiB(1024 * 1024))
    .prefault('10 GiB')
    .describe('Documents of those jobs.'),
  'jobs-per-address': count(1, 1_000_000)
    .prefault(2000)
    .describe(
      'Jobs from one address that are held, wait or print; a network behind NAT is one address, and an IPv6 network of 64 bits may have half of `jobs`. A tenth of `jobs`, so that it takes many to fill the gateway. Jobs by a submitter token do not count here.',
    ),
  'bytes-per-address': size(KiB(1), GiB(1024 * 1024))
    .prefault('20 GiB')
    .describe('Documents of those jobs.'),
  'jobs-per-token': count(1, 1_000_000)
    .prefault(5000)
    .describe(
      'Jobs by one submitter token (a print server, an ERP) that are held, wait or print, wherever they come from.',
    ),
  'bytes-per-token': size(KiB(1), GiB(1024 * 1024))
    .prefault('25 GiB')
    .describe(
      'Documents of those jobs. A quarter of `held-bytes`, so that one that runs wild leaves room for people.',
    ),
  'jobs-per-queue': count(1, 1_000_000)
    .prefault(10_000)
    .describe(
      'Jobs of one queue that are held, wait or print. Half of `jobs`, so that a queue that is full leaves room for the others; raise it to that where there is one queue only.',
    ),
  'bytes-per-queue': size(KiB(1), GiB(1024 * 1024))
    .prefault('50 GiB')
    .describe('Documents of those jobs. Half of `held-bytes`, for the same reason.'),
  'open-jobs-per-address': count(1, 100_000)
    .prefault(100)
    .describe('Jobs from one address that were created and whose document has not begun to come.'),
  'free-disk-floor': size(MiB(1), GiB(1024))
    .prefault('1 GiB')
    .describe(
      'Free space that is left on the disk of the state directory. Below it the gateway takes no new jobs, says that it is busy, and goes on printing.',
    ),
  'multiple-operation-time-out': duration(Seconds(10), Hours(1))
    .prefault('2 min')
    .describe('How long a job waits for its document after Create-Job; then it is aborted.'),
  'printer-timeout': duration(Seconds(1), Minutes(10))
    .prefault('30 s')
    .describe(
      'How long a printer may take to accept a connection or to answer; then it counts as unreachable.',
    ),
  'printer-stall-time': duration(Seconds(10), Days(1))
    .prefault('10 min')
    .describe(
      'How long a printer may take no data in the middle of a job (no paper, a jam); then the job is cut.',
    ),
  'printer-close-time': duration(Seconds(1), Hours(1))
    .prefault('90 s')
    .describe(
      'How long a `socket:` printer that speaks PJL may be silent after the last octet, and how long any may then take to close its side; after that nobody knows whether the job came out.',
    ),
  'printer-busy-time': duration(Seconds(1), Days(1))
    .prefault('5 min')
    .describe(
      'How long a released job waits for a printer that prints for somebody else, or behind another job while the printer does not go on (no paper, a jam); then it is held again.',
    ),
  'printer-poll': duration(Seconds(1), Hours(1))
    .prefault('1 min')
    .describe(
      'How often a printer is asked how it is and what it has left. One that works, is in trouble or does not answer is asked four times as often.',
    ),
  'code-tries': codeTries
    .prefault({})
    .describe('Wrong codes at one panel. Others are not slowed down; only time forgives a wrong code.'),
  'card-tries': cardTries.prefault({}).describe('Unknown cards at one panel.'),
  'site-tries': siteTries
    .prefault({})
    .describe('Guesses that are spread over many panels. When they are spent an alert is raised.'),
  'password-tries': passwordTries
    .prefault({})
    .describe(
      'Wrong passwords at `/ipp/NAME/auth`. Where somebody gave the right one in the last seven days, what others guess elsewhere does not slow them down; only time forgives a wrong password.',
    ),
});
