/** The sync worker: speaks LDAP and makes drafts of entries, away from the event loop of the gateway. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { Failure, messageOf } from '../../base/errors.ts';
import type { FromSyncWorker, ReadRequest, ToSyncWorker } from './messages.ts';
import { readPicture, writePicture } from './picture.ts';
import { readDirectory } from './read.ts';

function run(port: MessagePort): void {
  let takenIn = () => {};
  const tell = (message: FromSyncWorker) => port.postMessage(message);

  const read = async ({ options, picture, now }: ReadRequest) => {
    const result = await readDirectory({
      options,
      before: picture === undefined ? undefined : readPicture(picture),
      now,
      take: (people) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        takenIn = resolve;
        tell({ kind: 'people', people });
        return promise;
      },
    });
    const { complete, removed, server } = result;
    const people = result.picture.people.size;
    tell({ kind: 'done', complete, removed, server, people, picture: writePicture(result.picture) });
  };

  port.on('message', (message: ToSyncWorker) => {
    if (message.kind === 'more') return takenIn();
    read(message).catch((error: unknown) => {
      if (!(error instanceof Failure)) return tell({ kind: 'broken', message: messageOf(error) });
      const { code, message, advice } = error;
      tell({ kind: 'failed', code, message, ...(advice === undefined ? {} : { advice }) });
    });
  });
}

if (parentPort !== null) run(parentPort);
