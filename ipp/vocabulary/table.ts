/** All attributes that this program knows: name to groups and shape, and the TypeScript types that follow from it. */
import type { GroupKind } from '../model.ts';
import { DOCUMENT } from './documents.ts';
import { PRINTER_FINISHINGS } from './finishings.ts';
import { JOB_AND_EVENT, JOB_STATUS } from './job-status.ts';
import { JOB_TEMPLATE } from './job-template.ts';
import { PRINTER_MEDIA } from './media.ts';
import { EVENT, PRINTER_NOTIFICATIONS, SUBSCRIPTION, SUBSCRIPTION_AND_EVENT } from './notifications.ts';
import {
  OPERATION,
  OPERATION_AND_DOCUMENT,
  OPERATION_AND_JOB,
  OPERATION_JOB_AND_DOCUMENT,
  OPERATION_JOB_AND_EVENT,
} from './operation-attributes.ts';
import { PRINTER_CAPABILITIES, PRINTER_EXTENSIONS } from './printer-capabilities.ts';
import { OPERATION_AND_PRINTER, PRINTER_AND_EVENT, PRINTER_STATUS } from './printer-status.ts';
import type { InOf, Members, OutOf, Shape } from './shapes.ts';

export interface Definition {
  readonly name: string;
  readonly groups: readonly GroupKind[];
  readonly shape: Shape;
}

type Table = typeof OPERATION &
  typeof OPERATION_AND_JOB &
  typeof OPERATION_JOB_AND_EVENT &
  typeof OPERATION_AND_DOCUMENT &
  typeof OPERATION_JOB_AND_DOCUMENT &
  typeof OPERATION_AND_PRINTER &
  typeof JOB_TEMPLATE &
  typeof JOB_STATUS &
  typeof JOB_AND_EVENT &
  typeof PRINTER_AND_EVENT &
  typeof PRINTER_STATUS &
  typeof PRINTER_CAPABILITIES &
  typeof PRINTER_EXTENSIONS &
  typeof PRINTER_MEDIA &
  typeof PRINTER_FINISHINGS &
  typeof PRINTER_NOTIFICATIONS &
  typeof DOCUMENT &
  typeof SUBSCRIPTION &
  typeof SUBSCRIPTION_AND_EVENT &
  typeof EVENT;

export type AttributeName = keyof Table;
/** What reading an attribute gives: an array for a 1setOf. */
export type AttributeValue<Name extends AttributeName> = OutOf<Table[Name]>;
/** What building takes: the same, text with its language, or `noValue` and `unknown` where the standard foresees them. */
export type AttributeInput<Name extends AttributeName> = InOf<Table[Name]>;

/** Every block of attributes with the groups that they belong in. */
export const BLOCKS: readonly (readonly [groups: readonly GroupKind[], attributes: Members])[] = [
  [['operation'], OPERATION],
  [['operation', 'job'], OPERATION_AND_JOB],
  [['operation', 'job', 'event-notification'], OPERATION_JOB_AND_EVENT],
  [['operation', 'document'], OPERATION_AND_DOCUMENT],
  [['operation', 'job', 'document'], OPERATION_JOB_AND_DOCUMENT],
  [['operation', 'printer'], OPERATION_AND_PRINTER],
  [['job'], JOB_TEMPLATE],
  [['job'], JOB_STATUS],
  [['job', 'event-notification'], JOB_AND_EVENT],
  [['printer', 'event-notification'], PRINTER_AND_EVENT],
  [['printer'], PRINTER_STATUS],
  [['printer'], PRINTER_CAPABILITIES],
  [['printer'], PRINTER_EXTENSIONS],
  [['printer'], PRINTER_MEDIA],
  [['printer'], PRINTER_FINISHINGS],
  [['printer'], PRINTER_NOTIFICATIONS],
  [['document'], DOCUMENT],
  [['subscription'], SUBSCRIPTION],
  [['subscription', 'event-notification'], SUBSCRIPTION_AND_EVENT],
  [['event-notification'], EVENT],
];

const definitions = new Map<string, Definition>(
  BLOCKS.flatMap(([groups, attributes]) =>
    Object.entries(attributes).map(([name, shape]) => [name, { name, groups, shape }] as const),
  ),
);

/** Undefined for an attribute that is not in the table. */
export function definitionOf(name: string): Definition | undefined {
  return definitions.get(name);
}
