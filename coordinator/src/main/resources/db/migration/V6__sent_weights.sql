-- What a site sent for the weights of a task: encoding, bytes, bytes in single precision, errors.

ALTER TABLE tasks ADD COLUMN sent TEXT;
