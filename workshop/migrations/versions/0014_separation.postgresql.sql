-- What one person did though it is for two. Frozen once released.

ALTER TABLE branch ADD COLUMN not_apart JSON NOT NULL DEFAULT '[]';
ALTER TABLE branch ALTER COLUMN not_apart DROP DEFAULT;

CREATE TABLE named_exception (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  rule VARCHAR(40) NOT NULL,
  subject VARCHAR(40) NOT NULL,
  subject_id INTEGER NOT NULL,
  reason VARCHAR(300) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_named_exception PRIMARY KEY (id),
  CONSTRAINT ck_named_exception_reason CHECK (reason <> ''),
  CONSTRAINT fk_named_exception_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_named_exception_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_named_exception_subject ON named_exception (subject, subject_id);

CREATE TRIGGER named_exception_append_only BEFORE UPDATE OR DELETE ON named_exception
FOR EACH ROW EXECUTE FUNCTION refuse_change();
