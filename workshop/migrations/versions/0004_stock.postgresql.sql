-- What a parts counter needs beside its shelf, as the models have it. Frozen once released.

CREATE TABLE supplier (
  id SERIAL NOT NULL,
  name VARCHAR(60) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  contact VARCHAR(40) NOT NULL,
  phone VARCHAR(32) NOT NULL,
  tax_no VARCHAR(32) NOT NULL,
  lead_days INTEGER NOT NULL,
  cut_off TIME WITHOUT TIME ZONE,
  minimum_order_fen INTEGER NOT NULL,
  terms_days INTEGER NOT NULL,
  returns_days INTEGER NOT NULL,
  invoice_basis_points INTEGER,
  active BOOLEAN NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  made_by_id INTEGER NOT NULL,
  CONSTRAINT pk_supplier PRIMARY KEY (id),
  CONSTRAINT ck_supplier_lead_days CHECK (lead_days BETWEEN 0 AND 365),
  CONSTRAINT ck_supplier_minimum_order CHECK (minimum_order_fen >= 0),
  CONSTRAINT ck_supplier_terms_days CHECK (terms_days BETWEEN 0 AND 365),
  CONSTRAINT ck_supplier_returns_days CHECK (returns_days BETWEEN 0 AND 365),
  CONSTRAINT ck_supplier_invoice_tax CHECK (invoice_basis_points BETWEEN 0 AND 10000),
  CONSTRAINT uq_supplier_name UNIQUE (name),
  CONSTRAINT fk_supplier_made_by_id FOREIGN KEY(made_by_id) REFERENCES "user" (id)
);

ALTER TABLE "supplier" ADD CONSTRAINT ck_supplier_kind_known CHECK ("kind" IN ('manufacturer', 'dealer', 'market', 'platform'));

CREATE TABLE part_supplier (
  id SERIAL NOT NULL,
  part_id INTEGER NOT NULL,
  supplier_id INTEGER NOT NULL,
  their_no VARCHAR(40) NOT NULL,
  cost_fen INTEGER,
  lead_days INTEGER,
  CONSTRAINT pk_part_supplier PRIMARY KEY (id),
  CONSTRAINT uq_part_supplier_part_id_supplier_id UNIQUE (part_id, supplier_id),
  CONSTRAINT ck_part_supplier_cost_fen CHECK (cost_fen >= 0),
  CONSTRAINT ck_part_supplier_lead_days CHECK (lead_days BETWEEN 0 AND 365),
  CONSTRAINT fk_part_supplier_part_id FOREIGN KEY(part_id) REFERENCES part (id),
  CONSTRAINT fk_part_supplier_supplier_id FOREIGN KEY(supplier_id) REFERENCES supplier (id)
);

CREATE INDEX ix_part_supplier_supplier_id ON part_supplier (supplier_id);

CREATE TABLE part_price (
  id SERIAL NOT NULL,
  part_id INTEGER NOT NULL,
  valid_from DATE NOT NULL,
  price_fen INTEGER NOT NULL,
  reason VARCHAR(200) NOT NULL,
  takes_back_id INTEGER,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_part_price PRIMARY KEY (id),
  CONSTRAINT ck_part_price_price_fen CHECK (price_fen >= 0),
  CONSTRAINT ck_part_price_takes_back CHECK (takes_back_id <> id),
  CONSTRAINT fk_part_price_part_id FOREIGN KEY(part_id) REFERENCES part (id),
  CONSTRAINT uq_part_price_takes_back_id UNIQUE (takes_back_id),
  CONSTRAINT fk_part_price_takes_back_id FOREIGN KEY(takes_back_id) REFERENCES part_price (id),
  CONSTRAINT fk_part_price_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_part_price_part_id ON part_price (part_id);

CREATE TABLE markup_tier (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  from_fen INTEGER NOT NULL,
  percent INTEGER NOT NULL,
  CONSTRAINT pk_markup_tier PRIMARY KEY (id),
  CONSTRAINT uq_markup_tier_branch_id_from_fen UNIQUE (branch_id, from_fen),
  CONSTRAINT ck_markup_tier_from_fen CHECK (from_fen >= 0),
  CONSTRAINT ck_markup_tier_percent CHECK (percent BETWEEN 1 AND 10000),
  CONSTRAINT fk_markup_tier_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id)
);

CREATE TABLE goods_receipt (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  entry_id INTEGER NOT NULL,
  supplier_id INTEGER,
  document VARCHAR(50) NOT NULL,
  quantity_milli INTEGER NOT NULL,
  cost_fen INTEGER,
  corrects_id INTEGER,
  reason VARCHAR(120) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_goods_receipt PRIMARY KEY (id),
  CONSTRAINT ck_goods_receipt_quantity CHECK ((quantity_milli > 0 AND corrects_id IS NULL) OR (quantity_milli < 0 AND corrects_id IS NOT NULL AND reason <> '')),
  CONSTRAINT ck_goods_receipt_cost_fen CHECK (cost_fen >= 0),
  CONSTRAINT fk_goods_receipt_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_goods_receipt_part_id FOREIGN KEY(part_id) REFERENCES part (id),
  CONSTRAINT uq_goods_receipt_entry_id UNIQUE (entry_id),
  CONSTRAINT fk_goods_receipt_entry_id FOREIGN KEY(entry_id) REFERENCES stock_entry (id),
  CONSTRAINT fk_goods_receipt_supplier_id FOREIGN KEY(supplier_id) REFERENCES supplier (id),
  CONSTRAINT fk_goods_receipt_corrects_id FOREIGN KEY(corrects_id) REFERENCES goods_receipt (id),
  CONSTRAINT fk_goods_receipt_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_goods_receipt_branch_id ON goods_receipt (branch_id);

CREATE INDEX ix_goods_receipt_corrects_id ON goods_receipt (corrects_id);

CREATE INDEX ix_goods_receipt_part_id ON goods_receipt (part_id);

CREATE INDEX ix_goods_receipt_supplier_id ON goods_receipt (supplier_id);

-- ---- append_only ----

CREATE TRIGGER part_price_append_only BEFORE UPDATE OR DELETE ON part_price
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER goods_receipt_append_only BEFORE UPDATE OR DELETE ON goods_receipt
FOR EACH ROW EXECUTE FUNCTION refuse_change();

