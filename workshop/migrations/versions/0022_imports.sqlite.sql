-- Files that are brought in: what they mean, what they did, and taking them back. Frozen.

CREATE TABLE import_batch (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  state VARCHAR(40) NOT NULL,
  file_name VARCHAR(200) NOT NULL,
  size INTEGER NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  encoding VARCHAR(20) NOT NULL,
  delimiter VARCHAR(4) NOT NULL,
  found JSON NOT NULL,
  mapping JSON NOT NULL,
  day_first JSON NOT NULL,
  answers JSON NOT NULL,
  counts JSON NOT NULL,
  done INTEGER NOT NULL,
  stamp VARCHAR(64) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  runner VARCHAR(32) NOT NULL,
  runner_by_id INTEGER,
  alive_at DATETIME,
  has_turn BOOLEAN NOT NULL,
  is_stopping BOOLEAN NOT NULL,
  failure JSON,
  applied_at DATETIME,
  applied_by_id INTEGER,
  undone_at DATETIME,
  undone_by_id INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT pk_import_batch PRIMARY KEY (id),
  CONSTRAINT fk_import_batch_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_import_batch_by_id FOREIGN KEY(by_id) REFERENCES user (id),
  CONSTRAINT fk_import_batch_runner_by_id FOREIGN KEY(runner_by_id) REFERENCES user (id),
  CONSTRAINT fk_import_batch_applied_by_id FOREIGN KEY(applied_by_id) REFERENCES user (id),
  CONSTRAINT fk_import_batch_undone_by_id FOREIGN KEY(undone_by_id) REFERENCES user (id)
);

CREATE INDEX ix_import_batch_branch_id ON import_batch (branch_id);

CREATE INDEX ix_import_batch_sha256 ON import_batch (sha256);

CREATE UNIQUE INDEX uq_import_batch_turn ON import_batch (has_turn) WHERE has_turn;

CREATE TABLE import_file (
  id INTEGER NOT NULL,
  batch_id INTEGER NOT NULL,
  data BLOB NOT NULL,
  CONSTRAINT pk_import_file PRIMARY KEY (id),
  CONSTRAINT uq_import_file_batch_id UNIQUE (batch_id),
  CONSTRAINT fk_import_file_batch_id FOREIGN KEY(batch_id) REFERENCES import_batch (id)
);

CREATE TABLE import_row (
  id INTEGER NOT NULL,
  batch_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  verdict VARCHAR(40) NOT NULL,
  question VARCHAR(40) NOT NULL,
  answer VARCHAR(20) NOT NULL,
  cells JSON NOT NULL,
  said JSON,
  "plan" TEXT NOT NULL,
  CONSTRAINT pk_import_row PRIMARY KEY (id),
  CONSTRAINT fk_import_row_batch_id FOREIGN KEY(batch_id) REFERENCES import_batch (id)
);

CREATE INDEX ix_import_row_batch_id_verdict ON import_row (batch_id, verdict, id);

CREATE TABLE import_change (
  id INTEGER NOT NULL,
  batch_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  table_name VARCHAR(60) NOT NULL,
  row_id INTEGER NOT NULL,
  is_new BOOLEAN NOT NULL,
  holder_table VARCHAR(60) NOT NULL,
  holder_id INTEGER NOT NULL,
  version INTEGER,
  old JSON,
  new JSON,
  CONSTRAINT pk_import_change PRIMARY KEY (id),
  CONSTRAINT fk_import_change_batch_id FOREIGN KEY(batch_id) REFERENCES import_batch (id)
);

CREATE INDEX ix_import_change_batch_id_table ON import_change (batch_id, table_name, row_id);

CREATE INDEX ix_import_change_row ON import_change (table_name, row_id);

CREATE TABLE import_kept (
  id INTEGER NOT NULL,
  batch_id INTEGER NOT NULL,
  table_name VARCHAR(60) NOT NULL,
  row_id INTEGER NOT NULL,
  used_table VARCHAR(60) NOT NULL,
  used_id INTEGER,
  title VARCHAR(200) NOT NULL,
  CONSTRAINT pk_import_kept PRIMARY KEY (id),
  CONSTRAINT fk_import_kept_batch_id FOREIGN KEY(batch_id) REFERENCES import_batch (id)
);

CREATE INDEX ix_import_kept_batch_id ON import_kept (batch_id);

