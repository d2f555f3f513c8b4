-- Everything a coordinator must not forget. Plain SQL that SQLite and PostgreSQL both take.
-- Times are milliseconds since 1970, in UTC. Lists of numbers are texts with commas.

CREATE TABLE sites (
  name             TEXT   NOT NULL PRIMARY KEY,
  input_shape      TEXT   NOT NULL,
  class_counts     TEXT   NOT NULL,
  held_back        BIGINT NOT NULL,
  software_version TEXT   NOT NULL,
  last_seen        BIGINT NOT NULL
);

CREATE TABLE runs (
  id               TEXT    NOT NULL PRIMARY KEY,
  number           BIGINT  NOT NULL UNIQUE,
  token            TEXT    NOT NULL,
  name             TEXT    NOT NULL,
  specification    TEXT    NOT NULL,
  state            TEXT    NOT NULL,
  round            INTEGER NOT NULL,
  created          BIGINT  NOT NULL,
  changed          BIGINT  NOT NULL,
  message          TEXT    NOT NULL,
  published_method TEXT,
  published_round  INTEGER
);

CREATE TABLE artifacts (
  digest TEXT   NOT NULL PRIMARY KEY,
  size   BIGINT NOT NULL,
  kind   TEXT   NOT NULL,
  stored BIGINT NOT NULL
);

CREATE TABLE tasks (
  id                TEXT             NOT NULL PRIMARY KEY,
  run_id            TEXT             NOT NULL REFERENCES runs (id),
  site              TEXT             NOT NULL REFERENCES sites (name),
  kind              TEXT             NOT NULL,
  method            TEXT             NOT NULL,
  round             INTEGER          NOT NULL,
  state             TEXT             NOT NULL,
  attempts          INTEGER          NOT NULL,
  retryable         INTEGER          NOT NULL,
  deadline          BIGINT           NOT NULL,
  lease_until       BIGINT           NOT NULL,
  phase             TEXT             NOT NULL,
  fraction          DOUBLE PRECISION NOT NULL,
  message           TEXT             NOT NULL,
  weights           TEXT             REFERENCES artifacts (digest),
  scores            TEXT             REFERENCES artifacts (digest),
  training_examples BIGINT,
  before_examples   BIGINT,
  before_correct    BIGINT,
  before_loss       DOUBLE PRECISION,
  after_examples    BIGINT,
  after_correct     BIGINT,
  after_loss        DOUBLE PRECISION,
  seconds           DOUBLE PRECISION
);
CREATE INDEX tasks_by_run ON tasks (run_id, round, kind);
CREATE INDEX tasks_by_site ON tasks (site, state);
-- Looked at twice a second, for leases; few tasks are open at a time.
CREATE INDEX tasks_open ON tasks (lease_until) WHERE state = 'OPEN';

CREATE TABLE models (
  run_id  TEXT             NOT NULL REFERENCES runs (id),
  method  TEXT             NOT NULL,
  round   INTEGER          NOT NULL,
  digest  TEXT             NOT NULL REFERENCES artifacts (digest),
  seconds DOUBLE PRECISION NOT NULL,
  report  TEXT             NOT NULL,
  PRIMARY KEY (run_id, method, round)
);

-- What the coordinator measured itself: members, their ensemble, models of each round.
CREATE TABLE evaluations (
  run_id   TEXT             NOT NULL REFERENCES runs (id),
  subject  TEXT             NOT NULL,
  name     TEXT             NOT NULL,
  round    INTEGER          NOT NULL,
  examples BIGINT           NOT NULL,
  correct  BIGINT           NOT NULL,
  loss     DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (run_id, subject, name, round)
);
