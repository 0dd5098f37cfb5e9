-- A message keeps the words it was given when the service made it: JSON of title and body in both languages. Messages from before
-- have none, and are shown in the program's own words.
ALTER TABLE notices ADD COLUMN words TEXT;
