-- What the screening said of members (no method, round 0) and of fine-tuned models; a reason where
-- one was left out. All of a cohort are judged in one transaction, and never again.

CREATE TABLE screenings (
  run_id    TEXT             NOT NULL REFERENCES runs (id),
  method    TEXT             NOT NULL,
  round     INTEGER          NOT NULL,
  site      TEXT             NOT NULL,
  reason    TEXT,
  deviation DOUBLE PRECISION NOT NULL,
  agreement DOUBLE PRECISION,
  PRIMARY KEY (run_id, method, round, site)
);
