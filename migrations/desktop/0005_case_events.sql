-- What the service told of the life of a case, with every version that was sent: so that versions can be compared without a line.
-- `seq` is the number of the last event in it.
CREATE TABLE case_events (
    case_id TEXT PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE,
    seq     INTEGER NOT NULL,
    body    TEXT NOT NULL
) STRICT;
