// A panel in 100 lines, for any terminal: node terminal.mjs https://print.example.org:8632/panel/NAME [KEY]
// It needs Node 20 and nothing else. Copy it, change it. (A certificate of your own: NODE_EXTRA_CA_CERTS=ca.pem)
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';

const [url, key] = process.argv.slice(2);
if (!url) throw new Error('usage: node terminal.mjs https://HOST:8632/panel/NAME [KEY]');

// The wire: long-polling. What we send has ids, what we get has numbers; nothing is lost and nothing done twice.
let connection;
let read = 0;
let id = 0;
let unanswered = [];
let waiting = new AbortController();

function send(message) {
  id++;
  unanswered.push({ id, ...message });
  if (connection) waiting.abort();
  return id;
}

async function ask() {
  waiting = new AbortController();
  const response = await fetch(`${url}/poll`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(key && { Authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ connection, acknowledged: read, messages: unanswered }),
    signal: waiting.signal,
  });
  if (!response.ok) throw new Error(`the gateway answered ${response.status}: ${await response.text()}`);
  const { last, messages, over, ...answer } = await response.json();
  connection = answer.connection;
  messages.forEach((message, index) => {
    if (last - messages.length + 1 + index > read) take(message);
  });
  read = Math.max(read, last);
  if (over) process.exit(0);
}

// The panel: what is shown, and what a line of the keyboard means.
const jobs = new Map();
let session = 'idle';
const say = (text) => process.stdout.write(`${text}\n`);

function take(message) {
  unanswered = unanswered.filter(({ id }) => id !== message.re);
  switch (message.type) {
    case 'error':
      return say(message.code === 'credential-unknown' ? 'Nobody has that.' : `Refused: ${message.code}`);
    case 'welcome':
      return say(`Panel of ${message.printer['printer-info']}`);
    case 'session':
      session = message.session;
      if (session === 'idle') return say('\nType your code.');
      if (session === 'pin') return say('And your PIN.');
      if (session === 'jobs') say(`\nGood day, ${message.person['display-name']}.`);
      return session === 'done' && send({ type: 'jobs' });
    case 'jobs':
      if (message.offset === 0) jobs.clear();
      for (const job of message.jobs) jobs.set(job['job-id'], job);
      return jobs.size === message.total && list();
    case 'job':
      return jobs.set(message.job['job-id'], message.job);
    case 'job-gone':
      return jobs.delete(message['job-id']);
    case 'outcome':
      return say(`Job ${message['job-id']}: ${message.outcome} ${message.reason ?? ''}`);
    case 'bye':
      return say(`The gateway says goodbye: ${message.reason}`);
  }
}

function list() {
  for (const [number, job] of jobs)
    say(`  ${number}  ${job['job-name'] ?? job['job-originating-host-name']}`);
  say('Type numbers to print, "all" for your own or "delete NUMBER"; Enter to leave.');
}

const keyboard = createInterface({ input: process.stdin });
keyboard.on('close', () => process.exit(0));
keyboard.on('line', (line) => {
  const words = line.trim().split(/\s+/);
  if (session === 'idle') return send({ type: 'credential', kind: 'code', value: words[0] });
  if (session === 'pin') return send({ type: 'credential', kind: 'pin', value: words[0] });
  if (words[0] === '') return send({ type: 'logout' });
  // What is nobody's yet, or of somebody who delegated, is printed by its number only.
  const own = [...jobs.values()].flatMap((job) => (job.claimable || job.owner ? [] : job['job-id']));
  const ids = words[0] === 'all' ? own : words.map(Number).filter((number) => jobs.has(number));
  if (ids.length === 0) return list();
  if (words[0] === 'delete') return send({ type: 'cancel', 'job-ids': ids });
  return send({ type: 'release', key: randomUUID(), 'job-ids': ids });
});

send({ type: 'hello', versions: [1], client: 'example/1' });
for (;;) {
  await ask().catch((error) => {
    if (error.name !== 'AbortError') throw error;
  });
}
