/** The mDNS worker: whatever a packet or an interface does to it, the gateway goes on. */
import { networkInterfaces } from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../base/clock.ts';
import { chooseInterfaces } from './interfaces.ts';
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
  let told: string | undefined;
  const sockets = new Sockets({
    onPacket: (packet, origin) => responder.receive(packet, origin),
    onReady: (interfaces) => responder.setInterfaces(interfaces),
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
    clearInterval(looking);
    responder.stop();
    void sockets.close().then(() => {
      tell({ kind: 'stopped' });
      port.close();
    });
  });
}

if (parentPort !== null) run(parentPort, workerData as WorkerStart);
