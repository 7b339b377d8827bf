-- A return says why; what is defective lies apart. Frozen once released.

ALTER TABLE pick_line ADD COLUMN again_milli INTEGER DEFAULT 0 NOT NULL;

ALTER TABLE pick_line DROP CONSTRAINT ck_pick_line_reserved;

ALTER TABLE pick_line ADD CONSTRAINT ck_pick_line_reserved
  CHECK (reserved_milli + short_milli <= ordered_milli + again_milli);

ALTER TABLE pick_line ADD CONSTRAINT ck_pick_line_again CHECK (again_milli BETWEEN 0 AND returned_milli);

ALTER TABLE pick_move ADD COLUMN reason VARCHAR(40);

ALTER TABLE pick_move ADD COLUMN note VARCHAR(200) DEFAULT '' NOT NULL;

CREATE TABLE quarantine (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  order_id INTEGER,
  quantity_milli INTEGER NOT NULL,
  note VARCHAR(200) NOT NULL,
  put_at TIMESTAMP WITH TIME ZONE NOT NULL,
  put_by_id INTEGER NOT NULL,
  supplier_id INTEGER,
  claim_no VARCHAR(40) NOT NULL,
  claimed_at TIMESTAMP WITH TIME ZONE,
  claimed_by_id INTEGER,
  outcome VARCHAR(40),
  end_note VARCHAR(200) NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  ended_by_id INTEGER,
  CONSTRAINT pk_quarantine PRIMARY KEY (id),
  CONSTRAINT ck_quarantine_quantity CHECK (quantity_milli > 0),
  CONSTRAINT ck_quarantine_claimed_by CHECK ((claimed_at IS NULL) = (claimed_by_id IS NULL)),
  CONSTRAINT ck_quarantine_ended CHECK ((ended_at IS NULL) = (outcome IS NULL)),
  CONSTRAINT ck_quarantine_ended_by CHECK ((ended_at IS NULL) = (ended_by_id IS NULL)),
  CONSTRAINT fk_quarantine_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_quarantine_part_id FOREIGN KEY(part_id) REFERENCES part (id),
  CONSTRAINT fk_quarantine_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_quarantine_put_by_id FOREIGN KEY(put_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_quarantine_supplier_id FOREIGN KEY(supplier_id) REFERENCES supplier (id),
  CONSTRAINT fk_quarantine_claimed_by_id FOREIGN KEY(claimed_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_quarantine_ended_by_id FOREIGN KEY(ended_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_quarantine_branch_id ON quarantine (branch_id);

CREATE INDEX ix_quarantine_order_id ON quarantine (order_id);

CREATE INDEX ix_quarantine_part_id ON quarantine (part_id);

CREATE INDEX ix_quarantine_supplier_id ON quarantine (supplier_id);
