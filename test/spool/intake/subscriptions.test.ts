// Subscriptions and Get-Notifications (RFC 3995, RFC 3996): who hears of what, in which order, for how long.
import test from 'ava';
import { Minutes, Seconds } from '../../../base/units.ts';
import type { Attributes, Group, Message } from '../../../ipp/model.ts';
import { type AttributesInput, attributes } from '../../../ipp/vocabulary/build.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import type { JobId } from '../../../spool/job.ts';
import { MOST_FROM_ADDRESS } from '../../../spool/notifications/subscription.ts';
import { IntakeUnderTest, PDF } from './intake-under-test.ts';

const asGroups = (...templates: AttributesInput[]): Group[] =>
  templates.map((template) => ({ kind: 'subscription', attributes: attributes(template) }));

const PULL = { 'notify-pull-method': 'ippget' } as const;

const groupsOf = (message: Message, kind: 'subscription' | 'event-notification'): Attributes[] =>
  message.groups.filter((group) => group.kind === kind).map((group) => group.attributes);

async function subscribe(intake: IntakeUnderTest, template: AttributesInput, user = 'ada'): Promise<number> {
  const { message, status } = await intake.ask({
    operation: Operation.createPrinterSubscriptions,
    groups: asGroups({ ...PULL, ...template }),
    user,
  });
  const [group] = groupsOf(message, 'subscription');
  const id = group === undefined ? undefined : read(group, 'notify-subscription-id');
  if (id === undefined) throw new Error(status);
  return id;
}

async function fetchEvents(intake: IntakeUnderTest, id: number, user = 'ada', from?: number) {
  const { message, status } = await intake.ask({
    operation: Operation.getNotifications,
    attributes: {
      'notify-subscription-ids': [id],
      'notify-sequence-numbers': from === undefined ? undefined : [from],
    },
    user,
  });
  const events = groupsOf(message, 'event-notification');
  const told = events.map((event) => [
    read(event, 'notify-sequence-number'),
    read(event, 'notify-subscribed-event'),
  ]);
  return { status, events, told, message };
}

test('a printer subscription hears of jobs, the most telling name first, in order', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const userData = new Uint8Array(Buffer.from('mine'));
  const id = await subscribe(intake, {
    'notify-events': ['job-created', 'job-state-changed', 'job-completed'],
    'notify-user-data': userData,
  });
  const job = await intake.print({}, 'bob');
  await intake.ask({ operation: Operation.cancelJob, attributes: { 'job-id': job }, user: 'bob' });
  const { events, told, message, status } = await fetchEvents(intake, id);
  t.is(status, 'successful-ok');
  t.deepEqual(told[0], [1, 'job-created']);
  t.deepEqual(told.at(-1)?.[1], 'job-completed');
  t.deepEqual(
    told.map(([sequence]) => sequence),
    told.map((_, index) => index + 1),
  );
  const last = events.at(-1);
  t.is(last && read(last, 'notify-job-id'), job);
  t.is(last && read(last, 'job-state'), 7);
  t.deepEqual(last && read(last, 'notify-user-data'), userData);
  const operation = message.groups[0]?.attributes;
  t.true((operation && read(operation, 'notify-get-interval')) !== undefined);
  t.true((operation && read(operation, 'printer-up-time')) !== undefined);
});

test('events of other people’s jobs name neither job nor person', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const id = await subscribe(intake, { 'notify-events': ['job-created', 'job-state-changed'] }, 'eve');
  await intake.print({}, 'ada');
  const { message, events } = await fetchEvents(intake, id, 'eve');
  t.true(events.length > 0);
  t.notRegex(JSON.stringify([...(message.groups.slice(1) ?? [])]), /Payslip|"ada"/);
});

test('events are fetched from the queue that they are of, and from no other', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const id = await subscribe(intake, {});
  const fetchFrom = async (queue: string) =>
    (
      await intake.ask({
        operation: Operation.getNotifications,
        queue,
        attributes: { 'notify-subscription-ids': [id] },
      })
    ).status;
  t.is(await fetchFrom('another'), 'client-error-not-found');
  t.is(await fetchFrom('print'), 'successful-ok');
});

