/** What a browser finds on the port of the print clients: the icons, and a page about each queue. */
import { send, sendText } from '../../../base/http/responses.ts';
import type { RequestExchange, Route } from '../../../base/http/routes.ts';
import { offeredFormats } from '../../formats/media-types.ts';
import { addressesOf } from '../addresses.ts';
import type { IntakeOptions } from '../call.ts';
import { OPEN_ENTRANCE } from '../entrance.ts';
import { ICON_SIZES, icon, iconPath } from './icon.ts';
import { queuePage } from './page.ts';

export function aboutRoutes(options: IntakeOptions): Route[] {
  const icons = ICON_SIZES.map(
    (size): Route => ({
      method: 'GET',
      path: iconPath(size),
      authentication: 'anyone',
      handle: ({ response }) => send(response, 200, 'image/png', icon(size)),
    }),
  );
  const handle = (exchange: RequestExchange) => showQueue(options, exchange);
  return [...icons, { method: 'GET', path: '/ipp/:queue', authentication: 'anyone', handle }];
}

function showQueue(options: IntakeOptions, { request, response, parameters, secure }: RequestExchange): void {
  const queue = options.queues().get(parameters['queue'] ?? '');
  if (queue === undefined) return sendText(response, 404, 'There is no such printer.');
  const { paused, accepting } = options.conditions.of(queue.name);
  const state = paused
    ? 'It is paused.'
    : accepting
      ? 'It takes jobs.'
      : 'It takes no new jobs at the moment.';
  const authority = request.headers.host ?? 'localhost';
  const { tlsRequired } = options;
  const [address] = addressesOf(queue, OPEN_ENTRANCE, { authority, secure, tlsRequired });
  const page = queuePage({
    queue,
    printerUri: address?.uri ?? '',
    state,
    formats: offeredFormats(options.describe(queue).formats, queue.allowedFormats),
    icon: iconPath(128),
  });
  response.setHeader(
    'Content-Security-Policy',
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
  );
  send(response, 200, 'text/html; charset=utf-8', page);
}
