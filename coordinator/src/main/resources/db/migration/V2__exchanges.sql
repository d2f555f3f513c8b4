-- What a federated fusion asks the sites, and which artifacts their tasks answered with.

CREATE TABLE exchanges (
  run_id   TEXT    NOT NULL REFERENCES runs (id),
  method   TEXT    NOT NULL,
  number   INTEGER NOT NULL,
  question TEXT    NOT NULL REFERENCES artifacts (digest),
  PRIMARY KEY (run_id, method, number)
);

ALTER TABLE tasks ADD COLUMN moments TEXT REFERENCES artifacts (digest);
ALTER TABLE tasks ADD COLUMN public_key TEXT REFERENCES artifacts (digest);
