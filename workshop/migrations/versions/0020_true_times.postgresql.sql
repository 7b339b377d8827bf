-- Why something doubtful was offered; when work really happened. Frozen once released.

ALTER TABLE quotation ADD COLUMN despite VARCHAR(200) DEFAULT '' NOT NULL;

ALTER TABLE allocation ADD COLUMN worked_from TIMESTAMP WITH TIME ZONE;
ALTER TABLE allocation ADD COLUMN worked_until TIMESTAMP WITH TIME ZONE
  CONSTRAINT ck_allocation_worked
  CHECK ((worked_from IS NULL) = (worked_until IS NULL) AND worked_from <= worked_until);

ALTER TABLE attendance DROP CONSTRAINT ck_attendance_ended_by;
ALTER TABLE attendance ADD CONSTRAINT ck_attendance_ended_by CHECK (
  (ended_at IS NULL) = (ended_by_id IS NULL) OR (is_end_assumed AND ended_at IS NOT NULL)
);
