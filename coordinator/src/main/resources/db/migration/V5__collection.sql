-- How artifacts come and go: STORING until the bucket has its object, STORED, COLLECTING while its
-- bytes are deleted. Where there is no bucket, there is no object and no STORING. "stored" is when
-- that last changed, or when somebody last sent or reported it.

ALTER TABLE artifacts ADD COLUMN state TEXT NOT NULL DEFAULT 'STORED';
ALTER TABLE artifacts ADD COLUMN object TEXT;

-- Looked at for each artifact that might be needed no more.
CREATE INDEX artifacts_by_object ON artifacts (object) WHERE object IS NOT NULL;
CREATE INDEX models_by_digest ON models (digest);
CREATE INDEX exchanges_by_question ON exchanges (question);
CREATE INDEX tasks_by_weights ON tasks (weights) WHERE weights IS NOT NULL;
CREATE INDEX tasks_by_scores ON tasks (scores) WHERE scores IS NOT NULL;
CREATE INDEX tasks_by_moments ON tasks (moments) WHERE moments IS NOT NULL;
CREATE INDEX tasks_by_public_key ON tasks (public_key) WHERE public_key IS NOT NULL;

-- Runs that an operator deleted: their numbers are not given again.
CREATE TABLE deleted_runs (
  number  BIGINT NOT NULL PRIMARY KEY,
  id      TEXT   NOT NULL,
  deleted BIGINT NOT NULL
);

-- One row: which database this is, so that no other collects the artifacts that only this one knows.
CREATE TABLE identity (
  id TEXT NOT NULL PRIMARY KEY
);
