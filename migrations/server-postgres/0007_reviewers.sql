-- The pool of reviewers. An account of a reviewer that is not here takes every case of which the account itself says nothing.
CREATE TABLE reviewers (
    account_id     TEXT PRIMARY KEY REFERENCES accounts (id),
    county         TEXT,
    school_code    TEXT,
    school_name    TEXT,
    school_county  TEXT,
    fields         TEXT NOT NULL,
    active         BIGINT NOT NULL,
    most           BIGINT
);

-- Who was asked to review which case in which round, and whether they have written: what everybody has to do is counted here.
CREATE TABLE assignments (
    case_id     TEXT NOT NULL REFERENCES cases (id),
    round       TEXT NOT NULL,
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    plan_year   BIGINT NOT NULL,
    written     BIGINT NOT NULL,
    PRIMARY KEY (case_id, round, account_id)
);
CREATE INDEX assignments_of_round ON assignments (plan_year, round, account_id);
CREATE INDEX assignments_waiting ON assignments (written, account_id);

-- What the papers of a case say, in short: compared with every new one.
CREATE TABLE sketches (
    case_id     TEXT PRIMARY KEY REFERENCES cases (id),
    owner_id    TEXT NOT NULL,
    change_seq  BIGINT NOT NULL,
    shingles    BIGINT NOT NULL,
    numbers     TEXT NOT NULL
);
CREATE INDEX sketches_by_change ON sketches (change_seq);

-- Which way to make sketches filled `sketches`; the program fills them anew when its own is another.
CREATE TABLE sketches_filled (
    id        BIGINT PRIMARY KEY CHECK (id = 1),
    revision  BIGINT NOT NULL
);
INSERT INTO sketches_filled (id, revision) VALUES (1, 0);
