-- New versions of signed authorisations from which work was taken off. Frozen once released.

CREATE TABLE take_off (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  version_no INTEGER NOT NULL,
  state VARCHAR(40) NOT NULL,
  stops BOOLEAN NOT NULL,
  reason VARCHAR(200) NOT NULL,
  no_check_reason VARCHAR(200) NOT NULL,
  wanted JSON NOT NULL,
  before_fen INTEGER NOT NULL,
  after_fen INTEGER NOT NULL,
  promise_at DATETIME,
  asked_at DATETIME NOT NULL,
  asked_by_id INTEGER NOT NULL,
  agreed_at DATETIME,
  signer_name VARCHAR(80) NOT NULL,
  signature_id INTEGER,
  channel VARCHAR(40),
  evidence VARCHAR(200) NOT NULL,
  device VARCHAR(300) NOT NULL,
  taken_by_id INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT pk_take_off PRIMARY KEY (id),
  CONSTRAINT uq_take_off_order_id_version_no UNIQUE (order_id, version_no),
  CONSTRAINT ck_take_off_reason CHECK (reason <> ''),
  CONSTRAINT ck_take_off_agreed_at CHECK (state <> 'agreed' OR agreed_at IS NOT NULL),
  CONSTRAINT ck_take_off_signer CHECK (state <> 'agreed' OR signer_name <> ''),
  CONSTRAINT ck_take_off_channel CHECK (state <> 'agreed' OR channel IS NOT NULL),
  CONSTRAINT ck_take_off_evidence CHECK (channel <> 'phone' OR evidence <> ''),
  CONSTRAINT fk_take_off_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_take_off_asked_by_id FOREIGN KEY(asked_by_id) REFERENCES user (id),
  CONSTRAINT fk_take_off_signature_id FOREIGN KEY(signature_id) REFERENCES attachment (id),
  CONSTRAINT fk_take_off_taken_by_id FOREIGN KEY(taken_by_id) REFERENCES user (id)
);

CREATE INDEX ix_take_off_order_id ON take_off (order_id);

CREATE INDEX ix_take_off_state ON take_off (state);

CREATE UNIQUE INDEX uq_take_off_asked ON take_off (order_id) WHERE state = 'asked';

CREATE TABLE take_off_line (
  id INTEGER NOT NULL,
  take_off_id INTEGER NOT NULL,
  quotation_line_id INTEGER NOT NULL,
  done INTEGER NOT NULL,
  done_fen INTEGER NOT NULL,
  billed_fen INTEGER NOT NULL,
  waived_by_id INTEGER,
  waive_reason VARCHAR(200) NOT NULL,
  CONSTRAINT pk_take_off_line PRIMARY KEY (id),
  CONSTRAINT ck_take_off_line_billed CHECK (done >= 0 AND billed_fen BETWEEN 0 AND done_fen),
  CONSTRAINT ck_take_off_line_waived CHECK (billed_fen = done_fen OR (waived_by_id IS NOT NULL AND waive_reason <> '')),
  CONSTRAINT fk_take_off_line_take_off_id FOREIGN KEY(take_off_id) REFERENCES take_off (id),
  CONSTRAINT uq_take_off_line_quotation_line_id UNIQUE (quotation_line_id),
  CONSTRAINT fk_take_off_line_quotation_line_id FOREIGN KEY(quotation_line_id) REFERENCES quotation_line (id),
  CONSTRAINT fk_take_off_line_waived_by_id FOREIGN KEY(waived_by_id) REFERENCES user (id)
);

CREATE INDEX ix_take_off_line_take_off_id ON take_off_line (take_off_id);

CREATE TRIGGER take_off_frozen BEFORE UPDATE ON take_off
WHEN OLD.state <> 'asked'
BEGIN SELECT RAISE(ABORT, 'frozen:take_off'); END;

CREATE TRIGGER take_off_kept BEFORE DELETE ON take_off
BEGIN SELECT RAISE(ABORT, 'frozen:take_off'); END;

CREATE TRIGGER take_off_line_no_update BEFORE UPDATE ON take_off_line
BEGIN SELECT RAISE(ABORT, 'append-only:take_off_line'); END;

CREATE TRIGGER take_off_line_no_delete BEFORE DELETE ON take_off_line
BEGIN SELECT RAISE(ABORT, 'append-only:take_off_line'); END;
