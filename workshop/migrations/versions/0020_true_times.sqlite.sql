-- Why something doubtful was offered; when work really happened. Frozen once released.

ALTER TABLE quotation ADD COLUMN despite VARCHAR(200) DEFAULT '' NOT NULL;

ALTER TABLE allocation ADD COLUMN worked_from DATETIME;
ALTER TABLE allocation ADD COLUMN worked_until DATETIME
  CONSTRAINT ck_allocation_worked
  CHECK ((worked_from IS NULL) = (worked_until IS NULL) AND worked_from <= worked_until);
