-- The tables of the catalogue, in the words of PostgreSQL.

CREATE TABLE part_kind (
  id SERIAL NOT NULL,
  code VARCHAR(40) NOT NULL,
  unit VARCHAR(10) NOT NULL,
  active BOOLEAN NOT NULL,
  name_zh VARCHAR(80) NOT NULL,
  name_en VARCHAR(80) NOT NULL,
  starter_version VARCHAR(20),
  checked_at TIMESTAMP WITH TIME ZONE,
  checked_by_id INTEGER,
  changed_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_part_kind PRIMARY KEY (id),
  CONSTRAINT uq_part_kind_code UNIQUE (code),
  CONSTRAINT fk_part_kind_checked_by_id FOREIGN KEY(checked_by_id) REFERENCES "user" (id)
);

CREATE TABLE labour_price (
  rate_id INTEGER NOT NULL,
  payer VARCHAR(40) NOT NULL,
  takes_back_id INTEGER,
  id SERIAL NOT NULL,
  valid_from DATE NOT NULL,
  fen INTEGER,
  reason VARCHAR(200) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER,
  CONSTRAINT pk_labour_price PRIMARY KEY (id),
  CONSTRAINT ck_labour_price_fen CHECK (fen > 0),
  CONSTRAINT ck_labour_price_customer CHECK (payer <> 'customer' OR fen IS NOT NULL OR takes_back_id IS NOT NULL),
  CONSTRAINT fk_labour_price_rate_id FOREIGN KEY(rate_id) REFERENCES labour_rate (id),
  CONSTRAINT uq_labour_price_takes_back_id UNIQUE (takes_back_id),
  CONSTRAINT fk_labour_price_takes_back_id FOREIGN KEY(takes_back_id) REFERENCES labour_price (id),
  CONSTRAINT fk_labour_price_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_labour_price_rate_id ON labour_price (rate_id);

CREATE TABLE package_price (
  package_id INTEGER NOT NULL,
  takes_back_id INTEGER,
  id SERIAL NOT NULL,
  valid_from DATE NOT NULL,
  fen INTEGER,
  reason VARCHAR(200) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER,
  CONSTRAINT pk_package_price PRIMARY KEY (id),
  CONSTRAINT ck_package_price_fen CHECK (fen > 0),
  CONSTRAINT fk_package_price_package_id FOREIGN KEY(package_id) REFERENCES package (id),
  CONSTRAINT uq_package_price_takes_back_id UNIQUE (takes_back_id),
  CONSTRAINT fk_package_price_takes_back_id FOREIGN KEY(takes_back_id) REFERENCES package_price (id),
  CONSTRAINT fk_package_price_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_package_price_package_id ON package_price (package_id);

INSERT INTO labour_price (rate_id, payer, valid_from, fen, reason, at)
SELECT id, 'customer', '2000-01-01', fen_per_hour, '', '2000-01-01 00:00:00+00'
FROM labour_rate WHERE fen_per_hour > 0;

CREATE TRIGGER labour_price_append_only BEFORE UPDATE OR DELETE ON labour_price
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER package_price_append_only BEFORE UPDATE OR DELETE ON package_price
FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE labour_rate DROP COLUMN fen_per_hour;
ALTER TABLE labour_rate ADD COLUMN active BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE labour_rate ALTER COLUMN active DROP DEFAULT;

ALTER TABLE operation ADD COLUMN compact_minutes INTEGER;
ALTER TABLE operation ADD COLUMN suv_minutes INTEGER;
ALTER TABLE operation ADD CONSTRAINT ck_operation_class_minutes
  CHECK (compact_minutes > 0 AND suv_minutes > 0);
ALTER TABLE operation ADD COLUMN energies JSON NOT NULL DEFAULT '[]';
ALTER TABLE operation ADD COLUMN models VARCHAR(200) NOT NULL DEFAULT '';
ALTER TABLE operation ADD COLUMN flags JSON NOT NULL DEFAULT '[]';
ALTER TABLE operation ALTER COLUMN energies DROP DEFAULT;
ALTER TABLE operation ALTER COLUMN models DROP DEFAULT;
ALTER TABLE operation ALTER COLUMN flags DROP DEFAULT;
ALTER TABLE operation ADD COLUMN starter_version VARCHAR(20);
ALTER TABLE operation ADD COLUMN checked_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE operation ADD COLUMN checked_by_id INTEGER
  CONSTRAINT fk_operation_checked_by_id REFERENCES "user" (id);
ALTER TABLE operation ADD COLUMN changed_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE operation_part ALTER COLUMN part_id DROP NOT NULL;
ALTER TABLE operation_part ADD COLUMN kind_id INTEGER
  CONSTRAINT fk_operation_part_kind_id REFERENCES part_kind (id);
ALTER TABLE operation_part ADD COLUMN compact_milli INTEGER;
ALTER TABLE operation_part ADD COLUMN suv_milli INTEGER;
ALTER TABLE operation_part ADD CONSTRAINT ck_operation_part_class_milli
  CHECK (compact_milli > 0 AND suv_milli > 0);
ALTER TABLE operation_part ADD CONSTRAINT ck_operation_part_part_or_kind
  CHECK ((part_id IS NULL) <> (kind_id IS NULL));

ALTER TABLE package ADD COLUMN starter_version VARCHAR(20);
ALTER TABLE package ADD COLUMN checked_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE package ADD COLUMN checked_by_id INTEGER
  CONSTRAINT fk_package_checked_by_id REFERENCES "user" (id);
ALTER TABLE package ADD COLUMN changed_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE package ADD CONSTRAINT ck_package_interval
  CHECK (interval_km > 0 AND interval_months > 0);

ALTER TABLE vehicle ADD COLUMN vehicle_class VARCHAR(40);

ALTER TABLE quotation_line ADD COLUMN package_id INTEGER
  CONSTRAINT fk_quotation_line_package_id REFERENCES package (id);
ALTER TABLE quotation_line ADD COLUMN package_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE quotation_line ALTER COLUMN package_fen DROP DEFAULT;
ALTER TABLE quotation_line ADD CONSTRAINT ck_quotation_line_package
  CHECK (package_fen = 0 OR package_id IS NOT NULL);
