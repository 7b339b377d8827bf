-- What the shop orders from its suppliers, and counts of a shelf. Frozen once released.

CREATE TABLE purchase (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  supplier_id INTEGER NOT NULL,
  no VARCHAR(32) NOT NULL,
  expected_on DATE NOT NULL,
  made_at DATETIME NOT NULL,
  made_by_id INTEGER NOT NULL,
  cancelled_at DATETIME,
  closed_at DATETIME,
  closed_by_id INTEGER,
  reason VARCHAR(200) NOT NULL,
  CONSTRAINT pk_purchase PRIMARY KEY (id),
  CONSTRAINT ck_purchase_closed_by CHECK ((closed_at IS NULL) = (closed_by_id IS NULL)),
  CONSTRAINT ck_purchase_one_end CHECK (closed_at IS NULL OR cancelled_at IS NULL),
  CONSTRAINT fk_purchase_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_purchase_supplier_id FOREIGN KEY(supplier_id) REFERENCES supplier (id),
  CONSTRAINT uq_purchase_no UNIQUE (no),
  CONSTRAINT fk_purchase_made_by_id FOREIGN KEY(made_by_id) REFERENCES user (id),
  CONSTRAINT fk_purchase_closed_by_id FOREIGN KEY(closed_by_id) REFERENCES user (id)
);

CREATE INDEX ix_purchase_branch_id ON purchase (branch_id);

CREATE INDEX ix_purchase_supplier_id ON purchase (supplier_id);

CREATE TABLE purchase_line (
  id INTEGER NOT NULL,
  purchase_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  quantity_milli INTEGER NOT NULL,
  cost_fen INTEGER,
  cancelled_milli INTEGER NOT NULL,
  CONSTRAINT pk_purchase_line PRIMARY KEY (id),
  CONSTRAINT uq_purchase_line_purchase_id_part_id UNIQUE (purchase_id, part_id),
  CONSTRAINT ck_purchase_line_quantity CHECK (quantity_milli > 0),
  CONSTRAINT ck_purchase_line_cost_fen CHECK (cost_fen >= 0),
  CONSTRAINT ck_purchase_line_cancelled CHECK (cancelled_milli BETWEEN 0 AND quantity_milli),
  CONSTRAINT fk_purchase_line_purchase_id FOREIGN KEY(purchase_id) REFERENCES purchase (id),
  CONSTRAINT fk_purchase_line_part_id FOREIGN KEY(part_id) REFERENCES part (id)
);

CREATE INDEX ix_purchase_line_part_id ON purchase_line (part_id);

CREATE TABLE supplier_invoice (
  id INTEGER NOT NULL,
  purchase_id INTEGER NOT NULL,
  no VARCHAR(50) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  withdrawn_at DATETIME,
  CONSTRAINT pk_supplier_invoice PRIMARY KEY (id),
  CONSTRAINT fk_supplier_invoice_purchase_id FOREIGN KEY(purchase_id) REFERENCES purchase (id),
  CONSTRAINT fk_supplier_invoice_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE UNIQUE INDEX uq_supplier_invoice_live ON supplier_invoice (purchase_id, no) WHERE withdrawn_at IS NULL;

CREATE TABLE invoice_line (
  id INTEGER NOT NULL,
  invoice_id INTEGER NOT NULL,
  purchase_line_id INTEGER NOT NULL,
  quantity_milli INTEGER NOT NULL,
  cost_fen INTEGER NOT NULL,
  CONSTRAINT pk_invoice_line PRIMARY KEY (id),
  CONSTRAINT uq_invoice_line_invoice_id_purchase_line_id UNIQUE (invoice_id, purchase_line_id),
  CONSTRAINT ck_invoice_line_quantity CHECK (quantity_milli > 0),
  CONSTRAINT ck_invoice_line_cost_fen CHECK (cost_fen >= 0),
  CONSTRAINT fk_invoice_line_invoice_id FOREIGN KEY(invoice_id) REFERENCES supplier_invoice (id),
  CONSTRAINT fk_invoice_line_purchase_line_id FOREIGN KEY(purchase_line_id) REFERENCES purchase_line (id)
);

CREATE INDEX ix_invoice_line_purchase_line_id ON invoice_line (purchase_line_id);

CREATE TABLE stocktake (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  no VARCHAR(32) NOT NULL,
  bin_from VARCHAR(20) NOT NULL,
  bin_to VARCHAR(20) NOT NULL,
  opened_at DATETIME NOT NULL,
  opened_by_id INTEGER NOT NULL,
  booked_at DATETIME,
  dropped_at DATETIME,
  ended_by_id INTEGER,
  reason VARCHAR(110) NOT NULL,
  CONSTRAINT pk_stocktake PRIMARY KEY (id),
  CONSTRAINT ck_stocktake_one_end CHECK (booked_at IS NULL OR dropped_at IS NULL),
  CONSTRAINT fk_stocktake_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_stocktake_no UNIQUE (no),
  CONSTRAINT fk_stocktake_opened_by_id FOREIGN KEY(opened_by_id) REFERENCES user (id),
  CONSTRAINT fk_stocktake_ended_by_id FOREIGN KEY(ended_by_id) REFERENCES user (id)
);

CREATE INDEX ix_stocktake_branch_id ON stocktake (branch_id);

CREATE TABLE stocktake_line (
  id INTEGER NOT NULL,
  stocktake_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  bin VARCHAR(20) NOT NULL,
  counted_milli INTEGER NOT NULL,
  expected_milli INTEGER NOT NULL,
  counted_at DATETIME NOT NULL,
  counted_by_id INTEGER NOT NULL,
  replaced_at DATETIME,
  CONSTRAINT pk_stocktake_line PRIMARY KEY (id),
  CONSTRAINT ck_stocktake_line_counted CHECK (counted_milli >= 0),
  CONSTRAINT fk_stocktake_line_stocktake_id FOREIGN KEY(stocktake_id) REFERENCES stocktake (id),
  CONSTRAINT fk_stocktake_line_part_id FOREIGN KEY(part_id) REFERENCES part (id),
  CONSTRAINT fk_stocktake_line_counted_by_id FOREIGN KEY(counted_by_id) REFERENCES user (id)
);

CREATE INDEX ix_stocktake_line_part_id ON stocktake_line (part_id);

CREATE UNIQUE INDEX uq_stocktake_line_live ON stocktake_line (stocktake_id, part_id) WHERE replaced_at IS NULL;

