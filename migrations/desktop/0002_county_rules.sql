-- 縣市規定 as the service told them, every version.
CREATE TABLE county_rules (
    county     TEXT    NOT NULL,
    plan_year  INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    body       TEXT    NOT NULL,
    PRIMARY KEY (county, plan_year, version)
) STRICT;

-- An earlier program has passed over what it did not know; with no cursor everything is told again.
DELETE FROM meta WHERE name = 'changes_cursor';
