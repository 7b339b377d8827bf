-- What is true of a check, a clock and a concern. Frozen once released.

ALTER TABLE inspection_item ADD COLUMN light VARCHAR(40)
  CONSTRAINT ck_inspection_item_red CHECK (light <> 'red' OR verdict IN ('bad', 'attention'));

ALTER TABLE work_session ADD COLUMN is_end_assumed BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE clock_correction (
  id INTEGER NOT NULL,
  work_session_id INTEGER NOT NULL,
  ended_at DATETIME NOT NULL,
  reason VARCHAR(200) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_clock_correction PRIMARY KEY (id),
  CONSTRAINT uq_clock_correction_work_session_id UNIQUE (work_session_id),
  CONSTRAINT ck_clock_correction_reason CHECK (reason <> ''),
  CONSTRAINT fk_clock_correction_work_session_id FOREIGN KEY(work_session_id) REFERENCES work_session (id),
  CONSTRAINT fk_clock_correction_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE TABLE concern_answer (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  words TEXT NOT NULL,
  outcome VARCHAR(40) NOT NULL,
  job_id INTEGER,
  note VARCHAR(300) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  taken_back_at DATETIME,
  taken_back_by_id INTEGER,
  CONSTRAINT pk_concern_answer PRIMARY KEY (id),
  CONSTRAINT ck_concern_answer_job CHECK ((outcome = 'job') = (job_id IS NOT NULL)),
  CONSTRAINT ck_concern_answer_note CHECK (outcome = 'job' OR note <> ''),
  CONSTRAINT fk_concern_answer_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_concern_answer_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_concern_answer_by_id FOREIGN KEY(by_id) REFERENCES "user" (id),
  CONSTRAINT fk_concern_answer_taken_back_by_id FOREIGN KEY(taken_back_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_concern_answer_order_id ON concern_answer (order_id);

CREATE UNIQUE INDEX uq_concern_answer_live ON concern_answer (order_id, words) WHERE taken_back_at IS NULL;

CREATE TABLE order_forecast (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  expected_at DATETIME NOT NULL,
  why VARCHAR(40),
  at DATETIME NOT NULL,
  CONSTRAINT pk_order_forecast PRIMARY KEY (id),
  CONSTRAINT uq_order_forecast_order_id UNIQUE (order_id),
  CONSTRAINT fk_order_forecast_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id)
);

-- ---- append_only ----

CREATE TRIGGER clock_correction_no_update BEFORE UPDATE ON clock_correction
BEGIN SELECT RAISE(ABORT, 'append-only:clock_correction'); END;

CREATE TRIGGER clock_correction_no_delete BEFORE DELETE ON clock_correction
BEGIN SELECT RAISE(ABORT, 'append-only:clock_correction'); END;
