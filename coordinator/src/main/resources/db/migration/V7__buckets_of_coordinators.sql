-- Where a coordinator keeps artifacts; empty where that is its folder alone.

ALTER TABLE coordinators ADD COLUMN bucket TEXT NOT NULL DEFAULT '';
