/** Who and where the queue is. */
import { shortenOctets } from '../../../base/text.ts';
import type { AttributesInput as Part } from '../../../ipp/vocabulary/build.ts';
import { unknown } from '../../../ipp/vocabulary/shapes.ts';
import type { FixedFacts } from './facts.ts';

/** What a Mopria client looks for before it talks to a printer at all. */
const MOPRIA_VERSION = '1.3';
/** Octets of a DNS-SD instance name (RFC 6763 §4.1.1) and of the texts of a printer (RFC 8011 §5.4). */
const LONGEST_INSTANCE = 63;
const LONGEST_TEXT = 127;

export function identity({ queue, description, uuid, version, dnsSdName }: FixedFacts): Part {
  return {
    'printer-name': queue.name,
    'printer-info': shortenOctets(queue.info, LONGEST_TEXT),
    'printer-location': shortenOctets(queue.location, LONGEST_TEXT),
    'printer-make-and-model': `Holdfast ${version}`,
    'printer-uuid': uuid,
    'printer-device-id': `MFG:Holdfast;MDL:Print Queue;CLS:PRINTER;CMD:${commandSets(description.formats)};`,
    'printer-dns-sd-name': shortenOctets(dnsSdName, LONGEST_INSTANCE),
    'printer-organization': [''],
    'printer-organizational-unit': [''],
    'printer-geo-location': unknown,
    'printer-kind': ['document', 'photo'],
    'printer-firmware-name': ['Holdfast'],
    'printer-firmware-patches': [''],
    'printer-firmware-string-version': [version],
    'printer-firmware-version': [Buffer.from(version)],
    'mopria-certified': MOPRIA_VERSION,
  };
}

/** Words of IEEE 1284 device ids for the formats. */
function commandSets(formats: readonly string[]): string {
  const words: Readonly<Record<string, string>> = {
    'application/pdf': 'PDF',
    'application/postscript': 'PS',
    'image/pwg-raster': 'PWGRaster',
    'image/urf': 'URF',
    'image/jpeg': 'JPEG',
  };
  return formats.flatMap((format) => words[format] ?? []).join(',');
}
