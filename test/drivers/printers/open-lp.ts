/** A process of its own that has a line to a printer open: a terminal that nobody answers at. Says so by a message. */
import { systemClock } from '../../../base/clock.ts';
import { lpLink } from '../../../drivers/printers/usb/lp-link.ts';

const link = await lpLink('/dev/ptmx', true, systemClock)(() => {}, new AbortController().signal);
await link.write(Buffer.from('page'));
process.send?.('open');
