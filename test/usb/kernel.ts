/** Debian's kernel for the virtual machine: fetched once by apt, and a first file system that mounts the host's own / read-only. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'holdfast-usb');
const IMAGE = join(CACHE, 'img');
/** What the first file system needs to see that of the host. */
const FIRST_MODULES = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'];

export interface Kernel {
  readonly image: string;
  readonly initrd: string;
  /** Below which `lib/modules` lies. */
  readonly modules: string;
}

/** @param folder where the first file system is put @throws Error where apt cannot fetch the package */
export async function kernel(folder: string): Promise<Kernel> {
  const installed = await readdir(join(IMAGE, 'lib/modules')).catch(() => fetchKernel());
  const [version = ''] = installed;
  return {
    image: join(IMAGE, `boot/vmlinuz-${version}`),
    initrd: await firstFileSystem(folder, version),
    modules: IMAGE,
  };
}

async function fetchKernel(): Promise<string[]> {
  const fresh = `${IMAGE}.${process.pid}`;
  await mkdir(fresh, { recursive: true });
  const { stdout } = await run('apt-cache', ['depends', 'linux-image-amd64']);
  const name = /Depends: (linux-image-\S+)/.exec(stdout)?.[1];
  if (name === undefined) throw new Error('apt knows no linux-image-amd64: run apt-get update');
  await run('apt-get', ['download', '-q', name], { cwd: fresh });
  const [archive = ''] = await readdir(fresh);
  await run('dpkg', ['-x', join(fresh, archive), fresh]);
  await rm(join(fresh, archive));
  const versions = await readdir(join(fresh, 'lib/modules'));
  await run('/sbin/depmod', ['-b', fresh, ...versions]);
  await rm(IMAGE, { recursive: true, force: true });
  await rename(fresh, IMAGE);
  return versions;
}

async function firstFileSystem(folder: string, version: string): Promise<string> {
  const root = join(folder, 'initrd.d');
  for (const each of ['bin', 'dev', 'proc', 'sys', 'host', 'modules', 'over', 'new']) {
    await mkdir(join(root, each), { recursive: true });
  }
  await copyFile('/bin/busybox', join(root, 'bin/busybox'));
  await copyFile(join(import.meta.dirname, 'guest/init.sh'), join(root, 'init'));
  const order = new Set<string>();
  for (const module of FIRST_MODULES) {
    const words = ['-d', IMAGE, '-S', version, '--show-depends', module];
    const { stdout } = await run('/sbin/modprobe', words);
    for (const [, path = ''] of stdout.matchAll(/^insmod (\S+)/gm)) order.add(path);
  }
  for (const path of order) await copyFile(path, join(root, 'modules', basename(path)));
  const names = [...order].map((path) => basename(path));
  await writeFile(join(root, 'modules/order'), `${names.join('\n')}\n`);
  const archive = join(folder, 'initrd');
  await run('sh', ['-c', 'find . | cpio -o -H newc --quiet > "$0"', archive], { cwd: root });
  return archive;
}
