/** A request that is answered with an IPP error. */
import { type Attribute, Attributes } from '../../ipp/model.ts';
import type { Status } from '../../ipp/vocabulary/status.ts';

/** Thrown by a check or an operation; its message goes to the client as `status-message`. */
export class Refusal extends Error {
  readonly status: Status;
  /** What goes into the unsupported group of the answer. */
  readonly unsupported: Attributes;

  /** @param message a plain sentence; nothing that came from outside. */
  constructor(status: Status, message: string, unsupported: Iterable<Attribute> = []) {
    super(message);
    this.status = status;
    this.unsupported = new Attributes(unsupported);
  }
}

/** The attribute for the unsupported group; a password without its value, which nobody else has to see. */
export function safeToEcho(attribute: Attribute): Attribute {
  if (attribute.name !== 'job-password') return attribute;
  return { name: attribute.name, values: [{ syntax: 'unsupported' }] };
}
