-- What one person did though it is for two. Frozen once released.

ALTER TABLE branch ADD COLUMN not_apart JSON NOT NULL DEFAULT '[]';

CREATE TABLE named_exception (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  rule VARCHAR(40) NOT NULL,
  subject VARCHAR(40) NOT NULL,
  subject_id INTEGER NOT NULL,
  reason VARCHAR(300) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_named_exception PRIMARY KEY (id),
  CONSTRAINT ck_named_exception_reason CHECK (reason <> ''),
  CONSTRAINT fk_named_exception_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_named_exception_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_named_exception_subject ON named_exception (subject, subject_id);

CREATE TRIGGER named_exception_no_update BEFORE UPDATE ON named_exception
BEGIN SELECT RAISE(ABORT, 'append-only:named_exception'); END;

CREATE TRIGGER named_exception_no_delete BEFORE DELETE ON named_exception
BEGIN SELECT RAISE(ABORT, 'append-only:named_exception'); END;
