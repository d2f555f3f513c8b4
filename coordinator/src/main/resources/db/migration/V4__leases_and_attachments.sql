-- Which coordinator leads a run, until when unless it renews that, and how often the lead has changed hands.

ALTER TABLE runs ADD COLUMN leader TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN leader_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN fence BIGINT NOT NULL DEFAULT 0;

-- The coordinators that use this database, and which of them each site is attached to, by which program.

CREATE TABLE coordinators (
  id          TEXT   NOT NULL PRIMARY KEY,
  alive_until BIGINT NOT NULL
);

ALTER TABLE sites ADD COLUMN coordinator TEXT;
ALTER TABLE sites ADD COLUMN program TEXT NOT NULL DEFAULT '';
