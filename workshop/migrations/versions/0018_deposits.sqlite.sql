-- Old parts that come back for their deposit, and those that go back to the supplier. Frozen.

CREATE TABLE core_return (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  quotation_line_id INTEGER NOT NULL,
  outcome VARCHAR(40) NOT NULL,
  quantity_milli INTEGER NOT NULL,
  note VARCHAR(200) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  withdrawn_at DATETIME,
  withdrawn_by_id INTEGER,
  withdrawn_reason VARCHAR(200) NOT NULL,
  CONSTRAINT pk_core_return PRIMARY KEY (id),
  CONSTRAINT ck_core_return_quantity CHECK (quantity_milli > 0),
  CONSTRAINT ck_core_return_kept_reason CHECK (outcome <> 'kept' OR note <> ''),
  CONSTRAINT ck_core_return_withdrawn CHECK ((withdrawn_at IS NULL) = (withdrawn_by_id IS NULL) AND (withdrawn_at IS NULL OR withdrawn_reason <> '')),
  CONSTRAINT fk_core_return_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_core_return_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_core_return_quotation_line_id FOREIGN KEY(quotation_line_id) REFERENCES quotation_line (id),
  CONSTRAINT fk_core_return_by_id FOREIGN KEY(by_id) REFERENCES user (id),
  CONSTRAINT fk_core_return_withdrawn_by_id FOREIGN KEY(withdrawn_by_id) REFERENCES user (id)
);

CREATE INDEX ix_core_return_branch_id ON core_return (branch_id);

CREATE INDEX ix_core_return_order_id ON core_return (order_id);

CREATE INDEX ix_core_return_quotation_line_id ON core_return (quotation_line_id);

CREATE TABLE core_shipment (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  supplier_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  quantity_milli INTEGER NOT NULL,
  due_fen INTEGER NOT NULL,
  document VARCHAR(50) NOT NULL,
  sent_at DATETIME NOT NULL,
  sent_by_id INTEGER NOT NULL,
  withdrawn_at DATETIME,
  credited_fen INTEGER,
  credited_at DATETIME,
  credited_by_id INTEGER,
  credit_no VARCHAR(50) NOT NULL,
  reason VARCHAR(200) NOT NULL,
  CONSTRAINT pk_core_shipment PRIMARY KEY (id),
  CONSTRAINT ck_core_shipment_quantity CHECK (quantity_milli > 0),
  CONSTRAINT ck_core_shipment_due CHECK (due_fen >= 0),
  CONSTRAINT ck_core_shipment_credited CHECK (credited_fen BETWEEN 0 AND due_fen),
  CONSTRAINT ck_core_shipment_credited_at CHECK ((credited_fen IS NULL) = (credited_at IS NULL)),
  CONSTRAINT ck_core_shipment_short_reason CHECK (credited_fen IS NULL OR credited_fen = due_fen OR reason <> ''),
  CONSTRAINT ck_core_shipment_one_end CHECK (withdrawn_at IS NULL OR credited_at IS NULL),
  CONSTRAINT fk_core_shipment_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_core_shipment_supplier_id FOREIGN KEY(supplier_id) REFERENCES supplier (id),
  CONSTRAINT fk_core_shipment_part_id FOREIGN KEY(part_id) REFERENCES part (id),
  CONSTRAINT fk_core_shipment_sent_by_id FOREIGN KEY(sent_by_id) REFERENCES user (id),
  CONSTRAINT fk_core_shipment_credited_by_id FOREIGN KEY(credited_by_id) REFERENCES user (id)
);

CREATE INDEX ix_core_shipment_branch_id ON core_shipment (branch_id);

CREATE INDEX ix_core_shipment_supplier_id ON core_shipment (supplier_id);

CREATE INDEX ix_core_shipment_part_id ON core_shipment (part_id);

-- Nobody gets more deposit back than was charged.
CREATE TRIGGER core_return_within BEFORE INSERT ON core_return
BEGIN
  SELECT RAISE(ABORT, 'within:core_return') WHERE NEW.quantity_milli + (
    SELECT COALESCE(SUM(quantity_milli), 0) FROM core_return
    WHERE quotation_line_id = NEW.quotation_line_id AND withdrawn_at IS NULL
  ) > (SELECT quantity_milli FROM quotation_line WHERE id = NEW.quotation_line_id);
END;
