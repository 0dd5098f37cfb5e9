-- Lists that are narrowed by state, school, level and amounts. `seen_state` and `seq` are the case with the acts that wait put on
-- top, so that a list shows what the person believes to be true; `state` stays what the service told. The program fills the
-- columns of cases that are here already when it first opens the store.
ALTER TABLE cases ADD COLUMN seen_state  TEXT    NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN seq         INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN school_code TEXT    NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN county      TEXT    NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN level       TEXT    NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN asked       INTEGER;
ALTER TABLE cases ADD COLUMN approved    INTEGER;
CREATE INDEX cases_newest_of_state  ON cases (seen_state, created_at DESC, id DESC);
CREATE INDEX cases_newest_of_school ON cases (school_code, created_at DESC, id DESC);
