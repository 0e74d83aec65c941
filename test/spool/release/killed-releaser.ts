/** A spool in a process of its own, to be killed: takes a job, releases it, and says where it is. */
import { writeSync } from 'node:fs';
import { Database } from '../../../base/database/database.ts';
import { nodeFiles } from '../../../base/files/node-files.ts';
import { silentLog } from '../../../base/log.ts';
import { Secret } from '../../../base/secrets/secret.ts';
import { EmbeddedJobStore } from '../../../spool/store/embedded-store.ts';
import { tables } from '../../../spool/store/tables.ts';
import { hangs, prints, ScriptedPrinter } from '../../simulators/scripted-printer.ts';
import { ADA } from '../sample-job.ts';
import { OFFICE } from './choices/sample-printers.ts';
import { releasingFrom } from './releasing.ts';

/** `where`: in the `middle` of the document, or after its good `end`. */
const [folder = '', key = '', where = ''] = process.argv.slice(2);
const database = await Database.open({ folder, tables: [tables] });
const rows = database.client(tables);
const gatewayKey = new Secret(Buffer.from(key, 'base64'));
const store = await EmbeddedJobStore.open({ files: nodeFiles, rows, folder, gatewayKey, log: silentLog });
const printer = new ScriptedPrinter(where === 'end' ? prints : hangs);
const { accept, releaser, jobs, description } = releasingFrom(store, printer);
description.value = OFFICE;
const { id } = await accept();
const sending = new Promise((resolve) => jobs.once('progress', resolve));
const keep = where !== 'end';
releaser.release({ jobs: [id], printer: 'mfp-1', by: ADA, key: 'key-0001', changes: { copies: 3 }, keep });
await sending;
if (where === 'end') await releaser.drain();
writeSync(1, 'there\n');
setInterval(() => {}, 1000);
