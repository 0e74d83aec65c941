/** A worker that dies at what it is told, as one that a packet or an interface has killed. */
import { parentPort } from 'node:worker_threads';

parentPort?.on('message', (message: { readonly queues?: readonly { readonly name: string }[] }) => {
  const name = message.queues?.[0]?.name;
  if (name === 'die') throw new Error('the interface is gone\u202e');
  if (name !== undefined)
    parentPort?.postMessage({ kind: 'named', queue: 'print', wanted: name, name: `${name} (2)` });
  else parentPort?.close();
});
