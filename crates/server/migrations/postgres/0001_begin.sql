-- The store: organisation, people, filings, and the audit chain. Times are milliseconds since 1970 (UTC).

CREATE TABLE unit (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('bureau', 'department', 'unit', 'county')),
  name TEXT NOT NULL,
  code TEXT,
  parent TEXT REFERENCES unit (id),
  created BIGINT NOT NULL,
  closed BIGINT
);
CREATE UNIQUE INDEX unit_by_code ON unit (code);
CREATE INDEX unit_by_parent ON unit (parent);

-- Every unit with itself (depth 0) and all that stand above it.
CREATE TABLE unit_above (
  unit TEXT NOT NULL REFERENCES unit (id),
  above TEXT NOT NULL REFERENCES unit (id),
  depth BIGINT NOT NULL,
  PRIMARY KEY (unit, above)
);
CREATE INDEX unit_below ON unit_above (above, unit);

CREATE TABLE person (
  id TEXT PRIMARY KEY,
  pseudonym TEXT NOT NULL UNIQUE,
  unit TEXT NOT NULL REFERENCES unit (id),
  state TEXT NOT NULL CHECK (state IN ('active', 'suspended', 'erased')),
  created BIGINT NOT NULL
);
CREATE INDEX person_by_unit ON person (unit);

-- All that names a person. It can be erased without touching the chain, which knows pseudonyms only.
CREATE TABLE identity (
  person TEXT PRIMARY KEY REFERENCES person (id),
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password TEXT,
  password_at BIGINT,
  totp TEXT,
  totp_step BIGINT NOT NULL
);

CREATE TABLE person_grant (
  person TEXT NOT NULL REFERENCES person (id),
  unit TEXT NOT NULL REFERENCES unit (id),
  role TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (person, unit, role)
);

-- One-time links by which a person sets the first or a new password.
CREATE TABLE invitation (
  token TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES person (id),
  until BIGINT NOT NULL
);

CREATE TABLE session (
  token TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES person (id),
  csrf TEXT NOT NULL,
  created BIGINT NOT NULL,
  seen BIGINT NOT NULL,
  until BIGINT NOT NULL,
  second_factor BIGINT NOT NULL
);
CREATE INDEX session_by_person ON session (person);

-- Failed attempts to sign in, by a digest of what was tried.
CREATE TABLE attempt (
  subject TEXT PRIMARY KEY,
  failures BIGINT NOT NULL,
  last BIGINT NOT NULL,
  locked_until BIGINT NOT NULL
);

CREATE TABLE campaign (
  id TEXT PRIMARY KEY,
  year BIGINT NOT NULL,
  title TEXT NOT NULL,
  rulebook TEXT NOT NULL,
  due BIGINT,
  state TEXT NOT NULL CHECK (state IN ('draft', 'open', 'closed'))
);

CREATE TABLE filing (
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL REFERENCES campaign (id),
  unit TEXT NOT NULL REFERENCES unit (id),
  stage TEXT NOT NULL,
  revision BIGINT NOT NULL,
  UNIQUE (campaign, unit)
);
CREATE INDEX filing_by_unit ON filing (unit);

CREATE TABLE sheet (
  id TEXT PRIMARY KEY,
  filing TEXT NOT NULL REFERENCES filing (id),
  form TEXT NOT NULL,
  ordinal BIGINT NOT NULL,
  name TEXT NOT NULL,
  parent TEXT REFERENCES sheet (id),
  removed BIGINT
);
CREATE INDEX sheet_by_filing ON sheet (filing, ordinal);

-- moment: the filing's revision that this value came with.
CREATE TABLE entry (
  sheet TEXT NOT NULL REFERENCES sheet (id),
  cell TEXT NOT NULL,
  value TEXT,
  revision BIGINT NOT NULL,
  person TEXT NOT NULL REFERENCES person (id),
  at BIGINT NOT NULL,
  moment BIGINT NOT NULL,
  PRIMARY KEY (sheet, cell)
);

CREATE TABLE entry_history (
  sheet TEXT NOT NULL REFERENCES sheet (id),
  cell TEXT NOT NULL,
  revision BIGINT NOT NULL,
  value TEXT,
  person TEXT NOT NULL REFERENCES person (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (sheet, cell, revision)
);

CREATE TABLE remark (
  id TEXT PRIMARY KEY,
  sheet TEXT NOT NULL REFERENCES sheet (id),
  cell TEXT NOT NULL,
  text TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES person (id),
  at BIGINT NOT NULL,
  resolved_by TEXT REFERENCES person (id),
  resolved_at BIGINT
);
CREATE INDEX remark_by_sheet ON remark (sheet, at);

CREATE TABLE evidence (
  id TEXT PRIMARY KEY,
  filing TEXT NOT NULL REFERENCES filing (id),
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  person TEXT NOT NULL REFERENCES person (id),
  at BIGINT NOT NULL
);
CREATE INDEX evidence_by_filing ON evidence (filing, at);

-- Answers to requests that may be sent twice.
CREATE TABLE stored_answer (
  person TEXT NOT NULL REFERENCES person (id),
  key TEXT NOT NULL,
  request TEXT NOT NULL,
  answer TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (person, key)
);

CREATE TABLE audit (
  seq BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  prev TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX audit_by_subject ON audit (kind, subject, seq);

-- The chain's last row, and the last row that retention has taken away.
CREATE TABLE chain (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL,
  pruned_seq BIGINT NOT NULL,
  pruned_hash TEXT NOT NULL
);
INSERT INTO chain VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000', 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- The chain's last row of each day, signed.
CREATE TABLE day_root (
  day TEXT PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL,
  key TEXT NOT NULL,
  signature TEXT NOT NULL
);

-- Audit rows are written once; only what retention has released may go.
CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.seq <= (SELECT pruned_seq FROM chain) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'audit rows are written once and kept';
END $$;
CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_is_kept();
