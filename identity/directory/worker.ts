/** The sync worker: speaks LDAP, makes drafts of entries, and plans what is large, away from the event loop of the gateway. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { Failure, messageOf } from '../../base/errors.ts';
import { runInSpareTime } from '../../base/scheduling.ts';
import type { ChangeExtras } from '../people/plans.ts';
import { HandingOver } from './handing-over.ts';
import type { FromSyncWorker, ReadRequest, ToSyncWorker } from './messages.ts';
import { readPicture, writePicture } from './picture.ts';
import { readDirectory } from './read.ts';

function run(port: MessagePort): void {
  const tell = (message: FromSyncWorker, transfer: readonly ArrayBuffer[] = []) =>
    port.postMessage(message, transfer);
  let handing = new HandingOver(tell);
  let signedIn = false;

  const read = async ({ options, picture, full, now }: ReadRequest) => {
    handing = new HandingOver(tell);
    signedIn = false;
    const before = picture === undefined ? undefined : readPicture(picture);
    const result = await readDirectory({
      ...{ options, before, full, now },
      signedIn: () => {
        signedIn = true;
      },
      take: (people) => handing.take(people),
    });
    const plan = await handing.finish(result);
    const { complete, server, dirSyncRefused } = result;
    const people = result.picture.people.size;
    const written = result.picture === before ? undefined : writePicture(result.picture);
    // Who is gone is in the plan.
    const removed = plan === undefined ? result.removed : [];
    const told = { complete, removed, server, people, picture: written, dirSyncRefused };
    const done = { kind: 'done', ...told } as const;
    tell(plan === undefined ? done : { ...done, plan });
  };

  const stage = async (extras: ChangeExtras) => {
    if (handing.planning === undefined) throw new Error('there is no plan here');
    const staged = await handing.planning.stage(extras);
    tell({ kind: 'staged', staged }, [staged.index.buffer]);
  };

  const orTell = (work: Promise<void>) =>
    work.catch((error: unknown) => {
      if (!(error instanceof Failure)) return tell({ kind: 'broken', message: messageOf(error) });
      const { code, message, advice } = error;
      // One that fell silent is not there.
      const answered = signedIn && code !== 'directory-unreachable';
      tell({ kind: 'failed', code, message, answered, ...(advice === undefined ? {} : { advice }) });
    });

  port.on('message', (message: ToSyncWorker) => {
    switch (message.kind) {
      case 'read':
        return orTell(read(message));
      case 'more':
        return handing.more();
      case 'here':
        return handing.decide(undefined);
      case 'index':
        return handing.index(message.words);
      case 'plan':
        return handing.decide(message.start);
      case 'stage':
        return orTell(stage(message.extras));
    }
  });
}

if (parentPort !== null) {
  void runInSpareTime();
  run(parentPort);
}
