-- Which coordinator puts an artifact that is STORING: once that one is gone, another may begin anew.

ALTER TABLE artifacts ADD COLUMN coordinator TEXT;
