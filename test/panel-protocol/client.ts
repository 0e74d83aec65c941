/** A browser or terminal that a test plays by hand over HTTP: follows nothing, keeps only what it is told to. */
import { type IncomingHttpHeaders, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** `name=value` of each cookie that was set. */
  readonly cookies: readonly string[];
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The certificate to trust; without one it is plain HTTP. */
  readonly ca?: string;
}

export function ask(
  host: string,
  path: string,
  { method = 'GET', headers, body, ca }: Ask = {},
): Promise<Answer> {
  const [, port] = host.split(':');
  const options = { host: '127.0.0.1', port, path, method, headers: { host, ...headers }, agent: false };
  return new Promise((resolve, reject) => {
    const request =
      ca === undefined
        ? requestPlain(options)
        : requestSecure({ ...options, ca, checkServerIdentity: () => undefined });
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        const cookies = (response.headers['set-cookie'] ?? []).map((each) => each.split(';', 1)[0] ?? '');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, cookies });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** What a terminal sends, and what it is told. */
export async function askAsTerminal(
  host: string,
  message: object,
  more: Ask = {},
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await ask(host, '/panel-enrolment', {
    method: 'POST',
    body: JSON.stringify(message),
    ...more,
    headers: { 'content-type': 'application/json', ...more.headers },
  });
  return { status: answer.status, ...(JSON.parse(answer.text) as Record<string, unknown>) };
}
