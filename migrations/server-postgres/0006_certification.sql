-- Certifications. The service acts by itself when a time is over: it has an account that nobody can sign in to.
INSERT INTO accounts (id, account, role, person_name, password_hash, created_at)
VALUES ('00000000-0000-0000-0000-000000000000', '-', 'platform', '系統', '-', 0);

-- 證書字號: counted within kind and plan year, one for each case.
CREATE TABLE certificate_numbers (
    kind       TEXT NOT NULL,
    plan_year  BIGINT NOT NULL,
    serial     BIGINT NOT NULL,
    case_id    TEXT NOT NULL UNIQUE REFERENCES cases (id),
    number     TEXT NOT NULL,
    PRIMARY KEY (kind, plan_year, serial)
);

-- Cases whose days for an appeal run: until when.
CREATE TABLE appeal_days (
    case_id  TEXT PRIMARY KEY REFERENCES cases (id),
    until    BIGINT NOT NULL
);
CREATE INDEX appeal_days_by_end ON appeal_days (until);
