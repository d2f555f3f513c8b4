-- Who may be let in. An invitation is good for one key pair: "token" is the SHA-256 of its secret, which is kept
-- nowhere, and "public_key" that of the key it was used for.

CREATE TABLE invitations (
  token      TEXT   NOT NULL PRIMARY KEY,
  role       TEXT   NOT NULL,
  name       TEXT   NOT NULL,
  expires    BIGINT NOT NULL,
  public_key TEXT
);

-- The certificates that the coordinator's authority has signed and that have not expired.
CREATE TABLE certificates (
  serial  TEXT   NOT NULL PRIMARY KEY,
  role    TEXT   NOT NULL,
  name    TEXT   NOT NULL,
  issued  BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  revoked BIGINT
);
CREATE INDEX certificates_by_name ON certificates (role, name);

-- When a name was last revoked: certificates of another authority from before then are refused, which are in no table.
CREATE TABLE revocations (
  role    TEXT   NOT NULL,
  name    TEXT   NOT NULL,
  revoked BIGINT NOT NULL,
  PRIMARY KEY (role, name)
);
