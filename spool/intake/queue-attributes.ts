/** What a queue says of itself to print clients, all of it from its one description; the parts lie in `attributes/`. */
import type { Attributes } from '../../ipp/model.ts';
import { attributes } from '../../ipp/vocabulary/build.ts';
import type { CurrentFacts, FixedFacts } from './attributes/facts.ts';
import { holding } from './attributes/holding.ts';
import { identity } from './attributes/identity.ts';
import { media } from './attributes/media.ts';
import { notifications } from './attributes/notifications.ts';
import { protocol } from './attributes/protocol.ts';
import { raster } from './attributes/raster.ts';
import { status } from './attributes/status.ts';
import { template } from './attributes/template.ts';

export function fixedAttributes(facts: FixedFacts): Attributes {
  return attributes({
    ...identity(facts),
    ...protocol(facts),
    ...notifications(),
    ...holding(facts),
    ...template(facts.description),
    ...raster(facts.description),
    ...media(facts.description),
  });
}

export function currentAttributes(facts: CurrentFacts): Attributes {
  return attributes(status(facts));
}
