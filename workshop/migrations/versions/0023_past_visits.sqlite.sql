-- Visits of an old system, and what they left behind. Frozen.

CREATE TABLE past_visit (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  vehicle_id INTEGER NOT NULL,
  no VARCHAR(60) NOT NULL,
  arrived_at DATETIME NOT NULL,
  left_at DATETIME,
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
  id INTEGER NOT NULL,
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

CREATE INDEX ix_deferred_work_past_visit_id ON deferred_work (past_visit_id);

CREATE INDEX ix_guarantee_past_visit_id ON guarantee (past_visit_id);

-- They are written once; only the car goes over to another record, and a file can be taken back.

CREATE TRIGGER past_visit_no_update
BEFORE UPDATE OF branch_id, no, arrived_at, left_at, mileage_km, kind ON past_visit
BEGIN SELECT RAISE(ABORT, 'append-only:past_visit'); END;

CREATE TRIGGER past_visit_no_delete BEFORE DELETE ON past_visit
WHEN NOT EXISTS (SELECT 1 FROM import_change
  JOIN import_batch ON import_batch.id = import_change.batch_id
  WHERE import_change.table_name = 'past_visit' AND import_change.row_id = OLD.id
  AND import_change.is_new AND import_batch.state = 'undoing')
BEGIN SELECT RAISE(ABORT, 'append-only:past_visit'); END;

CREATE TRIGGER past_line_no_update BEFORE UPDATE ON past_line
BEGIN SELECT RAISE(ABORT, 'append-only:past_line'); END;

CREATE TRIGGER past_line_no_delete BEFORE DELETE ON past_line
WHEN NOT EXISTS (SELECT 1 FROM import_change
  JOIN import_batch ON import_batch.id = import_change.batch_id
  WHERE import_change.table_name = 'past_line' AND import_change.row_id = OLD.id
  AND import_change.is_new AND import_batch.state = 'undoing')
BEGIN SELECT RAISE(ABORT, 'append-only:past_line'); END;
