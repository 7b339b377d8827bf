-- How red lines end; which line of an inspection asked for work.

ALTER TABLE additional_work ADD COLUMN answer_id INTEGER CONSTRAINT fk_additional_work_answer_id REFERENCES inspection_answer (id);

CREATE UNIQUE INDEX uq_additional_work_answer ON additional_work (answer_id) WHERE answer_id IS NOT NULL;

CREATE TABLE red_end (
  id INTEGER NOT NULL,
  answer_id INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  due_on DATE,
  due_km INTEGER,
  reason VARCHAR(200) NOT NULL,
  signer_name VARCHAR(80) NOT NULL,
  signature_id INTEGER,
  deferred_id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  taken_back_at DATETIME,
  taken_back_by_id INTEGER,
  CONSTRAINT pk_red_end PRIMARY KEY (id),
  CONSTRAINT ck_red_end_due CHECK (kind <> 'deferred' OR due_on IS NOT NULL OR due_km IS NOT NULL),
  CONSTRAINT ck_red_end_signed CHECK (kind <> 'declined' OR signer_name <> ''),
  CONSTRAINT ck_red_end_taken_back CHECK ((taken_back_at IS NULL) = (taken_back_by_id IS NULL)),
  CONSTRAINT fk_red_end_answer_id FOREIGN KEY(answer_id) REFERENCES inspection_answer (id),
  CONSTRAINT fk_red_end_signature_id FOREIGN KEY(signature_id) REFERENCES attachment (id),
  CONSTRAINT fk_red_end_deferred_id FOREIGN KEY(deferred_id) REFERENCES deferred_work (id),
  CONSTRAINT fk_red_end_by_id FOREIGN KEY(by_id) REFERENCES user (id),
  CONSTRAINT fk_red_end_taken_back_by_id FOREIGN KEY(taken_back_by_id) REFERENCES user (id)
);

CREATE UNIQUE INDEX uq_red_end_live ON red_end (answer_id) WHERE taken_back_at IS NULL;

CREATE INDEX ix_red_end_deferred_id ON red_end (deferred_id);
