// What real printers answer and the standard forbids: read for what it says, and never the end of a job.
import test from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { Seconds } from '../../../base/units.ts';
import { IppPrinter } from '../../../drivers/printers/ipp-printer.ts';
import { type Attribute, Attributes, type Value } from '../../../ipp/model.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { RecordedJob } from '../../contracts/printer-driver.ts';
import { FaultyIppPrinter } from '../../simulators/faulty-ipp-printer.ts';

const never = new AbortController().signal;
const named = (name: string, ...values: Value[]): Attribute => ({ name, values });
const keyword = (value: string): Value => ({ syntax: 'keyword', value });

const PRINTER = new Attributes([
  named('printer-info', { syntax: 'textWithoutLanguage', value: '' }),
  named('printer-make-and-model', {
    syntax: 'textWithLanguage',
    value: { language: 'en', text: 'Laser 3000' },
  }),
  named('printer-state', { syntax: 'enum', value: 3 }),
  named('printer-state-reasons', keyword('Toner-Low'), keyword('3-tray-empty'), keyword('3-tray-empty')),
  named('printer-current-time', { syntax: 'no-value' }),
  named('document-format-supported', { syntax: 'mimeMediaType', value: 'application/pdf' }),
  named('sides-supported', keyword('one-sided'), keyword('one-sided'), keyword('two-sided-long-edge')),
  named('copies-supported', { syntax: 'rangeOfInteger', value: { lower: 0, upper: 99 } }),
  named('pages-per-minute', { syntax: 'rangeOfInteger', value: { lower: 1, upper: 30 } }),
  named('media-supported', keyword('ISO_A4_210x297mm'), keyword('iso_a4_210x297mm')),
  named('media-default', { syntax: 'no-value' }),
  named('media-col-database', { syntax: 'octetString', value: Buffer.from('x') }),
  named('X_Vendor.thing', { syntax: 'octetString', value: Buffer.from('x') }),
]);
const JOB = new Attributes([
  named('job-name', { syntax: 'nameWithLanguage', value: { language: 'en', text: 'Report' } }),
  named('job-state', { syntax: 'enum', value: 9 }),
  named('job-state-reasons', keyword('Job-Completed-Successfully')),
  named('job-impressions', { syntax: 'no-value' }),
  named('job-impressions-completed', { syntax: 'no-value' }),
  named('job-media-sheets-completed', { syntax: 'integer', value: 2 }),
]);

test('attributes of other syntaxes, empty, doubled, out of range or unheard of', async (t) => {
  const printer = await FaultyIppPrinter.start({ odd: { printer: PRINTER, job: JOB } });
  t.teardown(() => printer.stop());
  const options = { uri: printer.uri, answerTime: Seconds(10), stallTime: Seconds(10), clock: systemClock };
  const driver = new IppPrinter(options);
  t.teardown(() => driver.close());
  const { description, state, reasons } = await driver.status(never);
  t.is(state, 'idle');
  t.deepEqual(reasons, ['Toner-Low', '3-tray-empty', '3-tray-empty']);
  t.like(description, { makeAndModel: 'Laser 3000', formats: ['application/pdf'], pagesPerMinute: 0 });
  t.deepEqual(description.copies, { lower: 1, upper: 99 });
  t.is(description.mediaDefault, 'ISO_A4_210x297mm', 'as the printer writes it');
  const ticket = attributes({ copies: 2, sides: 'one-sided' });
  const result = await driver.print(new RecordedJob('application/pdf', { ticket }), never);
  t.deepEqual(result, { outcome: 'completed', impressions: 2 });
  t.is(printer.printed.length, 1);
});
