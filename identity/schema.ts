/** The tables of people and of what they are known by, version by version. What was released is only added to. */
import { CODE_TABLES } from './codes/mails/rows.ts';

/** A person's name and address are emptied when they go; `deleted_at` tells. */
const FIRST_VERSION = `
  CREATE TABLE person (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user_name TEXT NOT NULL,
    user_name_key TEXT NOT NULL,
    display_name TEXT NOT NULL,
    email TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;
  CREATE INDEX person_by_user_name ON person (user_name_key, id) WHERE deleted_at IS NULL;
  CREATE TABLE credential (
    key BLOB PRIMARY KEY CHECK (length(key) = 16),
    owner INTEGER NOT NULL REFERENCES person (number),
    kind TEXT NOT NULL,
    rank TEXT NOT NULL,
    issued_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX credential_by_owner ON credential (owner);
  CREATE TABLE index_key (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    sealed BLOB NOT NULL
  ) STRICT;
`;

/** People of directories, with all that is known of them; where credentials come from, and when they end. */
const SOURCES = `
  ALTER TABLE person ADD COLUMN source TEXT NOT NULL DEFAULT 'local';
  ALTER TABLE person ADD COLUMN source_id TEXT;
  ALTER TABLE person ADD COLUMN domain TEXT NOT NULL DEFAULT '';
  ALTER TABLE person ADD COLUMN given_name TEXT NOT NULL DEFAULT '';
  ALTER TABLE person ADD COLUMN family_name TEXT NOT NULL DEFAULT '';
  ALTER TABLE person ADD COLUMN department TEXT NOT NULL DEFAULT '';
  ALTER TABLE person ADD COLUMN office TEXT NOT NULL DEFAULT '';
  ALTER TABLE person ADD COLUMN cost_center TEXT NOT NULL DEFAULT '';
  ALTER TABLE person ADD COLUMN language TEXT NOT NULL DEFAULT '';
  ALTER TABLE person ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE person ADD COLUMN expires_at INTEGER;
  ALTER TABLE person ADD COLUMN restricted INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE person ADD COLUMN guest INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE person ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE person ADD COLUMN last_activity INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE person ADD COLUMN disabled_at INTEGER;
  UPDATE person SET source_id = id WHERE deleted_at IS NULL;
  CREATE UNIQUE INDEX person_by_source ON person (source, source_id) WHERE source_id IS NOT NULL;
  CREATE INDEX person_disabled ON person (disabled_at) WHERE disabled_at IS NOT NULL;
  CREATE INDEX person_deleted ON person (deleted_at) WHERE deleted_at IS NOT NULL;
  CREATE TABLE person_group (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE group_member (
    person INTEGER NOT NULL REFERENCES person (number),
    person_group INTEGER NOT NULL REFERENCES person_group (number),
    PRIMARY KEY (person, person_group)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX group_member_by_group ON group_member (person_group);
  ALTER TABLE credential ADD COLUMN origin TEXT NOT NULL DEFAULT 'local';
  ALTER TABLE credential ADD COLUMN expires_at INTEGER;
  CREATE TABLE barred_credential (
    owner INTEGER NOT NULL REFERENCES person (number),
    key BLOB NOT NULL CHECK (length(key) = 16),
    barred_at INTEGER NOT NULL,
    PRIMARY KEY (owner, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE people_generation (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    value INTEGER NOT NULL
  ) STRICT;
  INSERT INTO people_generation VALUES (1, 1);
`;

const PINS = "CREATE INDEX credential_pin ON credential (owner) WHERE kind = 'pin';";

/** What a source gives to somebody while somebody else has it; who claimed it first has the lowest number. */
const CLAIMS = `
  CREATE TABLE claimed_credential (
    number INTEGER PRIMARY KEY,
    key BLOB NOT NULL CHECK (length(key) = 16),
    owner INTEGER NOT NULL REFERENCES person (number),
    kind TEXT NOT NULL,
    rank TEXT NOT NULL,
    origin TEXT NOT NULL,
    claimed_at INTEGER NOT NULL,
    UNIQUE (key, owner)
  ) STRICT;
  CREATE INDEX claimed_credential_by_owner ON claimed_credential (owner);
  CREATE INDEX claimed_credential_by_origin ON claimed_credential (origin);
`;

export const MIGRATIONS = [FIRST_VERSION, SOURCES, CODE_TABLES, PINS, CLAIMS];
