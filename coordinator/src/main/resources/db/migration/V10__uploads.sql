-- What sites have begun to send, whole or in part, until a result of theirs names it: it counts against their quota.

CREATE TABLE uploads (
  site   TEXT   NOT NULL,
  digest TEXT   NOT NULL,
  size   BIGINT NOT NULL CHECK (size > 0),
  begun  BIGINT NOT NULL,
  PRIMARY KEY (site, digest)
);
CREATE INDEX uploads_by_time ON uploads (begun);
