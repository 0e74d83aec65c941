/** The operating system's files. */
import { type FileHandle, mkdir, open, readdir, rename, rm, statfs } from 'node:fs/promises';
import { Bytes } from '../units.ts';
import type { FilePort, OpenFile } from './port.ts';

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

export const nodeFiles: FilePort = {
  create: async (path) => opened(await open(path, 'wx', OWNER_ONLY)),
  open: async (path, access) => opened(await open(path, access === 'read' ? 'r' : 'r+')),
  list: (folder) => readdir(folder),
  remove: (path) => rm(path, { force: true }),
  rename: (from, to) => rename(from, to),
  async makeFolder(path) {
    await mkdir(path, { recursive: true, mode: OWNER_ONLY_FOLDER });
  },
  async syncFolder(path) {
    await using folder = await open(path, 'r');
    await folder.sync();
  },
  async freeSpace(path) {
    const { bavail, bsize } = await statfs(path);
    return Bytes(bavail * bsize);
  },
};

function opened(handle: FileHandle): OpenFile {
  return {
    async write(data, position) {
      let done = 0;
      while (done < data.length) {
        const { bytesWritten } = await handle.write(data, done, data.length - done, position + done);
        done += bytesWritten;
      }
    },
    async read(target, position) {
      let done = 0;
      while (done < target.length) {
        const { bytesRead } = await handle.read(target, done, target.length - done, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    },
    sync: () => handle.datasync(),
    size: async () => Bytes((await handle.stat()).size),
    close: () => handle.close(),
  };
}
