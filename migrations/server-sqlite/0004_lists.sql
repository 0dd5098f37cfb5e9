-- Lists of cases: one narrow row for each case with what is filtered, searched and counted, in the order in which they were
-- opened. The wide columns of `cases` are read for the rows of one page only. What the papers say (level, asked, paper_text) may
-- be used for others than the owner where `shown` is 1. In SQLite the number is an INTEGER, and not a BIGINT, because that makes
-- it the row's own place: a list of all cases is read from end to end and never looked up row by row.
CREATE TABLE case_rows (
    opened_seq   INTEGER PRIMARY KEY,
    case_id      TEXT NOT NULL UNIQUE REFERENCES cases (id),
    process      TEXT NOT NULL,
    plan_year    BIGINT NOT NULL,
    county       TEXT NOT NULL,
    school_code  TEXT NOT NULL,
    school_name  TEXT NOT NULL,
    owner_id     TEXT NOT NULL,
    state        TEXT NOT NULL,
    shown        BIGINT NOT NULL,
    level        TEXT NOT NULL,
    asked        BIGINT,
    approved     BIGINT,
    row_text     TEXT NOT NULL,
    paper_text   TEXT NOT NULL
);
CREATE INDEX case_rows_of_year        ON case_rows (plan_year, opened_seq);
CREATE INDEX case_rows_of_county      ON case_rows (county, opened_seq);
CREATE INDEX case_rows_of_county_year ON case_rows (county, plan_year, opened_seq);
CREATE INDEX case_rows_of_school      ON case_rows (school_code, opened_seq);
CREATE INDEX case_rows_of_owner       ON case_rows (owner_id, opened_seq);
-- Choices are counted without a look at the rows themselves.
CREATE INDEX case_rows_counted        ON case_rows (county, plan_year, process, state, shown, level);
CREATE INDEX case_rows_by_school      ON case_rows (county, school_code, school_name, plan_year, process, state, shown, level);

-- Which revision of the rules filled `case_rows`; the program fills them anew when its own is another.
CREATE TABLE case_rows_filled (
    id        BIGINT PRIMARY KEY CHECK (id = 1),
    revision  BIGINT NOT NULL
);
INSERT INTO case_rows_filled (id, revision) VALUES (1, 0);

-- What `case_rows` took over.
DROP INDEX case_scopes_newest;
DROP INDEX case_scopes_newest_of_year;
ALTER TABLE cases DROP COLUMN shown;
ALTER TABLE cases DROP COLUMN row_text;
ALTER TABLE cases DROP COLUMN paper_text;
