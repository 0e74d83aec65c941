/** Who and where the queue is. */
import type { AttributesInput as Part } from '../../../ipp/vocabulary/build.ts';
import { noValue } from '../../../ipp/vocabulary/shapes.ts';
import type { FixedFacts } from './facts.ts';

export function identity({ queue, description, uuid, version }: FixedFacts): Part {
  return {
    'printer-name': queue.name,
    'printer-info': queue.info.slice(0, 127),
    'printer-location': queue.location.slice(0, 127),
    'printer-make-and-model': `Holdfast ${version}`,
    'printer-uuid': uuid,
    'printer-device-id': `MFG:Holdfast;MDL:Held Print Queue;CMD:${commandSets(description.formats)};`,
    'printer-organization': [''],
    'printer-organizational-unit': [''],
    'printer-geo-location': noValue,
    'printer-kind': ['document'],
  };
}

/** Words of IEEE 1284 device ids for the formats. */
function commandSets(formats: readonly string[]): string {
  const words: Readonly<Record<string, string>> = {
    'application/pdf': 'PDF',
    'image/pwg-raster': 'PWGRaster',
    'image/urf': 'URF',
    'image/jpeg': 'JPEG',
  };
  return formats.flatMap((format) => words[format] ?? []).join(',');
}
