-- The desktop's own store. Ids are TEXT, times are milliseconds since 1970 UTC, `0`/`1` are booleans, other values are JSON as TEXT.

-- Small values by name: settings, the signed-in person, the cursor of the last changes.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a list of cases shows and sorts by. Narrow on purpose: a keyword search reads all of it.
CREATE TABLE cases (
    id            TEXT PRIMARY KEY,
    process       TEXT    NOT NULL,
    plan_year     INTEGER NOT NULL,
    owner_id      TEXT    NOT NULL,
    owner_name    TEXT    NOT NULL,
    school_name   TEXT    NOT NULL,
    title         TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    known         INTEGER NOT NULL,
    papers_hidden INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX cases_newest         ON cases (created_at DESC, id DESC);
CREATE INDEX cases_newest_of_year ON cases (plan_year, created_at DESC, id DESC);
CREATE INDEX cases_newest_of_owner ON cases (owner_id, created_at DESC, id DESC);

-- The whole case, with its papers.
CREATE TABLE case_bodies (
    case_id TEXT PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE,
    body    TEXT NOT NULL
) STRICT;

-- Acts that wait to be sent, oldest first.
CREATE TABLE outbox (
    place      INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id   TEXT    NOT NULL UNIQUE,
    case_id    TEXT    NOT NULL REFERENCES cases (id),
    opens      INTEGER NOT NULL,
    body       TEXT    NOT NULL,
    blobs      TEXT    NOT NULL,
    predicted  TEXT    NOT NULL,
    expect_seq INTEGER NOT NULL,
    refused    TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_of_case ON outbox (case_id, place);

-- Drafts may arrive before their case does, so they do not refer to it.
CREATE TABLE drafts (
    case_id  TEXT    NOT NULL,
    form_id  TEXT    NOT NULL,
    head     TEXT    NOT NULL,
    answers  TEXT    NOT NULL,
    kept     TEXT    NOT NULL,
    clashes  TEXT    NOT NULL,
    push     TEXT,
    to_send  INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (case_id, form_id)
) STRICT;
CREATE INDEX drafts_to_send ON drafts (case_id, form_id) WHERE to_send = 1;

-- Revisions as printed. Two computers may have printed the same number with other content, so the hash is part of the name.
CREATE TABLE printed (
    case_id    TEXT    NOT NULL,
    form_id    TEXT    NOT NULL,
    revision   INTEGER NOT NULL,
    hash       TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    sent       INTEGER NOT NULL,
    printed_at INTEGER NOT NULL,
    PRIMARY KEY (case_id, form_id, revision, hash)
) STRICT;
CREATE INDEX printed_to_send ON printed (case_id, form_id) WHERE sent = 0;

-- Files by the SHA-256 of their bytes.
CREATE TABLE blobs (
    hash  TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

-- Files the service is known to hold, whether or not their bytes are kept here.
CREATE TABLE blobs_there (
    hash TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- The scan that is bound to a printed revision; one for each form of a case.
CREATE TABLE scans (
    case_id  TEXT    NOT NULL,
    form_id  TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    hash     TEXT    NOT NULL,
    blob     TEXT    NOT NULL REFERENCES blobs (hash),
    file     TEXT    NOT NULL,
    pages    TEXT    NOT NULL,
    PRIMARY KEY (case_id, form_id)
) STRICT;

CREATE TABLE notices (
    id      TEXT PRIMARY KEY,
    kind    TEXT    NOT NULL,
    case_id TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    read    INTEGER NOT NULL,
    unsent  INTEGER NOT NULL
) STRICT;
CREATE INDEX notices_newest ON notices (at DESC, id DESC);
