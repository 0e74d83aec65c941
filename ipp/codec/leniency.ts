/** What real printers do wrong, and that we read nevertheless. Clients get none of it, and we send none of it. */

export interface Leniency {
  /** Attributes with a name of their own inside a collection, instead of memberAttrName: Pantum M7300FDW. */
  readonly namedMembers: boolean;
  /** Empty keywords, URIs and languages. Seen in the answers of several models: a language left empty in textWithLanguage. */
  readonly emptyStrings: boolean;
  /** Strings longer than their syntax allows, up to the limit on values: free text that an administrator typed in. */
  readonly longStrings: boolean;
  /** Text in another charset than UTF-8, each wrong octet replaced by U+FFFD: locations typed in at a panel. */
  readonly invalidUtf8: boolean;
  /**
   * A value that does not fit its own tag is kept as `other` with that tag (a dateTime of zeros before the clock was
   * set). One wrong value must not hide the rest of what the printer says.
   */
  readonly malformedValues: boolean;
  /** The same attribute twice in a group; the later one counts. */
  readonly duplicateAttributes: boolean;
}

/** For what clients send us. */
export const STRICT: Leniency = {
  namedMembers: false,
  emptyStrings: false,
  longStrings: false,
  invalidUtf8: false,
  malformedValues: false,
  duplicateAttributes: false,
};

/** For what printers answer. */
export const LENIENT: Leniency = {
  namedMembers: true,
  emptyStrings: true,
  longStrings: true,
  invalidUtf8: true,
  malformedValues: true,
  duplicateAttributes: true,
};
