import { codeOf, SchemaError, type Database } from './database.ts'
import { SESSION_COLUMNS } from './rows.ts'

/** Names and ids are bytes, so that they count letter by letter whatever collation the database has. */
const MYSQL = `CREATE TABLE IF NOT EXISTS mps_session (
  ns VARBINARY(40) NOT NULL,
  hash BINARY(32) NOT NULL,
  seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  id VARBINARY(64) NOT NULL,
  user_id VARBINARY(768) NOT NULL,
  app VARBINARY(255) NOT NULL,
  account VARBINARY(255) NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  idle_ends BIGINT NOT NULL,
  absolute_ends BIGINT NOT NULL,
  ends BIGINT NOT NULL,
  ended VARBINARY(8) NULL,
  next_sealed VARBINARY(255) NULL,
  next_ends BIGINT NULL,
  follows BINARY(32) NULL,
  data VARBINARY(2048) NULL,
  pending SMALLINT NOT NULL,
  PRIMARY KEY (ns, hash),
  UNIQUE KEY mps_session_seq (seq),
  KEY mps_session_user (ns, user_id),
  KEY mps_session_ends (ns, ends)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS mps_account (
  ns VARBINARY(40) NOT NULL,
  user_id VARBINARY(768) NOT NULL,
  account VARBINARY(255) NOT NULL,
  openid VARBINARY(768) NOT NULL,
  session_key VARBINARY(512) NULL,
  recent_hash BINARY(32) NOT NULL,
  recent_sealed VARBINARY(255) NOT NULL,
  recent_until BIGINT NOT NULL,
  PRIMARY KEY (ns, user_id, account)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS mps_block (
  ns VARBINARY(40) NOT NULL,
  user_id VARBINARY(768) NOT NULL,
  reason VARBINARY(2048) NOT NULL,
  until_ms BIGINT NULL,
  PRIMARY KEY (ns, user_id)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS mps_shared (
  ns VARBINARY(40) NOT NULL,
  name VARBINARY(255) NOT NULL,
  value VARBINARY(4096) NOT NULL,
  until_ms BIGINT NOT NULL,
  PRIMARY KEY (ns, name)
) ENGINE=InnoDB;
`

const POSTGRES = `CREATE TABLE IF NOT EXISTS mps_session (
  ns text NOT NULL,
  hash bytea NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  id text NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  app text NOT NULL,
  account text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  idle_ends bigint NOT NULL,
  absolute_ends bigint NOT NULL,
  ends bigint NOT NULL,
  ended text,
  next_sealed text,
  next_ends bigint,
  follows bytea,
  data text,
  pending smallint NOT NULL,
  PRIMARY KEY (ns, hash)
);
CREATE INDEX IF NOT EXISTS mps_session_user ON mps_session (ns, user_id);
CREATE INDEX IF NOT EXISTS mps_session_ends ON mps_session (ns, ends);

CREATE TABLE IF NOT EXISTS mps_account (
  ns text NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  openid text NOT NULL,
  session_key text,
  recent_hash bytea NOT NULL,
  recent_sealed text NOT NULL,
  recent_until bigint NOT NULL,
  PRIMARY KEY (ns, user_id, account)
);

CREATE TABLE IF NOT EXISTS mps_block (
  ns text NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  reason text NOT NULL,
  until_ms bigint,
  PRIMARY KEY (ns, user_id)
);

CREATE TABLE IF NOT EXISTS mps_shared (
  ns text NOT NULL,
  name text COLLATE "C" NOT NULL,
  value text NOT NULL,
  until_ms bigint NOT NULL,
  PRIMARY KEY (ns, name)
);
`

/** What whoever runs the database carries out, once: the package itself changes no schema. */
export const SCHEMA = { mysql: MYSQL, postgres: POSTGRES }

/** Every table with every column that is used, to find out whether they are there. */
const TABLES: Record<string, readonly string[]> = {
  mps_session: [...SESSION_COLUMNS, 'seq'],
  mps_account: [
    'ns',
    'user_id',
    'account',
    'openid',
    'session_key',
    'recent_hash',
    'recent_sealed',
    'recent_until',
  ],
  mps_block: ['ns', 'user_id', 'reason', 'until_ms'],
  mps_shared: ['ns', 'name', 'value', 'until_ms'],
}

const MISSING = new Set(['ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR', '42P01', '42703'])

export async function checkSchema(database: Database): Promise<void> {
  for (const [table, columns] of Object.entries(TABLES)) {
    try {
      await database.query(`SELECT ${columns.join(', ')} FROM ${table} WHERE 1 = 0`, [])
    } catch (error) {
      if (!MISSING.has(codeOf(error))) throw error
      throw new SchemaError(
        `table ${table} is missing, or is of another version. Carry out what "npx miniprogram-session-server schema ${database.kind}" prints.`,
      )
    }
  }
}