test('nobody but the subscriber fetches, sees, renews or ends a subscription', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const id = await subscribe(intake, {});
  const one = { 'notify-subscription-id': id };
  for (const [user, from, expected] of [
    ['eve', '127.0.0.1', 'client-error-not-found'],
    ['ada', '127.0.0.2', 'client-error-not-found'],
    ['ada', '127.0.0.1', 'successful-ok'],
  ] as const) {
    const ask = async (operation: number, attributes: AttributesInput) =>
      (await intake.ask({ operation, user, attributes, http: { from } })).status;
    t.is(await ask(Operation.getNotifications, { 'notify-subscription-ids': [id] }), expected);
    t.is(await ask(Operation.getSubscriptionAttributes, one), expected);
    t.is(await ask(Operation.renewSubscription, one), expected);
    const { message } = await intake.ask({ operation: Operation.getSubscriptions, user, http: { from } });
    t.is(groupsOf(message, 'subscription').length, expected === 'successful-ok' ? 1 : 0);
    t.is(await ask(Operation.cancelSubscription, one), expected);
  }
  const gone = { operation: Operation.getSubscriptionAttributes, attributes: one };
  t.is((await intake.ask(gone)).status, 'client-error-not-found');
});

test('a job’s own subscription begins and ends with the job, and says so', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const { message, job } = await intake.ask({
    operation: Operation.printJob,
    attributes: { 'document-format': 'application/pdf' },
    groups: asGroups({ ...PULL, 'notify-events': ['job-created', 'job-completed'] }),
    document: PDF,
  });
  const [group] = groupsOf(message, 'subscription');
  const id = (group && read(group, 'notify-subscription-id')) ?? 0;
  t.is(group && read(group, 'notify-lease-duration'), undefined);
  const jobId = read(job, 'job-id') as JobId;
  t.is((await fetchEvents(intake, id)).status, 'successful-ok');
  const renewed = { operation: Operation.renewSubscription, attributes: { 'notify-subscription-id': id } };
  t.is((await intake.ask(renewed)).status, 'client-error-not-possible');
  await intake.print();
  intake.jobs.apply(jobId, { kind: 'canceled', at: intake.clock.now() });
  const { status, told } = await fetchEvents(intake, id);
  t.is(status, 'successful-ok-events-complete');
  t.deepEqual(told, [
    [1, 'job-created'],
    [2, 'job-completed'],
  ]);
  intake.clock.advance(Minutes(1));
  t.is((await fetchEvents(intake, id)).status, 'client-error-not-found');
});

test('a subscription for a job that is there: its own only, while it lives', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const job = await intake.print();
  const ask = async (number: number | undefined, user = 'ada') =>
    (
      await intake.ask({
        operation: Operation.createJobSubscriptions,
        attributes: { 'notify-job-id': number },
        groups: asGroups(PULL),
        user,
      })
    ).status;
  t.is(await ask(job), 'successful-ok');
  t.is(await ask(job, 'eve'), 'client-error-not-authorized');
  t.is(await ask(9999), 'client-error-not-found');
  t.is(await ask(undefined), 'client-error-bad-request');
  intake.jobs.apply(job, { kind: 'canceled', at: 1 });
  t.is(await ask(job), 'client-error-not-possible');
});

for (const [what, template, code] of [
  ['events that are sent', { 'notify-recipient-uri': 'mailto:a@b.example' }, 0x040c],
  ['no way to fetch', { 'notify-events': ['job-created'] }, 0x040b],
  ['another way to fetch', { 'notify-pull-method': 'other' }, 0x040b],
  ['no event that there is', { ...PULL, 'notify-events': ['document-created'] }, 0x040b],
  ['one event of two', { ...PULL, 'notify-events': ['document-created', 'job-created'] }, 0x0001],
] as const) {
  test(`a subscription with ${what}: notify-status-code ${code}`, async (t) => {
    const intake = await new IntakeUnderTest().start(t);
    const asked = { operation: Operation.createPrinterSubscriptions, groups: asGroups(template) };
    const { message, status } = await intake.ask(asked);
    const [group] = groupsOf(message, 'subscription');
    t.is(group && read(group, 'notify-status-code'), code);
    t.is(status, code === 1 ? 'successful-ok' : 'client-error-ignored-all-subscriptions');
    const both = await intake.ask({ ...asked, groups: asGroups(template, PULL) });
    t.is(both.status, code === 1 ? 'successful-ok' : 'successful-ok-ignored-subscriptions');
    t.is(groupsOf(both.message, 'subscription').length, 2);
  });
}

