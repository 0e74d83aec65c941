/** The mDNS worker: whatever a packet or an interface does to it, the gateway goes on. */
import { networkInterfaces } from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../base/clock.ts';
import { Browser } from './browser.ts';
import { encodeMessage } from './dns/encode.ts';
import { chooseInterfaces, type LocalInterface } from './interfaces.ts';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';
import { Responder } from './responder.ts';
import { Sockets } from './sockets.ts';

/** Milliseconds between two looks at the interfaces. */
const LOOK_AGAIN = 5000;

function run(port: MessagePort, start: WorkerStart): void {
  const tell = (message: FromWorker) => port.postMessage(message);
  const responder = new Responder({
    clock: systemClock,
    random: Math.random,
    host: [start.host, 'local'],
    send: (packet, on, to) => sockets.send(packet, on, to),
    report: tell,
  });
  let ready: readonly LocalInterface[] = [];
  const browser = new Browser({
    clock: systemClock,
    host: [start.host, 'local'],
    send: (message) => {
      for (const { name } of ready) sockets.send(encodeMessage(message), name);
    },
    isOnLink: (address, on) => ready.find(({ name }) => name === on)?.isOnLink(address) ?? false,
    report: (services) => tell({ kind: 'found', services }),
  });
  const setReady = (interfaces: readonly LocalInterface[]) => {
    const isNew = interfaces.some(({ name }) => !ready.some((each) => each.name === name));
    ready = interfaces;
    responder.setInterfaces(interfaces);
    if (start.browse && isNew) browser.browse();
  };
  let told: string | undefined;
  const sockets = new Sockets({
    onPacket: (packet, origin) => {
      responder.receive(packet, origin);
      if (start.browse) browser.receive(packet, origin);
    },
    onReady: setReady,
    onTrouble: (name, message) => tell({ kind: 'trouble', interface: name, message }),
  });
  const look = () => {
    const interfaces = chooseInterfaces(networkInterfaces(), start.interfaces, start.addresses);
    sockets.sync(interfaces);
    const names = interfaces.map(({ name }) => name);
    if (told !== names.join()) tell({ kind: 'interfaces', names });
    told = names.join();
  };
  const looking = setInterval(look, LOOK_AGAIN);
  look();
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'queues') return responder.setQueues(message.queues, message.lastNames);
    if (message.kind === 'browse') return start.browse ? browser.browse() : undefined;
    clearInterval(looking);
    responder.stop();
    browser.stop();
    void sockets.close().then(() => {
      tell({ kind: 'stopped' });
      port.close();
    });
  });
}

if (parentPort !== null) run(parentPort, workerData as WorkerStart);
