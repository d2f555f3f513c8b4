-- When a failed task may be given out again, and since when a run is paused.

ALTER TABLE tasks ADD COLUMN retry_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN paused BIGINT;

-- When the run was last taken up again, by a coordinator that was started or by an operator.
ALTER TABLE runs ADD COLUMN resumed BIGINT NOT NULL DEFAULT 0;
