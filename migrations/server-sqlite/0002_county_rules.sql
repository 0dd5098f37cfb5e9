-- 縣市規定: what a county asks for in a plan year, in numbered versions. Appended, never changed; `put_hash` is over everything
-- that was sent, so that the same version sent twice is one version.
CREATE TABLE county_rules (
    county      TEXT NOT NULL,
    plan_year   BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    id          TEXT NOT NULL UNIQUE,
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    at          BIGINT NOT NULL,
    change_seq  BIGINT NOT NULL,
    put_hash    TEXT NOT NULL,
    body        TEXT NOT NULL,
    PRIMARY KEY (county, plan_year, version)
);
CREATE INDEX county_rules_changes ON county_rules (change_seq);

CREATE TRIGGER county_rules_never_updated BEFORE UPDATE ON county_rules BEGIN SELECT RAISE(ABORT, 'county_rules is append-only'); END;
CREATE TRIGGER county_rules_never_deleted BEFORE DELETE ON county_rules BEGIN SELECT RAISE(ABORT, 'county_rules is append-only'); END;
