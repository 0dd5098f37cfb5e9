-- 個人資料: what is known of a person beside their cases. `profile` and `transfer` are JSON; `change_seq` counts up with every
-- change of anything below, so that the person's computers hear of it.
CREATE TABLE records (
    account_id  TEXT PRIMARY KEY REFERENCES accounts (id),
    profile     TEXT NOT NULL,
    transfer    TEXT NOT NULL,
    change_seq  BIGINT NOT NULL
);
CREATE INDEX records_changes ON records (change_seq);

-- 研習時數. `name` is the course's code, or the course itself where it has none: with day and kind it makes the training one and the
-- same however often it is imported. Hours are counted in halves.
CREATE TABLE trainings (
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    day         TEXT NOT NULL,
    kind        TEXT NOT NULL,
    name        TEXT NOT NULL,
    course      TEXT NOT NULL,
    code        TEXT NOT NULL,
    halves      BIGINT NOT NULL,
    source      TEXT NOT NULL,
    PRIMARY KEY (account_id, day, kind, name)
);

-- 認證證號. `plan_year` is 0 where none is known. `standing`: `counts`; `waits` for the person's answer to 資料轉移; `refused` by it,
-- kept so that the same row imported again does not ask a second time.
CREATE TABLE certificates (
    id          TEXT PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    kind        TEXT NOT NULL,
    plan_year   BIGINT NOT NULL,
    number      TEXT NOT NULL,
    issued_on   TEXT,
    source      TEXT NOT NULL,
    standing    TEXT NOT NULL,
    UNIQUE (account_id, kind, plan_year, number)
);
