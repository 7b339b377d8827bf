-- Vehicle inspections: one record per visit and template.

ALTER TABLE checklist ADD COLUMN green_groups BOOLEAN DEFAULT 0 NOT NULL;

ALTER TABLE checklist_item ADD COLUMN places VARCHAR(40) DEFAULT 'one' NOT NULL;

ALTER TABLE checklist_item ADD COLUMN recommend VARCHAR(20) DEFAULT '' NOT NULL;

ALTER TABLE operation ADD COLUMN sells VARCHAR(40) DEFAULT '' NOT NULL;

CREATE TABLE vehicle_inspection (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  checklist_id INTEGER NOT NULL,
  version_id INTEGER NOT NULL,
  begun_at DATETIME NOT NULL,
  begun_by_id INTEGER NOT NULL,
  finished_at DATETIME,
  finished_by_id INTEGER,
  CONSTRAINT pk_vehicle_inspection PRIMARY KEY (id),
  CONSTRAINT uq_vehicle_inspection_order_id_checklist_id UNIQUE (order_id, checklist_id),
  CONSTRAINT ck_vehicle_inspection_finished CHECK ((finished_at IS NULL) = (finished_by_id IS NULL)),
  CONSTRAINT fk_vehicle_inspection_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_vehicle_inspection_checklist_id FOREIGN KEY(checklist_id) REFERENCES checklist (id),
  CONSTRAINT fk_vehicle_inspection_version_id FOREIGN KEY(version_id) REFERENCES checklist_version (id),
  CONSTRAINT fk_vehicle_inspection_begun_by_id FOREIGN KEY(begun_by_id) REFERENCES user (id),
  CONSTRAINT fk_vehicle_inspection_finished_by_id FOREIGN KEY(finished_by_id) REFERENCES user (id)
);

CREATE TABLE inspection_answer (
  id INTEGER NOT NULL,
  inspection_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  result VARCHAR(40) NOT NULL,
  note VARCHAR(300) NOT NULL,
  photo_id INTEGER,
  place VARCHAR(40) NOT NULL,
  answered_at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  hurried BOOLEAN NOT NULL,
  replaced_at DATETIME,
  CONSTRAINT pk_inspection_answer PRIMARY KEY (id),
  CONSTRAINT ck_inspection_answer_skipped CHECK (result <> 'skipped' OR note <> ''),
  CONSTRAINT fk_inspection_answer_inspection_id FOREIGN KEY(inspection_id) REFERENCES vehicle_inspection (id),
  CONSTRAINT fk_inspection_answer_item_id FOREIGN KEY(item_id) REFERENCES checklist_item (id),
  CONSTRAINT fk_inspection_answer_photo_id FOREIGN KEY(photo_id) REFERENCES attachment (id),
  CONSTRAINT fk_inspection_answer_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_inspection_answer_inspection_id ON inspection_answer (inspection_id);

CREATE UNIQUE INDEX uq_inspection_answer_live ON inspection_answer (inspection_id, item_id) WHERE replaced_at IS NULL;

CREATE TABLE inspection_value (
  id INTEGER NOT NULL,
  answer_id INTEGER NOT NULL,
  spot VARCHAR(40) NOT NULL,
  value_milli INTEGER NOT NULL,
  CONSTRAINT pk_inspection_value PRIMARY KEY (id),
  CONSTRAINT uq_inspection_value_answer_id_spot UNIQUE (answer_id, spot),
  CONSTRAINT fk_inspection_value_answer_id FOREIGN KEY(answer_id) REFERENCES inspection_answer (id)
);
