// Messages after the examples of RFC 8010 Appendix A, octet by octet, read and written.
import test from 'ava';
import { decodeMessage } from '../../../ipp/codec/decode.ts';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { type Attribute, Attributes, type Message, type Value } from '../../../ipp/model.ts';
import { plainMessage } from '../plain.ts';
import { wire } from '../wire.ts';

const attribute = (name: string, ...values: Value[]): Attribute => ({ name, values });
const charset = attribute('attributes-charset', { syntax: 'charset', value: 'utf-8' });
const language = attribute('attributes-natural-language', { syntax: 'naturalLanguage', value: 'en-us' });
const printer = attribute('printer-uri', {
  syntax: 'uri',
  value: 'ipp://printer.example.com/ipp/print/pinetree',
});

const CHARSET = wire`47 0012 "attributes-charset" 0005 "utf-8"`;
const LANGUAGE = wire`48 001b "attributes-natural-language" 0005 "en-us"`;
const PRINTER = wire`45 000b "printer-uri" 002c "ipp://printer.example.com/ipp/print/pinetree"`;

function message(code: number, requestId: number, ...groups: Message['groups']): Message {
  return { version: { major: 1, minor: 1 }, code, requestId, groups };
}

const EXAMPLES: Record<string, [Buffer, Message]> = {
  'A.1 Print-Job request': [
    wire`0101 0002 00000001
      01 ${CHARSET} ${LANGUAGE} ${PRINTER}
      42 0008 "job-name" 0006 "foobar"
      22 0016 "ipp-attribute-fidelity" 0001 01
      02 21 0006 "copies" 0004 00000014
      44 0005 "sides" 0013 "two-sided-long-edge"
      03`,
    message(
      2,
      1,
      {
        kind: 'operation',
        attributes: new Attributes([
          charset,
          language,
          printer,
          attribute('job-name', { syntax: 'nameWithoutLanguage', value: 'foobar' }),
          attribute('ipp-attribute-fidelity', { syntax: 'boolean', value: true }),
        ]),
      },
      {
        kind: 'job',
        attributes: new Attributes([
          attribute('copies', { syntax: 'integer', value: 20 }),
          attribute('sides', { syntax: 'keyword', value: 'two-sided-long-edge' }),
        ]),
      },
    ),
  ],
  'A.2 Print-Job response (successful)': [
    wire`0101 0000 00000001
      01 ${CHARSET} ${LANGUAGE}
      41 000e "status-message" 000d "successful-ok"
      02 21 0006 "job-id" 0004 00000093
      45 0007 "job-uri" 0030 "ipp://printer.example.com/ipp/print/pinetree/147"
      23 0009 "job-state" 0004 00000003
      03`,
    message(
      0,
      1,
      {
        kind: 'operation',
        attributes: new Attributes([
          charset,
          language,
          attribute('status-message', { syntax: 'textWithoutLanguage', value: 'successful-ok' }),
        ]),
      },
      {
        kind: 'job',
        attributes: new Attributes([
          attribute('job-id', { syntax: 'integer', value: 147 }),
          attribute('job-uri', {
            syntax: 'uri',
            value: 'ipp://printer.example.com/ipp/print/pinetree/147',
          }),
          attribute('job-state', { syntax: 'enum', value: 3 }),
        ]),
      },
    ),
  ],
  'A.3 Print-Job response (failure)': [
    wire`0101 040b 00000001
      01 ${CHARSET} ${LANGUAGE}
      41 000e "status-message" 002f "client-error-attributes-or-values-not-supported"
      05 21 0006 "copies" 0004 00000014
      10 0005 "sides" 0000
      03`,
    message(
      0x040b,
      1,
      {
        kind: 'operation',
        attributes: new Attributes([
          charset,
          language,
          attribute('status-message', {
            syntax: 'textWithoutLanguage',
            value: 'client-error-attributes-or-values-not-supported',
          }),
        ]),
      },
      {
        kind: 'unsupported',
        attributes: new Attributes([
          attribute('copies', { syntax: 'integer', value: 20 }),
          attribute('sides', { syntax: 'unsupported' }),
        ]),
      },
    ),
  ],
  'A.6 Create-Job request with a collection': [
    wire`0101 0005 00000001
      01 ${CHARSET} ${LANGUAGE} ${PRINTER}
      34 0009 "media-col" 0000
        4a 0000 000a "media-size"
        34 0000 0000
          4a 0000 000b "x-dimension"
          21 0000 0004 00005208
          4a 0000 000b "y-dimension"
          21 0000 0004 00007404
        37 0000 0000
        4a 0000 000a "media-type"
        44 0000 0005 "paper"
      37 0000 0000
      03`,
    message(5, 1, {
      kind: 'operation',
      attributes: new Attributes([
        charset,
        language,
        printer,
        attribute('media-col', {
          syntax: 'collection',
          value: new Attributes([
            attribute('media-size', {
              syntax: 'collection',
              value: new Attributes([
                attribute('x-dimension', { syntax: 'integer', value: 21000 }),
                attribute('y-dimension', { syntax: 'integer', value: 29700 }),
              ]),
            }),
            attribute('media-type', { syntax: 'keyword', value: 'paper' }),
          ]),
        }),
      ]),
    }),
  ],
  'A.7 Get-Jobs request': [
    wire`0101 000a 0000007b
      01 ${CHARSET} ${LANGUAGE} ${PRINTER}
      21 0005 "limit" 0004 00000032
      44 0014 "requested-attributes" 0006 "job-id"
      44 0000 0008 "job-name"
      44 0000 000f "document-format"
      03`,
    message(0x0a, 123, {
      kind: 'operation',
      attributes: new Attributes([
        charset,
        language,
        printer,
        attribute('limit', { syntax: 'integer', value: 50 }),
        attribute(
          'requested-attributes',
          { syntax: 'keyword', value: 'job-id' },
          { syntax: 'keyword', value: 'job-name' },
          { syntax: 'keyword', value: 'document-format' },
        ),
      ]),
    }),
  ],
  'A.8 Get-Jobs response, the second job told nothing about': [
    wire`0101 0000 0000007b
      01 ${CHARSET} ${LANGUAGE}
      41 000e "status-message" 000d "successful-ok"
      02 21 0006 "job-id" 0004 00000093
      36 0008 "job-name" 000c 0005 "fr-ca" 0003 "fou"
      02
      02 21 0006 "job-id" 0004 00000095
      36 0008 "job-name" 0012 0005 "de-CH" 0009 "isch guet"
      03`,
    message(
      0,
      123,
      {
        kind: 'operation',
        attributes: new Attributes([
          charset,
          language,
          attribute('status-message', { syntax: 'textWithoutLanguage', value: 'successful-ok' }),
        ]),
      },
      {
        kind: 'job',
        attributes: new Attributes([
          attribute('job-id', { syntax: 'integer', value: 147 }),
          attribute('job-name', { syntax: 'nameWithLanguage', value: { language: 'fr-ca', text: 'fou' } }),
        ]),
      },
      { kind: 'job', attributes: new Attributes() },
      {
        kind: 'job',
        attributes: new Attributes([
          attribute('job-id', { syntax: 'integer', value: 149 }),
          attribute('job-name', {
            syntax: 'nameWithLanguage',
            value: { language: 'de-CH', text: 'isch guet' },
          }),
        ]),
      },
    ),
  ],
};

for (const [title, [octets, value]] of Object.entries(EXAMPLES)) {
  test(`${title} is read`, (t) => {
    t.deepEqual(plainMessage(decodeMessage(octets)), plainMessage(value));
  });
  test(`${title} is written`, (t) => {
    t.is(encodeMessage(value).toString('latin1'), octets.toString('latin1'));
  });
}
