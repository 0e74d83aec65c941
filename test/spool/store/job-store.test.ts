import test from 'ava';
import { CHUNK } from '../../../spool/store/chunk-cipher.ts';
import { jobStoreContract } from '../../contracts/job-store.ts';
import { MemoryJobStore } from '../../simulators/memory-job-store.ts';
import { openStore } from './open-store.ts';

const sizes = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 10 * CHUNK + 12_345];

jobStoreContract(test, 'embedded', async (t) => (await openStore(t)).store, sizes);
jobStoreContract(test, 'memory', async () => new MemoryJobStore(), sizes);
