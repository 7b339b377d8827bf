-- Call lists: what an act touched, and what became of each thing. Frozen once released.

CREATE TABLE call_list (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  act VARCHAR(60) NOT NULL,
  about VARCHAR(200) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_call_list PRIMARY KEY (id),
  CONSTRAINT fk_call_list_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_call_list_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_call_list_branch_id ON call_list (branch_id);

CREATE TABLE touched_thing (
  id INTEGER NOT NULL,
  list_id INTEGER NOT NULL,
  why VARCHAR(40) NOT NULL,
  subject VARCHAR(20) NOT NULL,
  appointment_id INTEGER,
  order_id INTEGER,
  was_at DATETIME,
  owner_id INTEGER,
  agreed_with VARCHAR(80) NOT NULL,
  agreed_at DATETIME,
  agreed_by_id INTEGER,
  CONSTRAINT pk_touched_thing PRIMARY KEY (id),
  CONSTRAINT uq_touched_thing_list_id_why_subject UNIQUE (list_id, why, subject),
  CONSTRAINT ck_touched_thing_one_record CHECK ((appointment_id IS NULL) <> (order_id IS NULL)),
  CONSTRAINT ck_touched_thing_agreed CHECK ((agreed_at IS NULL) = (agreed_by_id IS NULL)),
  CONSTRAINT ck_touched_thing_agreed_with CHECK ((agreed_at IS NULL) = (agreed_with = '')),
  CONSTRAINT fk_touched_thing_list_id FOREIGN KEY(list_id) REFERENCES call_list (id),
  CONSTRAINT fk_touched_thing_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointment (id),
  CONSTRAINT fk_touched_thing_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_touched_thing_owner_id FOREIGN KEY(owner_id) REFERENCES user (id),
  CONSTRAINT fk_touched_thing_agreed_by_id FOREIGN KEY(agreed_by_id) REFERENCES user (id)
);

CREATE INDEX ix_touched_thing_appointment_id ON touched_thing (appointment_id);

CREATE INDEX ix_touched_thing_order_id ON touched_thing (order_id);

CREATE INDEX ix_touched_thing_subject ON touched_thing (subject);
