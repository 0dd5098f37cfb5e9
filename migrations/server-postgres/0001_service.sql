-- The service's whole database. Ids are text, moments are milliseconds since 1970 (UTC), JSON is text.
-- The same file name stands in the folder of the other database; the tables are the same.

-- One row: who the service is, and the number of its last change. Every writing transaction that others may see takes the
-- next number first, so that numbers become visible in their own order.
CREATE TABLE service (
    id          BIGINT PRIMARY KEY CHECK (id = 1),
    service_id  TEXT NOT NULL,
    change_seq  BIGINT NOT NULL,
    created_at  BIGINT NOT NULL
);

CREATE TABLE accounts (
    id             TEXT PRIMARY KEY,
    account        TEXT NOT NULL UNIQUE,
    role           TEXT NOT NULL,
    person_name    TEXT NOT NULL,
    school_code    TEXT,
    school_name    TEXT,
    school_county  TEXT,
    county         TEXT,
    email          TEXT,
    phone          TEXT,
    password_hash  TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    last_sign_in   BIGINT
);
CREATE INDEX accounts_of_school ON accounts (school_code, role);

-- Tokens are kept as their SHA-256 only.
CREATE TABLE sessions (
    token_hash  TEXT PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    created_at  BIGINT NOT NULL,
    ends_at     BIGINT NOT NULL
);
CREATE INDEX sessions_of_account ON sessions (account_id);
CREATE INDEX sessions_by_end ON sessions (ends_at);

-- Tries to sign in since the last success, per account and address; the key is a hash of both.
CREATE TABLE sign_in_tries (
    try_key  TEXT PRIMARY KEY,
    tries    BIGINT NOT NULL,
    last_at  BIGINT NOT NULL
);
CREATE INDEX sign_in_tries_by_time ON sign_in_tries (last_at);

-- The fold of a case's events, kept beside them. `head` is the case without its papers.
CREATE TABLE cases (
    id          TEXT PRIMARY KEY,
    process     TEXT NOT NULL,
    plan_year   BIGINT NOT NULL,
    owner_id    TEXT NOT NULL REFERENCES accounts (id),
    head_seq    BIGINT NOT NULL,
    convenes    BIGINT NOT NULL,
    shown       BIGINT NOT NULL,
    row_text    TEXT NOT NULL,
    paper_text  TEXT NOT NULL,
    head        TEXT NOT NULL,
    papers      TEXT NOT NULL
);
-- One person convenes one application in a plan year.
CREATE UNIQUE INDEX cases_one_convener ON cases (owner_id, process, plan_year) WHERE convenes = 1;

-- In whose lists a case stands: `owner:ID`, `school:CODE`, `county:NAME`, `all`.
CREATE TABLE case_scopes (
    scope       TEXT NOT NULL,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    opened_seq  BIGINT NOT NULL,
    change_seq  BIGINT NOT NULL,
    plan_year   BIGINT NOT NULL,
    PRIMARY KEY (scope, case_id)
);
CREATE INDEX case_scopes_newest ON case_scopes (scope, opened_seq);
CREATE INDEX case_scopes_newest_of_year ON case_scopes (scope, plan_year, opened_seq);
CREATE INDEX case_scopes_changes ON case_scopes (scope, change_seq);
CREATE INDEX case_scopes_of_case ON case_scopes (case_id);

-- Appended, never changed.
CREATE TABLE events (
    case_id   TEXT NOT NULL REFERENCES cases (id),
    seq       BIGINT NOT NULL,
    id        TEXT NOT NULL UNIQUE,
    actor_id  TEXT NOT NULL REFERENCES accounts (id),
    at        BIGINT NOT NULL,
    act_hash  TEXT NOT NULL,
    body      TEXT NOT NULL,
    PRIMARY KEY (case_id, seq)
);

CREATE TABLE audit (
    seq     BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    act     TEXT NOT NULL,
    object  TEXT NOT NULL,
    detail  TEXT NOT NULL,
    hash    TEXT NOT NULL
);

CREATE TABLE drafts (
    case_id     TEXT NOT NULL REFERENCES cases (id),
    form        TEXT NOT NULL,
    owner_id    TEXT NOT NULL REFERENCES accounts (id),
    change_seq  BIGINT NOT NULL,
    head        TEXT NOT NULL,
    PRIMARY KEY (case_id, form)
);
CREATE INDEX drafts_changes ON drafts (owner_id, change_seq);

CREATE TABLE draft_pushes (
    id         TEXT PRIMARY KEY,
    actor_id   TEXT NOT NULL REFERENCES accounts (id),
    push_hash  TEXT NOT NULL,
    answer     TEXT NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX draft_pushes_by_time ON draft_pushes (at);

CREATE TABLE prints (
    case_id   TEXT NOT NULL REFERENCES cases (id),
    form      TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    hash      TEXT NOT NULL,
    body      TEXT NOT NULL,
    PRIMARY KEY (case_id, form, revision, hash)
);

CREATE TABLE notices (
    id          TEXT PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    kind        TEXT NOT NULL,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    at          BIGINT NOT NULL,
    read_at     BIGINT,
    change_seq  BIGINT NOT NULL
);
CREATE INDEX notices_changes ON notices (account_id, change_seq);

-- Cases that an account may no longer see.
CREATE TABLE tombstones (
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    case_id     TEXT NOT NULL REFERENCES cases (id),
    change_seq  BIGINT NOT NULL,
    PRIMARY KEY (account_id, case_id)
);
CREATE INDEX tombstones_changes ON tombstones (account_id, change_seq);

-- Files that are completely there and were checked; who sent them; in which cases' papers they are now.
CREATE TABLE blobs (
    sha256  TEXT PRIMARY KEY,
    bytes   BIGINT NOT NULL,
    pages   BIGINT NOT NULL,
    at      BIGINT NOT NULL
);
CREATE TABLE blob_senders (
    sha256      TEXT NOT NULL REFERENCES blobs (sha256),
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    at          BIGINT NOT NULL,
    PRIMARY KEY (sha256, account_id)
);
CREATE TABLE case_blobs (
    sha256   TEXT NOT NULL REFERENCES blobs (sha256),
    case_id  TEXT NOT NULL REFERENCES cases (id),
    PRIMARY KEY (sha256, case_id)
);
CREATE INDEX case_blobs_of_case ON case_blobs (case_id);

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER events_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION append_only();
