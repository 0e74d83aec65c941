/** `holdfast connect dns-zone [QUEUE] --domain NAME`: the records of the queues for an ordinary DNS server. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';
import { isHostName } from '../../config/addresses.ts';
import { zoneText } from '../../drivers/discovery/zone.ts';
import { defineCommand } from './command.ts';

interface Arguments {
  readonly queue: string;
  readonly domain: string;
}

export const connectDnsZone = defineCommand<Arguments, { zone: string }>({
  name: 'connect dns-zone',
  summary:
    'Print the records by which clients find the queues through ordinary DNS, for networks that multicast does not reach',
  words: [['[queue]', 'the queue; all that are announced unless told']],
  options: [['--domain <name>', 'the domain whose zone will have them, such as example.org']],
  request({ words: [queue = ''], options: { domain } }) {
    if (typeof domain !== 'string') throw new Failure('bad-domain', '--domain NAME says whose zone it is');
    const name = domain.replace(/\.$/, '').toLowerCase();
    if (!isHostName(name)) throw new Failure('bad-domain', `"${printable(domain, 60)}" is no domain`);
    return { arguments: { queue, domain: name } };
  },
  arguments: z.strictObject({ queue: z.string().max(63), domain: z.string().max(253).refine(isHostName) }),
  async handle({ gateway, arguments: { queue, domain } }) {
    const { gateway: own, queues } = gateway.config;
    const host = own.hostNames.find((name) => name.includes('.') && !name.endsWith('.local'));
    if (host === undefined) {
      throw new Failure('no-host-name', 'the gateway has no name that DNS knows', {
        advice: 'Set gateway.host-names in the configuration, such as [print.example.org], and restart it',
      });
    }
    const wanted = queues.filter((each) => (queue === '' ? each.announce : each.name === queue));
    if (wanted.length === 0) {
      throw new Failure('no-such-queue', `there is no queue "${printable(queue, 63)}" to be found`);
    }
    const described = await Promise.all(wanted.map((each) => gateway.announcements.describe(each, host)));
    return { zone: zoneText({ queues: described, domain, host }) };
  },
  show: ({ zone }) => zone.trimEnd(),
});
