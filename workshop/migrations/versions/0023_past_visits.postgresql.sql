-- Visits of an old system, and what they left behind. Frozen.

CREATE TABLE past_visit (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  vehicle_id INTEGER NOT NULL,
  no VARCHAR(60) NOT NULL,
  arrived_at TIMESTAMP WITH TIME ZONE NOT NULL,
  left_at TIMESTAMP WITH TIME ZONE,
  mileage_km INTEGER,
  kind VARCHAR(40) NOT NULL,
  CONSTRAINT pk_past_visit PRIMARY KEY (id),
  CONSTRAINT uq_past_visit_branch_id_no UNIQUE (branch_id, no),
  CONSTRAINT ck_past_visit_mileage CHECK (mileage_km >= 0),
  CONSTRAINT fk_past_visit_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_past_visit_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id)
);

CREATE INDEX ix_past_visit_vehicle_id ON past_visit (vehicle_id);

CREATE TABLE past_line (
  id SERIAL NOT NULL,
  visit_id INTEGER NOT NULL,
  code VARCHAR(60) NOT NULL,
  title VARCHAR(200) NOT NULL,
  quantity_milli INTEGER,
  unit_fen INTEGER,
  total_fen INTEGER,
  payer VARCHAR(40) NOT NULL,
  technician VARCHAR(80) NOT NULL,
  advice VARCHAR(200) NOT NULL,
  CONSTRAINT pk_past_line PRIMARY KEY (id),
  CONSTRAINT fk_past_line_visit_id FOREIGN KEY(visit_id) REFERENCES past_visit (id)
);

CREATE INDEX ix_past_line_visit_id ON past_line (visit_id);

ALTER TABLE deferred_work ALTER COLUMN order_id DROP NOT NULL;

ALTER TABLE deferred_work ALTER COLUMN price_fen DROP NOT NULL;

ALTER TABLE deferred_work ADD COLUMN past_visit_id INTEGER;

ALTER TABLE deferred_work ADD CONSTRAINT fk_deferred_work_past_visit_id FOREIGN KEY(past_visit_id) REFERENCES past_visit (id);

ALTER TABLE deferred_work ADD CONSTRAINT ck_deferred_work_from_a_visit CHECK ((order_id IS NULL) <> (past_visit_id IS NULL));

CREATE INDEX ix_deferred_work_past_visit_id ON deferred_work (past_visit_id);

ALTER TABLE guarantee ALTER COLUMN order_id DROP NOT NULL;

ALTER TABLE guarantee ADD COLUMN past_visit_id INTEGER;

ALTER TABLE guarantee ADD CONSTRAINT fk_guarantee_past_visit_id FOREIGN KEY(past_visit_id) REFERENCES past_visit (id);

ALTER TABLE guarantee ADD CONSTRAINT ck_guarantee_from_a_visit CHECK ((order_id IS NULL) <> (past_visit_id IS NULL));

CREATE INDEX ix_guarantee_past_visit_id ON guarantee (past_visit_id);

-- They are written once; only the car goes over to another record, and a file can be taken back.

CREATE TRIGGER past_visit_append_only
BEFORE UPDATE OF branch_id, no, arrived_at, left_at, mileage_km, kind OR DELETE ON past_visit
FOR EACH ROW EXECUTE FUNCTION refuse_change_but_undoing();

CREATE TRIGGER past_line_append_only BEFORE UPDATE OR DELETE ON past_line
FOR EACH ROW EXECUTE FUNCTION refuse_change_but_undoing();