test('a job is taken whatever becomes of its subscription', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const { status, job } = await intake.ask({
    operation: Operation.createJob,
    groups: asGroups({ 'notify-recipient-uri': 'mailto:a@b.example' }),
  });
  t.is(status, 'successful-ok-ignored-subscriptions');
  t.true(read(job, 'job-id') !== undefined);
});

test('leases are bounded, renewed, and over', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const lease = async (asked: number | undefined) => {
    const { message } = await intake.ask({
      operation: Operation.createPrinterSubscriptions,
      groups: asGroups({ ...PULL, 'notify-lease-duration': asked }),
    });
    const [group] = groupsOf(message, 'subscription');
    return group && [read(group, 'notify-lease-duration'), read(group, 'notify-subscription-id')];
  };
  t.is((await lease(undefined))?.[0], 3600);
  t.is((await lease(0))?.[0], 86_400);
  t.is((await lease(67_108_863))?.[0], 86_400);
  const [, id = 0] = (await lease(60)) ?? [];
  intake.clock.advance(Seconds(59));
  const renewed = await intake.ask({
    operation: Operation.renewSubscription,
    attributes: { 'notify-subscription-id': id },
    groups: asGroups({ 'notify-lease-duration': 120 }),
  });
  t.is(renewed.status, 'successful-ok');
  intake.clock.advance(Seconds(119));
  t.is((await fetchEvents(intake, id)).status, 'successful-ok');
  intake.clock.advance(Seconds(1));
  t.is((await fetchEvents(intake, id)).status, 'client-error-not-found');
});

test('events live a minute, and a client asks on from where it was', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const id = await subscribe(intake, { 'notify-events': ['job-created'] });
  await intake.print();
  intake.clock.advance(Seconds(30));
  await intake.print();
  t.deepEqual(
    (await fetchEvents(intake, id)).told.map(([sequence]) => sequence),
    [1, 2],
  );
  t.deepEqual(
    (await fetchEvents(intake, id, 'ada', 2)).told.map(([sequence]) => sequence),
    [2],
  );
  intake.clock.advance(Seconds(30));
  t.deepEqual(
    (await fetchEvents(intake, id)).told.map(([sequence]) => sequence),
    [2],
  );
});

test('the printer’s own events: stopped, and what is wrong with it', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const id = await subscribe(intake, { 'notify-events': ['printer-stopped', 'printer-state-changed'] });
  intake.printersChanged();
  intake.printerReasons = ['media-empty-error'];
  intake.printersChanged();
  await intake.conditions.change('print', { paused: true });
  const { told, events } = await fetchEvents(intake, id);
  t.deepEqual(told, [
    [1, 'printer-state-changed'],
    [2, 'printer-stopped'],
  ]);
  const [first, second] = events;
  t.deepEqual(first && read(first, 'printer-state-reasons'), ['media-empty-error']);
  t.is(second && read(second, 'printer-state'), 5);
});

test('subscriptions of one address are bounded; the next queue’s are apart', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const ids = [];
  for (let made = 0; made < MOST_FROM_ADDRESS; made++) ids.push(await subscribe(intake, {}));
  const { status, message } = await intake.ask({
    operation: Operation.createPrinterSubscriptions,
    groups: asGroups(PULL),
  });
  t.is(status, 'client-error-ignored-all-subscriptions');
  const [group] = groupsOf(message, 'subscription');
  t.is(group && read(group, 'notify-status-code'), 0x0415);
  const elsewhere = { 'notify-subscription-id': ids[0] };
  const other = await intake.ask({
    operation: Operation.getSubscriptionAttributes,
    attributes: elsewhere,
    queue: 'strict',
  });
  t.is(other.status, 'client-error-not-found');
});

test('a request without what it needs is refused', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const operations = [
    Operation.createPrinterSubscriptions,
    Operation.getNotifications,
    Operation.getSubscriptionAttributes,
    Operation.renewSubscription,
    Operation.cancelSubscription,
  ];
  for (const operation of operations)
    t.is((await intake.ask({ operation })).status, 'client-error-bad-request');
});
