/** The sync worker: speaks LDAP and makes drafts of entries, away from the event loop of the gateway. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { Failure, messageOf } from '../../base/errors.ts';
import type { FromSyncWorker, ReadRequest, ToSyncWorker } from './messages.ts';
import { readPicture, writePicture } from './picture.ts';
import { readDirectory } from './read.ts';
import { packPeople, transferOf } from './transit.ts';

/** Messages of people that may be on their way: the gateway works on one while the next is made. */
const MOST_ON_THE_WAY = 8;
/** People in one message: some 0.2 ms of the event loop. */
const AT_ONCE = 250;

function run(port: MessagePort): void {
  let onTheWay = 0;
  let takenIn = () => {};
  const tell = (message: FromSyncWorker) => port.postMessage(message);

  let signedIn = false;

  const read = async ({ options, picture, now }: ReadRequest) => {
    onTheWay = 0;
    signedIn = false;
    const before = picture === undefined ? undefined : readPicture(picture);
    const result = await readDirectory({
      options,
      before,
      now,
      signedIn: () => {
        signedIn = true;
      },
      take: async (people) => {
        for (let from = 0; from < people.length; from += AT_ONCE) {
          const packed = packPeople(people.slice(from, from + AT_ONCE));
          onTheWay += 1;
          port.postMessage({ kind: 'people', people: packed } satisfies FromSyncWorker, transferOf(packed));
          if (onTheWay < MOST_ON_THE_WAY) continue;
          await new Promise<void>((resolve) => {
            takenIn = resolve;
          });
        }
      },
    });
    const { complete, removed, server } = result;
    const people = result.picture.people.size;
    const changed = result.picture === before ? undefined : writePicture(result.picture);
    tell({ kind: 'done', complete, removed, server, people, picture: changed });
  };

  port.on('message', (message: ToSyncWorker) => {
    if (message.kind === 'more') {
      onTheWay -= 1;
      return takenIn();
    }
    read(message).catch((error: unknown) => {
      if (!(error instanceof Failure)) return tell({ kind: 'broken', message: messageOf(error) });
      const { code, message, advice } = error;
      // One that fell silent is not there.
      const answered = signedIn && code !== 'directory-unreachable';
      tell({ kind: 'failed', code, message, answered, ...(advice === undefined ? {} : { advice }) });
    });
  });
}

if (parentPort !== null) run(parentPort);
