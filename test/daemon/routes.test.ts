// Every address that the gateway answers at is asked without credentials. A new route fails here until it is on the list.
import { request } from 'node:http';
import { join } from 'node:path';
import test from 'ava';
import { openLog } from '../../base/log.ts';
import { parseConfig } from '../../config/load.ts';
import { Gateway } from '../../daemon/gateway.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** No panel is at this machine's addresses. */
const configOf = (folder: string) => `
gateway:
  state-directory: ${folder}
  control-socket: ${join(folder, 'control.sock')}
  ipp: { listen: ["127.0.0.1:0"] }
  web: { listen: ["127.0.0.1:0"] }
  discovery: { announce: false }
queues: { print: { authentication: required } }
printers: { p: { uri: "file://${folder}/out" } }
panels: { ward-3: { printer: p, addresses: [10.0.0.1] } }
`;

const ICON = 'a picture';
const HELP = 'how to add the queue, for whoever opens its address in a browser';
const IPP =
  'no request of IPP came; who may ask for what is the intake’s to say, and test/spool/intake holds that';
const HEALTH = 'works or not, and no names';
const HERE = 'this machine only, where the test runs; test/daemon/service-routes holds that';
const ASK = 'a device may ask to be enrolled, and gets nothing until an administrator approves it';
const FILES = 'the style and script of the pages, the same for everybody';
const PANEL = 'no panel';
const READER = 'no reader';

/** What each answers to a client that shows nothing, and why that gives nothing away. */
const EXPECTED: Readonly<Record<string, readonly [status: number, because: string]>> = {
  'ipp GET /ipp-icons/holdfast-128.png': [200, ICON],
  'ipp GET /ipp-icons/holdfast-48.png': [200, ICON],
  'ipp GET /ipp-icons/holdfast-512.png': [200, ICON],
  'ipp GET /ipp/:queue': [200, HELP],
  'ipp POST /ipp/:queue': [400, IPP],
  'ipp POST /ipp/:queue/:entrance': [400, IPP],
  'ipp POST /ipp/:queue/:entrance/jobs/:job': [400, IPP],
  'ipp POST /ipp/:queue/jobs/:job': [400, IPP],
  'ipp POST /jobs': [400, IPP],
  'ipp POST /jobs/:job': [400, IPP],
  'web GET /health': [200, HEALTH],
  'web GET /metrics': [200, HERE],
  'web GET /panel': [200, ASK],
  'web POST /panel': [303, ASK],
  'web POST /panel-enrolment': [415, ASK],
  'web GET /panel-files/:file': [404, FILES],
  'web GET /panel/:panel': [403, PANEL],
  'web GET /panel/:panel/plain': [403, PANEL],
  'web GET /panel/:panel/plain/:session': [403, PANEL],
  'web POST /panel/:panel/plain/:session': [403, PANEL],
  'web POST /panel/:panel/poll': [403, PANEL],
  'web WEBSOCKET /panel/:panel/socket': [403, PANEL],
  'web POST /readers/:reader': [403, READER],
  'web GET /p/:secret': [403, PANEL],
  'web GET /p/:secret/plain': [403, PANEL],
  'web GET /p/:secret/plain/:session': [403, PANEL],
  'web POST /p/:secret/plain/:session': [403, PANEL],
  'web POST /p/:secret/poll': [403, PANEL],
  'web WEBSOCKET /p/:secret/socket': [403, PANEL],
};

test('without credentials nothing is told and nothing is done', async (t) => {
  const folder = await temporaryFolder(t);
  const log = openLog({ level: 'error', format: 'text', descriptor: 2 });
  const gateway = await Gateway.start(parseConfig(configOf(folder), 'f').config, log);
  t.teardown(() => gateway.stop());
  const ports = { ipp: gateway.ippAddresses[0]?.port, web: gateway.webAddresses[0]?.port };
  const answers: Record<string, number> = {};
  for (const { port, method, path } of gateway.routes) {
    const target = path
      .replace(':panel', 'ward-3')
      .replace(/:(queue|printer)\b/, 'print')
      .replaceAll(/:[a-z-]+/g, 'x');
    answers[`${port} ${method} ${path}`] = worked(await statusOf(Number(ports[port]), method, target));
  }
  const expected = Object.fromEntries(Object.entries(EXPECTED).map(([route, [status]]) => [route, status]));
  t.deepEqual(answers, expected);
});

/** A gateway that has just started may not have reached its printer yet, and says so to whoever asks for its health. */
const worked = (status: number): number => (status === 503 ? 200 : status);

function statusOf(port: number, method: string, path: string): Promise<number> {
  const isSocket = method === 'WEBSOCKET';
  const headers = isSocket
    ? {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': `${'A'.repeat(22)}==`,
      }
    : { Host: `localhost:${port}` };
  return new Promise((resolve, reject) => {
    const asking = request({
      host: '127.0.0.1',
      port,
      path,
      method: isSocket ? 'GET' : method,
      headers,
      agent: false,
    });
    asking.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asking.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    asking.on('error', reject);
    asking.end();
  });
}
