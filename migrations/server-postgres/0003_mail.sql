-- Mail for messages, and reminders. The same tables stand in the folder of the other database.

-- A message keeps the words it was given when it was made: JSON of title and body in both languages; none: it is older than that.
ALTER TABLE notices ADD COLUMN words TEXT;

-- What people chose about mails; without a row: at once, and reminders. The daily mail has told everything up to change
-- `told_seq`; `told_day` is the last day (in Taipei) on which one was due.
CREATE TABLE mail_choices (
    account_id  TEXT PRIMARY KEY REFERENCES accounts (id),
    mail        TEXT NOT NULL,
    reminders   BIGINT NOT NULL,
    told_seq    BIGINT NOT NULL,
    told_day    TEXT NOT NULL
);
CREATE INDEX mail_choices_by_day ON mail_choices (mail, told_day);

-- Mails to send, each once: `mail_key` names what the mail is for, a message or a day. While one is being sent it is leased, so
-- that no other program on this database takes it. `state`: waiting, sent, failed, dropped.
CREATE TABLE mail_jobs (
    id            TEXT PRIMARY KEY,
    account_id    TEXT NOT NULL REFERENCES accounts (id),
    mail_key      TEXT NOT NULL,
    subject       TEXT NOT NULL,
    body          TEXT NOT NULL,
    state         TEXT NOT NULL,
    tries         BIGINT NOT NULL,
    due_at        BIGINT NOT NULL,
    lease         TEXT,
    leased_until  BIGINT NOT NULL,
    reason        TEXT,
    made_at       BIGINT NOT NULL,
    done_at       BIGINT,
    UNIQUE (account_id, mail_key)
);
CREATE INDEX mail_jobs_due ON mail_jobs (state, due_at);
CREATE INDEX mail_jobs_ended ON mail_jobs (done_at);

-- Who was reminded of what: a window with its end, and the days before it.
CREATE TABLE reminders (
    account_id   TEXT NOT NULL REFERENCES accounts (id),
    window_key   TEXT NOT NULL,
    days_before  BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (account_id, window_key, days_before)
);
-- For which windows everybody was reminded.
CREATE TABLE reminder_runs (
    window_key   TEXT NOT NULL,
    days_before  BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (window_key, days_before)
);
