/** An embedded store on real rows and recorded files. */
import type { ExecutionContext } from 'ava';
import { Database } from '../../../base/database/database.ts';
import type { FilePort } from '../../../base/files/port.ts';
import { silentLog } from '../../../base/log.ts';
import { type Key, newKey } from '../../../base/secrets/sealing.ts';
import { EmbeddedJobStore } from '../../../spool/store/embedded-store.ts';
import { tables } from '../../../spool/store/tables.ts';
import { RecordingFiles } from '../../simulators/recording-files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

export interface OpenedStore {
  readonly store: EmbeddedJobStore;
  readonly database: Database;
  readonly databaseFolder: string;
  readonly gatewayKey: Key;
}

export const SPOOL = '/state/spool';

export async function openStore(
  t: ExecutionContext,
  files: FilePort = new RecordingFiles(),
  options: { databaseFolder?: string; gatewayKey?: Key } = {},
): Promise<OpenedStore> {
  const { databaseFolder = await temporaryFolder(t), gatewayKey = newKey() } = options;
  const database = await Database.open({ folder: databaseFolder, tables: [tables] });
  t.teardown(() => database.close());
  await files.makeFolder(SPOOL);
  const rows = database.client(tables);
  const store = await EmbeddedJobStore.open({ files, rows, folder: SPOOL, gatewayKey, log: silentLog });
  return { store, database, databaseFolder, gatewayKey };
}