CREATE TABLE customer_number (
  id INTEGER NOT NULL,
  customer_id INTEGER NOT NULL,
  number VARCHAR(60) NOT NULL,
  CONSTRAINT pk_customer_number PRIMARY KEY (id),
  CONSTRAINT uq_customer_number_number UNIQUE (number),
  CONSTRAINT fk_customer_number_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id)
);

CREATE INDEX ix_customer_number_customer_id ON customer_number (customer_id);

-- Whoever deletes many rows asks for each whether another one was joined to it.

CREATE INDEX ix_customer_merged_into_id ON customer (merged_into_id);

CREATE INDEX ix_vehicle_merged_into_id ON vehicle (merged_into_id);

-- What a file did is written while it is taken over, and never rewritten.

CREATE TRIGGER import_change_no_update BEFORE UPDATE ON import_change
BEGIN SELECT RAISE(ABORT, 'append-only:import_change'); END;

CREATE TRIGGER import_change_no_delete BEFORE DELETE ON import_change
BEGIN SELECT RAISE(ABORT, 'append-only:import_change'); END;

CREATE TRIGGER import_change_late BEFORE INSERT ON import_change
WHEN NOT EXISTS (SELECT 1 FROM import_batch WHERE id = NEW.batch_id AND state = 'applying')
BEGIN SELECT RAISE(ABORT, 'late:import_change'); END;

-- A ledger keeps its lines; only what a file brought may go, while that file is taken back.

DROP TRIGGER odometer_reading_no_delete;

CREATE TRIGGER odometer_reading_no_delete BEFORE DELETE ON odometer_reading
WHEN NOT EXISTS (SELECT 1 FROM import_change
  JOIN import_batch ON import_batch.id = import_change.batch_id
  WHERE import_change.table_name = 'odometer_reading' AND import_change.row_id = OLD.id
  AND import_change.is_new AND import_batch.state = 'undoing')
BEGIN SELECT RAISE(ABORT, 'append-only:odometer_reading'); END;

DROP TRIGGER owner_change_no_delete;

CREATE TRIGGER owner_change_no_delete BEFORE DELETE ON owner_change
WHEN NOT EXISTS (SELECT 1 FROM import_change
  JOIN import_batch ON import_batch.id = import_change.batch_id
  WHERE import_change.table_name = 'owner_change' AND import_change.row_id = OLD.id
  AND import_change.is_new AND import_batch.state = 'undoing')
BEGIN SELECT RAISE(ABORT, 'append-only:owner_change'); END;

DROP TRIGGER stock_entry_no_delete;

CREATE TRIGGER stock_entry_no_delete BEFORE DELETE ON stock_entry
WHEN NOT EXISTS (SELECT 1 FROM import_change
  JOIN import_batch ON import_batch.id = import_change.batch_id
  WHERE import_change.table_name = 'stock_entry' AND import_change.row_id = OLD.id
  AND import_change.is_new AND import_batch.state = 'undoing')
BEGIN SELECT RAISE(ABORT, 'append-only:stock_entry'); END;

DROP TRIGGER part_price_no_delete;

CREATE TRIGGER part_price_no_delete BEFORE DELETE ON part_price
WHEN NOT EXISTS (SELECT 1 FROM import_change
  JOIN import_batch ON import_batch.id = import_change.batch_id
  WHERE import_change.table_name = 'part_price' AND import_change.row_id = OLD.id
  AND import_change.is_new AND import_batch.state = 'undoing')
BEGIN SELECT RAISE(ABORT, 'append-only:part_price'); END;

DROP TRIGGER labour_price_no_delete;

CREATE TRIGGER labour_price_no_delete BEFORE DELETE ON labour_price
WHEN NOT EXISTS (SELECT 1 FROM import_change
  JOIN import_batch ON import_batch.id = import_change.batch_id
  WHERE import_change.table_name = 'labour_price' AND import_change.row_id = OLD.id
  AND import_change.is_new AND import_batch.state = 'undoing')
BEGIN SELECT RAISE(ABORT, 'append-only:labour_price'); END;

DROP TRIGGER package_price_no_delete;

CREATE TRIGGER package_price_no_delete BEFORE DELETE ON package_price
WHEN NOT EXISTS (SELECT 1 FROM import_change
  JOIN import_batch ON import_batch.id = import_change.batch_id
  WHERE import_change.table_name = 'package_price' AND import_change.row_id = OLD.id
  AND import_change.is_new AND import_batch.state = 'undoing')
BEGIN SELECT RAISE(ABORT, 'append-only:package_price'); END;
