-- The store: organisation, people, filings, and the audit chain. Times are milliseconds since 1970 (UTC).

CREATE TABLE unit (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('bureau', 'department', 'unit', 'county')),
  name TEXT NOT NULL,
  code TEXT,
  parent TEXT REFERENCES unit (id),
  created INTEGER NOT NULL,
  closed INTEGER
) STRICT;
CREATE UNIQUE INDEX unit_by_code ON unit (code);
CREATE INDEX unit_by_parent ON unit (parent);

-- Every unit with itself (depth 0) and all that stand above it.
CREATE TABLE unit_above (
  unit TEXT NOT NULL REFERENCES unit (id),
  above TEXT NOT NULL REFERENCES unit (id),
  depth INTEGER NOT NULL,
  PRIMARY KEY (unit, above)
) STRICT;
CREATE INDEX unit_below ON unit_above (above, unit);

CREATE TABLE person (
  id TEXT PRIMARY KEY,
  pseudonym TEXT NOT NULL UNIQUE,
  unit TEXT NOT NULL REFERENCES unit (id),
  state TEXT NOT NULL CHECK (state IN ('active', 'suspended', 'erased')),
  created INTEGER NOT NULL
) STRICT;
CREATE INDEX person_by_unit ON person (unit);

-- All that names a person. It can be erased without touching the chain, which knows pseudonyms only.
CREATE TABLE identity (
  person TEXT PRIMARY KEY REFERENCES person (id),
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password TEXT,
  password_at INTEGER,
  totp TEXT,
  totp_step INTEGER NOT NULL
) STRICT;

CREATE TABLE person_grant (
  person TEXT NOT NULL REFERENCES person (id),
  unit TEXT NOT NULL REFERENCES unit (id),
  role TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (person, unit, role)
) STRICT;

-- One-time links by which a person sets the first or a new password.
CREATE TABLE invitation (
  token TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES person (id),
  until INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
  token TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES person (id),
  csrf TEXT NOT NULL,
  created INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  until INTEGER NOT NULL,
  second_factor INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_person ON session (person);

-- Failed attempts to sign in, by a digest of what was tried.
CREATE TABLE attempt (
  subject TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  last INTEGER NOT NULL,
  locked_until INTEGER NOT NULL
) STRICT;

CREATE TABLE campaign (
  id TEXT PRIMARY KEY,
  year INTEGER NOT NULL,
  title TEXT NOT NULL,
  rulebook TEXT NOT NULL,
  due INTEGER,
  state TEXT NOT NULL CHECK (state IN ('draft', 'open', 'closed'))
) STRICT;

CREATE TABLE filing (
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL REFERENCES campaign (id),
  unit TEXT NOT NULL REFERENCES unit (id),
  stage TEXT NOT NULL,
  revision INTEGER NOT NULL,
  UNIQUE (campaign, unit)
) STRICT;
CREATE INDEX filing_by_unit ON filing (unit);

CREATE TABLE sheet (
  id TEXT PRIMARY KEY,
  filing TEXT NOT NULL REFERENCES filing (id),
  form TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  name TEXT NOT NULL,
  parent TEXT REFERENCES sheet (id),
  removed INTEGER
) STRICT;
CREATE INDEX sheet_by_filing ON sheet (filing, ordinal);

-- moment: the filing's revision that this value came with.
CREATE TABLE entry (
  sheet TEXT NOT NULL REFERENCES sheet (id),
  cell TEXT NOT NULL,
  value TEXT,
  revision INTEGER NOT NULL,
  person TEXT NOT NULL REFERENCES person (id),
  at INTEGER NOT NULL,
  moment INTEGER NOT NULL,
  PRIMARY KEY (sheet, cell)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry_history (
  sheet TEXT NOT NULL REFERENCES sheet (id),
  cell TEXT NOT NULL,
  revision INTEGER NOT NULL,
  value TEXT,
  person TEXT NOT NULL REFERENCES person (id),
  at INTEGER NOT NULL,
  PRIMARY KEY (sheet, cell, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE remark (
  id TEXT PRIMARY KEY,
  sheet TEXT NOT NULL REFERENCES sheet (id),
  cell TEXT NOT NULL,
  text TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES person (id),
  at INTEGER NOT NULL,
  resolved_by TEXT REFERENCES person (id),
  resolved_at INTEGER
) STRICT;
CREATE INDEX remark_by_sheet ON remark (sheet, at);

CREATE TABLE evidence (
  id TEXT PRIMARY KEY,
  filing TEXT NOT NULL REFERENCES filing (id),
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  person TEXT NOT NULL REFERENCES person (id),
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX evidence_by_filing ON evidence (filing, at);

-- Answers to requests that may be sent twice.
CREATE TABLE stored_answer (
  person TEXT NOT NULL REFERENCES person (id),
  key TEXT NOT NULL,
  request TEXT NOT NULL,
  answer TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (person, key)
) STRICT;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  prev TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_subject ON audit (kind, subject, seq);

-- The chain's last row, and the last row that retention has taken away.
CREATE TABLE chain (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  pruned_seq INTEGER NOT NULL,
  pruned_hash TEXT NOT NULL
) STRICT;
INSERT INTO chain VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000', 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- The chain's last row of each day, signed.
CREATE TABLE day_root (
  day TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  key TEXT NOT NULL,
  signature TEXT NOT NULL
) STRICT;

-- Audit rows are written once; only what retention has released may go.
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are not changed'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
WHEN OLD.seq > (SELECT pruned_seq FROM chain)
BEGIN SELECT RAISE(ABORT, 'audit rows are kept'); END;
