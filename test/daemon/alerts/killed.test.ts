// The real program is killed while something is wrong with a printer: told once all the same, and that it is over.
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { SMTPServer } from 'smtp-server';
import { sampleIdentity } from '../../base/http/tls/sample-identity.ts';
import { FaultyIppPrinter } from '../../simulators/faulty-ipp-printer.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { GatewayProcess } from '../gateway-process.ts';

async function startMailServer(t: ExecutionContext, folder: string) {
  const { key, certificate: cert } = await sampleIdentity();
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, cert);
  const told: string[] = [];
  const server = new SMTPServer({
    secure: true,
    key: key.reveal(),
    cert,
    authOptional: true,
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      stream.once('end', () => {
        told.push(/^Subject: (.*)$/m.exec(text)?.[1]?.trim() ?? '');
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  t.teardown(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { told, ca, port: (server.server.address() as AddressInfo).port };
}

test('killed again and again while a printer is silent: one mail, and one when it answers', async (t) => {
  const folder = await temporaryFolder(t);
  const mail = await startMailServer(t, folder);
  const printer = await FaultyIppPrinter.start();
  t.teardown(() => printer.stop());
  const behind = Number(new URL(printer.uri.replace('ipp:', 'http:')).port);
  let isOn = false;
  const plug = createServer((socket) => {
    socket.on('error', () => {});
    if (!isOn) return socket.destroy();
    const through = connect(behind, '127.0.0.1');
    through.on('error', () => socket.destroy());
    socket.on('close', () => through.destroy());
    return socket.pipe(through).pipe(socket);
  });
  await new Promise<void>((resolve) => plug.listen(0, '127.0.0.1', () => resolve()));
  t.teardown(() => plug.close());
  const { port } = plug.address() as AddressInfo;
  const config = `
queues: { print: { unowned-jobs: claimable } }
printers: { mfp: { uri: "ipp://127.0.0.1:${port}/ipp/print", info: Copy room } }
limits: { free-disk-floor: 1 MiB, printer-poll: 1 s }
mail: { host: localhost, port: ${mail.port}, tls: implicit, from: print@x.org, ca-file: ${mail.ca} }
alerts:
  printer-delay: 0 s
  recipients: { it: { kinds: [printer], mail: [it@x.org] } }
`;
  const start = () => GatewayProcess.start(t, folder, config);
  let gateway = await start();
  await gateway.logged('alert', ({ key }) => key === 'printer mfp does-not-answer');
  // What comes together is gathered for two seconds: mostly it was not sent yet.
  await gateway.kill('SIGKILL');
  gateway = await start();
  await gateway.logged('alerts told');
  await gateway.kill('SIGKILL');
  gateway = await start();
  await gateway.logged('alert', ({ key }) => key === 'printer mfp does-not-answer');
  await gateway.kill('SIGKILL');
  isOn = true;
  gateway = await start();
  await gateway.logged('alerts told');
  const WRONG = 'Holdfast: Copy room: does not answer';
  t.deepEqual(mail.told, [WRONG, WRONG.replace('Copy', 'Over: Copy')]);
});
