-- The tables of release 0.1.0, and which values their columns know. Frozen.

CREATE TABLE branch (
  id INTEGER NOT NULL,
  code VARCHAR(20) NOT NULL,
  name VARCHAR(80) NOT NULL,
  address VARCHAR(200) NOT NULL,
  phone VARCHAR(32) NOT NULL,
  complaint_phone VARCHAR(32) NOT NULL,
  email VARCHAR(120) NOT NULL,
  bank_account VARCHAR(120) NOT NULL,
  tax_no VARCHAR(32) NOT NULL,
  zone VARCHAR(40) NOT NULL,
  buffer_minutes INTEGER NOT NULL,
  delivery_minutes INTEGER NOT NULL,
  slot_minutes INTEGER NOT NULL,
  reserve_percent INTEGER NOT NULL,
  on_time_minutes INTEGER NOT NULL,
  no_show_minutes INTEGER NOT NULL,
  repeat_days INTEGER NOT NULL,
  report_every_minutes INTEGER NOT NULL,
  tax_basis_points INTEGER NOT NULL,
  controller_moves_alone BOOLEAN NOT NULL,
  created_at DATETIME NOT NULL,
  CONSTRAINT pk_branch PRIMARY KEY (id),
  CONSTRAINT ck_branch_reserve_percent CHECK (reserve_percent BETWEEN 0 AND 90),
  CONSTRAINT ck_branch_buffers CHECK (buffer_minutes >= 0 AND delivery_minutes >= 0),
  CONSTRAINT uq_branch_code UNIQUE (code)
);

CREATE TABLE customer (
  id INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  name VARCHAR(80) NOT NULL,
  initials VARCHAR(80) NOT NULL,
  phone VARCHAR(32) NOT NULL,
  credit_code VARCHAR(18),
  address VARCHAR(200) NOT NULL,
  channel VARCHAR(40) NOT NULL,
  remark TEXT NOT NULL,
  phone_invalid BOOLEAN NOT NULL,
  created_at DATETIME NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_customer PRIMARY KEY (id)
);

CREATE INDEX ix_customer_initials ON customer (initials);

CREATE INDEX ix_customer_name ON customer (name);

CREATE INDEX ix_customer_phone ON customer (phone);

CREATE TRIGGER customer_kind_known_insert BEFORE INSERT ON "customer" WHEN NEW."kind" NOT IN ('person', 'company') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_customer_kind_known'); END;

CREATE TRIGGER customer_kind_known_update BEFORE UPDATE OF "kind" ON "customer" WHEN NEW."kind" NOT IN ('person', 'company') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_customer_kind_known'); END;

CREATE TRIGGER customer_channel_known_insert BEFORE INSERT ON "customer" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_customer_channel_known'); END;

CREATE TRIGGER customer_channel_known_update BEFORE UPDATE OF "channel" ON "customer" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_customer_channel_known'); END;

CREATE TABLE known_permission (
  name VARCHAR(40) NOT NULL,
  CONSTRAINT pk_known_permission PRIMARY KEY (name)
);

CREATE TABLE package (
  id INTEGER NOT NULL,
  code VARCHAR(20) NOT NULL,
  interval_km INTEGER,
  interval_months INTEGER,
  active BOOLEAN NOT NULL,
  name_zh VARCHAR(80) NOT NULL,
  name_en VARCHAR(80) NOT NULL,
  CONSTRAINT pk_package PRIMARY KEY (id),
  CONSTRAINT uq_package_code UNIQUE (code)
);

CREATE TABLE part (
  id INTEGER NOT NULL,
  no VARCHAR(40) NOT NULL,
  part_class VARCHAR(40) NOT NULL,
  choice_group VARCHAR(40),
  brand VARCHAR(40) NOT NULL,
  unit VARCHAR(10) NOT NULL,
  price_fen INTEGER NOT NULL,
  lead_days INTEGER NOT NULL,
  active BOOLEAN NOT NULL,
  name_zh VARCHAR(80) NOT NULL,
  name_en VARCHAR(80) NOT NULL,
  CONSTRAINT pk_part PRIMARY KEY (id),
  CONSTRAINT ck_part_price_fen CHECK (price_fen >= 0),
  CONSTRAINT uq_part_no UNIQUE (no)
);

CREATE INDEX ix_part_choice_group ON part (choice_group);

CREATE TRIGGER part_part_class_known_insert BEFORE INSERT ON "part" WHEN NEW."part_class" NOT IN ('oem', 'equivalent', 'aftermarket', 'reconditioned') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_part_part_class_known'); END;

CREATE TRIGGER part_part_class_known_update BEFORE UPDATE OF "part_class" ON "part" WHEN NEW."part_class" NOT IN ('oem', 'equivalent', 'aftermarket', 'reconditioned') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_part_part_class_known'); END;

CREATE TABLE role (
  id INTEGER NOT NULL,
  name VARCHAR(40) NOT NULL,
  permissions JSON NOT NULL,
  CONSTRAINT pk_role PRIMARY KEY (id),
  CONSTRAINT uq_role_name UNIQUE (name)
);

CREATE TABLE skill (
  id INTEGER NOT NULL,
  code VARCHAR(20) NOT NULL,
  name_zh VARCHAR(80) NOT NULL,
  name_en VARCHAR(80) NOT NULL,
  CONSTRAINT pk_skill PRIMARY KEY (id),
  CONSTRAINT uq_skill_code UNIQUE (code)
);

CREATE TABLE bay (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  code VARCHAR(20) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  active BOOLEAN NOT NULL,
  CONSTRAINT pk_bay PRIMARY KEY (id),
  CONSTRAINT uq_bay_branch_id_code UNIQUE (branch_id, code),
  CONSTRAINT fk_bay_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id)
);

CREATE TRIGGER bay_kind_known_insert BEFORE INSERT ON "bay" WHEN NEW."kind" NOT IN ('lift', 'flat', 'quick', 'alignment', 'high_voltage', 'body', 'paint', 'wash') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_bay_kind_known'); END;

CREATE TRIGGER bay_kind_known_update BEFORE UPDATE OF "kind" ON "bay" WHEN NEW."kind" NOT IN ('lift', 'flat', 'quick', 'alignment', 'high_voltage', 'body', 'paint', 'wash') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_bay_kind_known'); END;

CREATE TABLE calendar_day (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  day DATE NOT NULL,
  is_open BOOLEAN NOT NULL,
  name VARCHAR(80) NOT NULL,
  CONSTRAINT pk_calendar_day PRIMARY KEY (id),
  CONSTRAINT uq_calendar_day_branch_id_day UNIQUE (branch_id, day),
  CONSTRAINT fk_calendar_day_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id)
);

CREATE TABLE capacity_take (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  day DATE NOT NULL,
  skill_id INTEGER,
  bay_kinds JSON NOT NULL,
  minutes INTEGER NOT NULL,
  source VARCHAR(40) NOT NULL,
  source_id INTEGER NOT NULL,
  not_before_at DATETIME,
  taken_at DATETIME NOT NULL,
  released_at DATETIME,
  used_at DATETIME,
  CONSTRAINT pk_capacity_take PRIMARY KEY (id),
  CONSTRAINT ck_capacity_take_minutes CHECK (minutes > 0),
  CONSTRAINT fk_capacity_take_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_capacity_take_skill_id FOREIGN KEY(skill_id) REFERENCES skill (id)
);

CREATE INDEX ix_capacity_take_day ON capacity_take (branch_id, day);

CREATE INDEX ix_capacity_take_source ON capacity_take (source, source_id);

CREATE TRIGGER capacity_take_source_known_insert BEFORE INSERT ON "capacity_take" WHEN NEW."source" NOT IN ('appointment', 'job') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_capacity_take_source_known'); END;

CREATE TRIGGER capacity_take_source_known_update BEFORE UPDATE OF "source" ON "capacity_take" WHEN NEW."source" NOT IN ('appointment', 'job') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_capacity_take_source_known'); END;

CREATE TABLE labour_rate (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  code VARCHAR(20) NOT NULL,
  fen_per_hour INTEGER NOT NULL,
  name_zh VARCHAR(80) NOT NULL,
  name_en VARCHAR(80) NOT NULL,
  CONSTRAINT pk_labour_rate PRIMARY KEY (id),
  CONSTRAINT uq_labour_rate_branch_id_code UNIQUE (branch_id, code),
  CONSTRAINT ck_labour_rate_fen_per_hour CHECK (fen_per_hour >= 0),
  CONSTRAINT fk_labour_rate_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id)
);

CREATE TABLE number_series (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  prefix VARCHAR(8) NOT NULL,
  day DATE NOT NULL,
  last INTEGER NOT NULL,
  CONSTRAINT pk_number_series PRIMARY KEY (id),
  CONSTRAINT uq_number_series_branch_id_prefix_day UNIQUE (branch_id, prefix, day),
  CONSTRAINT fk_number_series_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id)
);

CREATE TABLE opening_hours (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  weekday INTEGER NOT NULL,
  opens TIME NOT NULL,
  closes TIME NOT NULL,
  CONSTRAINT pk_opening_hours PRIMARY KEY (id),
  CONSTRAINT ck_opening_hours_weekday CHECK (weekday BETWEEN 0 AND 6),
  CONSTRAINT ck_opening_hours_order CHECK (opens < closes),
  CONSTRAINT fk_opening_hours_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id)
);

CREATE INDEX ix_opening_hours_branch_id ON opening_hours (branch_id);

CREATE TABLE operation (
  id INTEGER NOT NULL,
  code VARCHAR(20) NOT NULL,
  skill_id INTEGER,
  level INTEGER NOT NULL,
  book_minutes INTEGER NOT NULL,
  bay_kinds JSON NOT NULL,
  rate_code VARCHAR(20) NOT NULL,
  guarantee VARCHAR(40) NOT NULL,
  keywords VARCHAR(200) NOT NULL,
  active BOOLEAN NOT NULL,
  name_zh VARCHAR(80) NOT NULL,
  name_en VARCHAR(80) NOT NULL,
  CONSTRAINT pk_operation PRIMARY KEY (id),
  CONSTRAINT ck_operation_book_minutes CHECK (book_minutes > 0),
  CONSTRAINT uq_operation_code UNIQUE (code),
  CONSTRAINT fk_operation_skill_id FOREIGN KEY(skill_id) REFERENCES skill (id)
);

CREATE TRIGGER operation_guarantee_known_insert BEFORE INSERT ON "operation" WHEN NEW."guarantee" NOT IN ('overhaul', 'level_2_maintenance', 'minor') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_operation_guarantee_known'); END;

CREATE TRIGGER operation_guarantee_known_update BEFORE UPDATE OF "guarantee" ON "operation" WHEN NEW."guarantee" NOT IN ('overhaul', 'level_2_maintenance', 'minor') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_operation_guarantee_known'); END;

CREATE TABLE setting (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  name VARCHAR(60) NOT NULL,
  value JSON NOT NULL,
  CONSTRAINT pk_setting PRIMARY KEY (id),
  CONSTRAINT uq_setting_branch_id_name UNIQUE (branch_id, name),
  CONSTRAINT fk_setting_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id)
);

CREATE TABLE stock_level (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  bin VARCHAR(20) NOT NULL,
  on_hand_milli INTEGER NOT NULL,
  reserved_milli INTEGER NOT NULL,
  CONSTRAINT pk_stock_level PRIMARY KEY (id),
  CONSTRAINT uq_stock_level_branch_id_part_id UNIQUE (branch_id, part_id),
  CONSTRAINT ck_stock_level_on_hand CHECK (on_hand_milli >= 0),
  CONSTRAINT ck_stock_level_reserved CHECK (reserved_milli >= 0),
  CONSTRAINT ck_stock_level_reserved_on_hand CHECK (reserved_milli <= on_hand_milli),
  CONSTRAINT fk_stock_level_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_stock_level_part_id FOREIGN KEY(part_id) REFERENCES part (id)
);

CREATE TABLE user (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  username VARCHAR(64) NOT NULL,
  email VARCHAR(254),
  display_name VARCHAR(64) NOT NULL,
  phone VARCHAR(32),
  password VARCHAR(255),
  active BOOLEAN NOT NULL,
  locale VARCHAR(10) NOT NULL,
  fs_uniquifier VARCHAR(64) NOT NULL,
  created_at DATETIME NOT NULL,
  CONSTRAINT pk_user PRIMARY KEY (id),
  CONSTRAINT fk_user_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_user_username UNIQUE (username),
  CONSTRAINT uq_user_fs_uniquifier UNIQUE (fs_uniquifier)
);

CREATE INDEX ix_user_branch_id ON user (branch_id);

CREATE TABLE vehicle (
  id INTEGER NOT NULL,
  customer_id INTEGER NOT NULL,
  plate VARCHAR(16),
  vin VARCHAR(17),
  make VARCHAR(40) NOT NULL,
  model VARCHAR(60) NOT NULL,
  colour VARCHAR(20) NOT NULL,
  energy VARCHAR(40) NOT NULL,
  engine_no VARCHAR(40) NOT NULL,
  first_registered_on DATE,
  mileage_km INTEGER,
  next_due_on DATE,
  next_due_km INTEGER,
  created_at DATETIME NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_vehicle PRIMARY KEY (id),
  CONSTRAINT ck_vehicle_mileage_km CHECK (mileage_km >= 0),
  CONSTRAINT fk_vehicle_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id),
  CONSTRAINT uq_vehicle_vin UNIQUE (vin)
);

CREATE INDEX ix_vehicle_customer_id ON vehicle (customer_id);

CREATE INDEX ix_vehicle_plate ON vehicle (plate);

CREATE UNIQUE INDEX uq_vehicle_plate ON vehicle (plate) WHERE plate IS NOT NULL;

CREATE TRIGGER vehicle_energy_known_insert BEFORE INSERT ON "vehicle" WHEN NEW."energy" NOT IN ('fuel', 'hybrid', 'electric') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_vehicle_energy_known'); END;

CREATE TRIGGER vehicle_energy_known_update BEFORE UPDATE OF "energy" ON "vehicle" WHEN NEW."energy" NOT IN ('fuel', 'hybrid', 'electric') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_vehicle_energy_known'); END;

CREATE TABLE applied_action (
  id INTEGER NOT NULL,
  client_id VARCHAR(64) NOT NULL,
  action VARCHAR(40) NOT NULL,
  by_id INTEGER NOT NULL,
  tapped_at DATETIME,
  at DATETIME NOT NULL,
  received_at DATETIME NOT NULL,
  answer JSON NOT NULL,
  CONSTRAINT pk_applied_action PRIMARY KEY (id),
  CONSTRAINT uq_applied_action_by_id_client_id UNIQUE (by_id, client_id),
  CONSTRAINT ck_applied_action_not_ahead CHECK (at <= received_at),
  CONSTRAINT fk_applied_action_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE TABLE audit_entry (
  id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER,
  action VARCHAR(80) NOT NULL,
  subject VARCHAR(40),
  subject_id INTEGER,
  details JSON NOT NULL,
  CONSTRAINT pk_audit_entry PRIMARY KEY (id),
  CONSTRAINT fk_audit_entry_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_audit_entry_at ON audit_entry (at);

CREATE INDEX ix_audit_entry_by_id ON audit_entry (by_id);

CREATE INDEX ix_audit_entry_subject ON audit_entry (subject, subject_id);

CREATE TABLE consent (
  id INTEGER NOT NULL,
  customer_id INTEGER NOT NULL,
  purpose VARCHAR(40) NOT NULL,
  channel VARCHAR(40) NOT NULL,
  given BOOLEAN NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER,
  CONSTRAINT pk_consent PRIMARY KEY (id),
  CONSTRAINT fk_consent_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id),
  CONSTRAINT fk_consent_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_consent_customer_id ON consent (customer_id);

CREATE TRIGGER consent_purpose_known_insert BEFORE INSERT ON "consent" WHEN NEW."purpose" NOT IN ('service', 'follow_up', 'reminder', 'marketing') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_consent_purpose_known'); END;

CREATE TRIGGER consent_purpose_known_update BEFORE UPDATE OF "purpose" ON "consent" WHEN NEW."purpose" NOT IN ('service', 'follow_up', 'reminder', 'marketing') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_consent_purpose_known'); END;

CREATE TRIGGER consent_channel_known_insert BEFORE INSERT ON "consent" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_consent_channel_known'); END;

CREATE TRIGGER consent_channel_known_update BEFORE UPDATE OF "channel" ON "consent" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_consent_channel_known'); END;

CREATE TABLE day_close (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  day DATE NOT NULL,
  begins_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  finished INTEGER NOT NULL,
  carried INTEGER NOT NULL,
  held INTEGER NOT NULL,
  closed_at DATETIME NOT NULL,
  closed_by_id INTEGER NOT NULL,
  reopened_at DATETIME,
  reopened_by_id INTEGER,
  reopen_reason VARCHAR(200) NOT NULL,
  CONSTRAINT pk_day_close PRIMARY KEY (id),
  CONSTRAINT ck_day_close_order CHECK (begins_at < ends_at),
  CONSTRAINT ck_day_close_reopened CHECK ((reopened_at IS NULL) = (reopened_by_id IS NULL)),
  CONSTRAINT ck_day_close_reopened_why CHECK ((reopened_at IS NULL) = (reopen_reason = '')),
  CONSTRAINT fk_day_close_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_day_close_closed_by_id FOREIGN KEY(closed_by_id) REFERENCES user (id),
  CONSTRAINT fk_day_close_reopened_by_id FOREIGN KEY(reopened_by_id) REFERENCES user (id)
);

CREATE UNIQUE INDEX uq_day_close_standing ON day_close (branch_id, day) WHERE reopened_at IS NULL;

CREATE TABLE lounge_round (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  hour_at DATETIME NOT NULL,
  begun_at DATETIME NOT NULL,
  begun_by_id INTEGER NOT NULL,
  CONSTRAINT pk_lounge_round PRIMARY KEY (id),
  CONSTRAINT uq_lounge_round_branch_id_hour_at UNIQUE (branch_id, hour_at),
  CONSTRAINT fk_lounge_round_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_lounge_round_begun_by_id FOREIGN KEY(begun_by_id) REFERENCES user (id)
);

CREATE TABLE odometer_reading (
  id INTEGER NOT NULL,
  vehicle_id INTEGER NOT NULL,
  mileage_km INTEGER NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER,
  replaced BOOLEAN NOT NULL,
  CONSTRAINT pk_odometer_reading PRIMARY KEY (id),
  CONSTRAINT ck_odometer_reading_mileage_km CHECK (mileage_km >= 0),
  CONSTRAINT fk_odometer_reading_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id),
  CONSTRAINT fk_odometer_reading_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_odometer_reading_vehicle_id ON odometer_reading (vehicle_id);

CREATE TABLE operation_part (
  id INTEGER NOT NULL,
  operation_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  quantity_milli INTEGER NOT NULL,
  CONSTRAINT pk_operation_part PRIMARY KEY (id),
  CONSTRAINT ck_operation_part_quantity_milli CHECK (quantity_milli > 0),
  CONSTRAINT fk_operation_part_operation_id FOREIGN KEY(operation_id) REFERENCES operation (id),
  CONSTRAINT fk_operation_part_part_id FOREIGN KEY(part_id) REFERENCES part (id)
);

CREATE INDEX ix_operation_part_operation_id ON operation_part (operation_id);

CREATE TABLE package_item (
  id INTEGER NOT NULL,
  package_id INTEGER NOT NULL,
  operation_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  CONSTRAINT pk_package_item PRIMARY KEY (id),
  CONSTRAINT fk_package_item_package_id FOREIGN KEY(package_id) REFERENCES package (id),
  CONSTRAINT fk_package_item_operation_id FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_package_item_package_id ON package_item (package_id);

CREATE TABLE plate_change (
  id INTEGER NOT NULL,
  vehicle_id INTEGER NOT NULL,
  plate VARCHAR(16) NOT NULL,
  until DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_plate_change PRIMARY KEY (id),
  CONSTRAINT fk_plate_change_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id),
  CONSTRAINT fk_plate_change_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_plate_change_plate ON plate_change (plate);

CREATE INDEX ix_plate_change_vehicle_id ON plate_change (vehicle_id);

CREATE TABLE repair_order (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  no VARCHAR(32) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  stage VARCHAR(40) NOT NULL,
  vehicle_id INTEGER NOT NULL,
  customer_id INTEGER NOT NULL,
  advisor_id INTEGER NOT NULL,
  bringer_name VARCHAR(80) NOT NULL,
  bringer_phone VARCHAR(32) NOT NULL,
  is_walk_in BOOLEAN NOT NULL,
  concern TEXT NOT NULL,
  mileage_km INTEGER,
  energy_percent INTEGER,
  stays BOOLEAN,
  repeat_repair BOOLEAN NOT NULL,
  repeat_of_id INTEGER,
  first_promised_at DATETIME,
  promised_at DATETIME,
  arrived_at DATETIME NOT NULL,
  greeted_at DATETIME,
  authorised_at DATETIME,
  released_at DATETIME,
  ready_at DATETIME,
  settled_at DATETIME,
  delivered_at DATETIME,
  created_at DATETIME NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_repair_order PRIMARY KEY (id),
  CONSTRAINT ck_repair_order_energy_percent CHECK (energy_percent BETWEEN 0 AND 100),
  CONSTRAINT ck_repair_order_mileage_km CHECK (mileage_km >= 0),
  CONSTRAINT ck_repair_order_delivered_ready CHECK (delivered_at IS NULL OR ready_at IS NOT NULL),
  CONSTRAINT fk_repair_order_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_repair_order_no UNIQUE (no),
  CONSTRAINT fk_repair_order_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id),
  CONSTRAINT fk_repair_order_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id),
  CONSTRAINT fk_repair_order_advisor_id FOREIGN KEY(advisor_id) REFERENCES user (id),
  CONSTRAINT fk_repair_order_repeat_of_id FOREIGN KEY(repeat_of_id) REFERENCES repair_order (id)
);

CREATE INDEX ix_repair_order_advisor_id ON repair_order (advisor_id);

CREATE INDEX ix_repair_order_branch_id ON repair_order (branch_id);

CREATE INDEX ix_repair_order_customer_id ON repair_order (customer_id);

CREATE INDEX ix_repair_order_delivered_at ON repair_order (delivered_at);

CREATE INDEX ix_repair_order_ready_at ON repair_order (ready_at);

CREATE INDEX ix_repair_order_stage ON repair_order (stage);

CREATE INDEX ix_repair_order_vehicle_id ON repair_order (vehicle_id);

CREATE TRIGGER repair_order_kind_known_insert BEFORE INSERT ON "repair_order" WHEN NEW."kind" NOT IN ('repair', 'comeback', 'warranty', 'recall') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_repair_order_kind_known'); END;

CREATE TRIGGER repair_order_kind_known_update BEFORE UPDATE OF "kind" ON "repair_order" WHEN NEW."kind" NOT IN ('repair', 'comeback', 'warranty', 'recall') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_repair_order_kind_known'); END;

CREATE TRIGGER repair_order_stage_known_insert BEFORE INSERT ON "repair_order" WHEN NEW."stage" NOT IN ('reception', 'inspected', 'quoted', 'authorised', 'scheduled', 'repair', 'paused', 'quality_check', 'rework', 'final_check', 'wash', 'settlement', 'settled', 'ready', 'delivered', 'followed_up', 'closed', 'declined', 'cancelled') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_repair_order_stage_known'); END;

CREATE TRIGGER repair_order_stage_known_update BEFORE UPDATE OF "stage" ON "repair_order" WHEN NEW."stage" NOT IN ('reception', 'inspected', 'quoted', 'authorised', 'scheduled', 'repair', 'paused', 'quality_check', 'rework', 'final_check', 'wash', 'settlement', 'settled', 'ready', 'delivered', 'followed_up', 'closed', 'declined', 'cancelled') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_repair_order_stage_known'); END;

CREATE TABLE role_user (
  role_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  CONSTRAINT pk_role_user PRIMARY KEY (role_id, user_id),
  CONSTRAINT fk_role_user_role_id FOREIGN KEY(role_id) REFERENCES role (id),
  CONSTRAINT fk_role_user_user_id FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE INDEX ix_role_user_user_id ON role_user (user_id);

CREATE TABLE screen_device (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  name VARCHAR(60) NOT NULL,
  token_hash VARCHAR(64) NOT NULL,
  pairing_code VARCHAR(8),
  offered_at DATETIME NOT NULL,
  locale VARCHAR(10) NOT NULL,
  chime BOOLEAN NOT NULL,
  paired_at DATETIME,
  paired_by_id INTEGER,
  revoked_at DATETIME,
  revoked_by_id INTEGER,
  last_seen_at DATETIME,
  CONSTRAINT pk_screen_device PRIMARY KEY (id),
  CONSTRAINT fk_screen_device_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_screen_device_token_hash UNIQUE (token_hash),
  CONSTRAINT uq_screen_device_pairing_code UNIQUE (pairing_code),
  CONSTRAINT fk_screen_device_paired_by_id FOREIGN KEY(paired_by_id) REFERENCES user (id),
  CONSTRAINT fk_screen_device_revoked_by_id FOREIGN KEY(revoked_by_id) REFERENCES user (id)
);

CREATE INDEX ix_screen_device_branch_id ON screen_device (branch_id);

CREATE TABLE technician (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  active BOOLEAN NOT NULL,
  CONSTRAINT pk_technician PRIMARY KEY (id),
  CONSTRAINT fk_technician_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_technician_user_id UNIQUE (user_id),
  CONSTRAINT fk_technician_user_id FOREIGN KEY(user_id) REFERENCES user (id)
);

CREATE INDEX ix_technician_branch_id ON technician (branch_id);

CREATE TABLE absence (
  id INTEGER NOT NULL,
  technician_id INTEGER NOT NULL,
  starts_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  reason VARCHAR(80) NOT NULL,
  CONSTRAINT pk_absence PRIMARY KEY (id),
  CONSTRAINT ck_absence_order CHECK (starts_at < ends_at),
  CONSTRAINT fk_absence_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id)
);

CREATE INDEX ix_absence_technician_id ON absence (technician_id);

CREATE TABLE appointment (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  no VARCHAR(32) NOT NULL,
  customer_id INTEGER NOT NULL,
  vehicle_id INTEGER NOT NULL,
  advisor_id INTEGER NOT NULL,
  slot_at DATETIME NOT NULL,
  day DATE NOT NULL,
  concern TEXT NOT NULL,
  status VARCHAR(40) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  source VARCHAR(40) NOT NULL,
  stays BOOLEAN,
  wished_technician_id INTEGER,
  contact_name VARCHAR(80) NOT NULL,
  contact_phone VARCHAR(32) NOT NULL,
  channel VARCHAR(40) NOT NULL,
  estimated_minutes INTEGER NOT NULL,
  estimated_fen INTEGER NOT NULL,
  arrived_at DATETIME,
  arrival VARCHAR(40),
  reason VARCHAR(200) NOT NULL,
  order_id INTEGER,
  replaces_id INTEGER,
  created_at DATETIME NOT NULL,
  created_by_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_appointment PRIMARY KEY (id),
  CONSTRAINT ck_appointment_estimate CHECK (estimated_minutes > 0 AND estimated_fen >= 0),
  CONSTRAINT ck_appointment_arrived CHECK (status NOT IN ('arrived', 'converted') OR arrived_at IS NOT NULL),
  CONSTRAINT ck_appointment_converted CHECK (status <> 'converted' OR order_id IS NOT NULL),
  CONSTRAINT fk_appointment_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_appointment_no UNIQUE (no),
  CONSTRAINT fk_appointment_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id),
  CONSTRAINT fk_appointment_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id),
  CONSTRAINT fk_appointment_advisor_id FOREIGN KEY(advisor_id) REFERENCES user (id),
  CONSTRAINT fk_appointment_wished_technician_id FOREIGN KEY(wished_technician_id) REFERENCES technician (id),
  CONSTRAINT uq_appointment_order_id UNIQUE (order_id),
  CONSTRAINT fk_appointment_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT uq_appointment_replaces_id UNIQUE (replaces_id),
  CONSTRAINT fk_appointment_replaces_id FOREIGN KEY(replaces_id) REFERENCES appointment (id),
  CONSTRAINT fk_appointment_created_by_id FOREIGN KEY(created_by_id) REFERENCES user (id)
);

CREATE INDEX ix_appointment_branch_day ON appointment (branch_id, day);

CREATE INDEX ix_appointment_customer_id ON appointment (customer_id);

CREATE INDEX ix_appointment_vehicle_id ON appointment (vehicle_id);

CREATE UNIQUE INDEX uq_appointment_slot ON appointment (advisor_id, slot_at) WHERE status IN ('arrived', 'confirmed', 'converted', 'requested');

CREATE UNIQUE INDEX uq_appointment_vehicle_day ON appointment (vehicle_id, day) WHERE status IN ('arrived', 'confirmed', 'requested');

CREATE TRIGGER appointment_status_known_insert BEFORE INSERT ON "appointment" WHEN NEW."status" NOT IN ('requested', 'confirmed', 'arrived', 'converted', 'rescheduled', 'cancelled', 'no_show') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_status_known'); END;

CREATE TRIGGER appointment_status_known_update BEFORE UPDATE OF "status" ON "appointment" WHEN NEW."status" NOT IN ('requested', 'confirmed', 'arrived', 'converted', 'rescheduled', 'cancelled', 'no_show') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_status_known'); END;

CREATE TRIGGER appointment_kind_known_insert BEFORE INSERT ON "appointment" WHEN NEW."kind" NOT IN ('maintenance', 'repair', 'diagnosis', 'body', 'recall', 'comeback', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_kind_known'); END;

CREATE TRIGGER appointment_kind_known_update BEFORE UPDATE OF "kind" ON "appointment" WHEN NEW."kind" NOT IN ('maintenance', 'repair', 'diagnosis', 'body', 'recall', 'comeback', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_kind_known'); END;

CREATE TRIGGER appointment_source_known_insert BEFORE INSERT ON "appointment" WHEN NEW."source" NOT IN ('phone', 'wechat', 'website', 'counter', 'proactive', 'manufacturer') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_source_known'); END;

CREATE TRIGGER appointment_source_known_update BEFORE UPDATE OF "source" ON "appointment" WHEN NEW."source" NOT IN ('phone', 'wechat', 'website', 'counter', 'proactive', 'manufacturer') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_source_known'); END;

CREATE TRIGGER appointment_channel_known_insert BEFORE INSERT ON "appointment" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_channel_known'); END;

CREATE TRIGGER appointment_channel_known_update BEFORE UPDATE OF "channel" ON "appointment" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_channel_known'); END;

CREATE TRIGGER appointment_arrival_known_insert BEFORE INSERT ON "appointment" WHEN NEW."arrival" NOT IN ('early', 'on_time', 'late') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_arrival_known'); END;

CREATE TRIGGER appointment_arrival_known_update BEFORE UPDATE OF "arrival" ON "appointment" WHEN NEW."arrival" NOT IN ('early', 'on_time', 'late') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_arrival_known'); END;

CREATE TABLE attachment (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  mime VARCHAR(40) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  caption VARCHAR(200) NOT NULL,
  data BLOB NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER,
  CONSTRAINT pk_attachment PRIMARY KEY (id),
  CONSTRAINT fk_attachment_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_attachment_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_attachment_order_id ON attachment (order_id);

CREATE TRIGGER attachment_kind_known_insert BEFORE INSERT ON "attachment" WHEN NEW."kind" NOT IN ('photo', 'signature') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_attachment_kind_known'); END;

CREATE TRIGGER attachment_kind_known_update BEFORE UPDATE OF "kind" ON "attachment" WHEN NEW."kind" NOT IN ('photo', 'signature') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_attachment_kind_known'); END;

CREATE TABLE attendance (
  id INTEGER NOT NULL,
  technician_id INTEGER NOT NULL,
  started_at DATETIME NOT NULL,
  ended_at DATETIME,
  is_end_assumed BOOLEAN NOT NULL,
  made_at DATETIME NOT NULL,
  made_by_id INTEGER NOT NULL,
  ended_by_id INTEGER,
  corrects_id INTEGER,
  reason VARCHAR(200) NOT NULL,
  replaced_at DATETIME,
  CONSTRAINT pk_attendance PRIMARY KEY (id),
  CONSTRAINT ck_attendance_order CHECK (ended_at IS NULL OR ended_at >= started_at),
  CONSTRAINT ck_attendance_reason CHECK (corrects_id IS NULL OR reason <> ''),
  CONSTRAINT ck_attendance_ended_by CHECK ((ended_at IS NULL) = (ended_by_id IS NULL)),
  CONSTRAINT fk_attendance_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id),
  CONSTRAINT fk_attendance_made_by_id FOREIGN KEY(made_by_id) REFERENCES user (id),
  CONSTRAINT fk_attendance_ended_by_id FOREIGN KEY(ended_by_id) REFERENCES user (id),
  CONSTRAINT uq_attendance_corrects_id UNIQUE (corrects_id),
  CONSTRAINT fk_attendance_corrects_id FOREIGN KEY(corrects_id) REFERENCES attendance (id)
);

CREATE INDEX ix_attendance_technician_start ON attendance (technician_id, started_at);

CREATE UNIQUE INDEX uq_attendance_open ON attendance (technician_id) WHERE ended_at IS NULL AND replaced_at IS NULL;

CREATE TABLE backorder (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  quantity_milli INTEGER NOT NULL,
  purchase_no VARCHAR(40) NOT NULL,
  expected_at DATETIME,
  arrived_at DATETIME,
  customer_told_at DATETIME,
  cancelled_at DATETIME,
  noted_at DATETIME NOT NULL,
  noted_by_id INTEGER NOT NULL,
  CONSTRAINT pk_backorder PRIMARY KEY (id),
  CONSTRAINT ck_backorder_quantity CHECK (quantity_milli > 0),
  CONSTRAINT fk_backorder_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_backorder_part_id FOREIGN KEY(part_id) REFERENCES part (id),
  CONSTRAINT fk_backorder_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_backorder_noted_by_id FOREIGN KEY(noted_by_id) REFERENCES user (id)
);

CREATE INDEX ix_backorder_open ON backorder (branch_id, arrived_at);

CREATE INDEX ix_backorder_order_id ON backorder (order_id);

CREATE INDEX ix_backorder_part_id ON backorder (part_id);

CREATE TABLE care_act (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  done_at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  taken_back_at DATETIME,
  taken_back_by_id INTEGER,
  CONSTRAINT pk_care_act PRIMARY KEY (id),
  CONSTRAINT fk_care_act_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_care_act_by_id FOREIGN KEY(by_id) REFERENCES user (id),
  CONSTRAINT fk_care_act_taken_back_by_id FOREIGN KEY(taken_back_by_id) REFERENCES user (id)
);

CREATE INDEX ix_care_act_order_id ON care_act (order_id);

CREATE UNIQUE INDEX uq_care_act_live ON care_act (order_id, kind) WHERE taken_back_at IS NULL;

CREATE TRIGGER care_act_kind_known_insert BEFORE INSERT ON "care_act" WHEN NEW."kind" NOT IN ('seat', 'water', 'tour', 'person', 'internet', 'report') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_care_act_kind_known'); END;

CREATE TRIGGER care_act_kind_known_update BEFORE UPDATE OF "kind" ON "care_act" WHEN NEW."kind" NOT IN ('seat', 'water', 'tour', 'person', 'internet', 'report') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_care_act_kind_known'); END;

CREATE TABLE care_record (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  seat VARCHAR(40) NOT NULL,
  drinks VARCHAR(80) NOT NULL,
  remarks TEXT NOT NULL,
  complained BOOLEAN NOT NULL,
  complaint TEXT NOT NULL,
  noted_at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_care_record PRIMARY KEY (id),
  CONSTRAINT uq_care_record_order_id UNIQUE (order_id),
  CONSTRAINT fk_care_record_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_care_record_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE TABLE "case" (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  no VARCHAR(32) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  topic VARCHAR(40) NOT NULL,
  state VARCHAR(40) NOT NULL,
  owner_id INTEGER NOT NULL,
  offered_to_id INTEGER,
  customer_id INTEGER NOT NULL,
  order_id INTEGER,
  summary TEXT NOT NULL,
  "plan" TEXT NOT NULL,
  cause TEXT NOT NULL,
  remedy TEXT NOT NULL,
  opened_at DATETIME NOT NULL,
  opened_by_id INTEGER NOT NULL,
  due_ack_at DATETIME NOT NULL,
  due_plan_at DATETIME NOT NULL,
  due_resolve_at DATETIME NOT NULL,
  acknowledged_at DATETIME,
  planned_at DATETIME,
  resolved_at DATETIME,
  second_call_at DATETIME,
  second_call_by_id INTEGER,
  verdict VARCHAR(40),
  closed_at DATETIME,
  version INTEGER NOT NULL,
  CONSTRAINT pk_case PRIMARY KEY (id),
  CONSTRAINT ck_case_second_call CHECK (closed_at IS NULL OR second_call_at IS NOT NULL),
  CONSTRAINT ck_case_closed CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
  CONSTRAINT fk_case_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_case_no UNIQUE (no),
  CONSTRAINT fk_case_owner_id FOREIGN KEY(owner_id) REFERENCES user (id),
  CONSTRAINT fk_case_offered_to_id FOREIGN KEY(offered_to_id) REFERENCES user (id),
  CONSTRAINT fk_case_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id),
  CONSTRAINT fk_case_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_case_opened_by_id FOREIGN KEY(opened_by_id) REFERENCES user (id),
  CONSTRAINT fk_case_second_call_by_id FOREIGN KEY(second_call_by_id) REFERENCES user (id)
);

CREATE INDEX ix_case_branch_id ON "case" (branch_id);

CREATE INDEX ix_case_customer_id ON "case" (customer_id);

CREATE INDEX ix_case_order_id ON "case" (order_id);

CREATE INDEX ix_case_owner_id ON "case" (owner_id);

CREATE INDEX ix_case_state ON "case" (state);

CREATE TRIGGER case_kind_known_insert BEFORE INSERT ON "case" WHEN NEW."kind" NOT IN ('complaint', 'inquiry', 'call_back') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_case_kind_known'); END;

CREATE TRIGGER case_kind_known_update BEFORE UPDATE OF "kind" ON "case" WHEN NEW."kind" NOT IN ('complaint', 'inquiry', 'call_back') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_case_kind_known'); END;

CREATE TRIGGER case_topic_known_insert BEFORE INSERT ON "case" WHEN NEW."topic" NOT IN ('quality', 'attitude', 'price', 'waiting', 'parts', 'facilities', 'broken_promise', 'personal_data', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_case_topic_known'); END;

CREATE TRIGGER case_topic_known_update BEFORE UPDATE OF "topic" ON "case" WHEN NEW."topic" NOT IN ('quality', 'attitude', 'price', 'waiting', 'parts', 'facilities', 'broken_promise', 'personal_data', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_case_topic_known'); END;

CREATE TRIGGER case_state_known_insert BEFORE INSERT ON "case" WHEN NEW."state" NOT IN ('open', 'acknowledged', 'planned', 'resolved', 'closed') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_case_state_known'); END;

CREATE TRIGGER case_state_known_update BEFORE UPDATE OF "state" ON "case" WHEN NEW."state" NOT IN ('open', 'acknowledged', 'planned', 'resolved', 'closed') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_case_state_known'); END;

CREATE TRIGGER case_verdict_known_insert BEFORE INSERT ON "case" WHEN NEW."verdict" NOT IN ('satisfied', 'mostly', 'dissatisfied') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_case_verdict_known'); END;

CREATE TRIGGER case_verdict_known_update BEFORE UPDATE OF "verdict" ON "case" WHEN NEW."verdict" NOT IN ('satisfied', 'mostly', 'dissatisfied') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_case_verdict_known'); END;

CREATE TABLE concern_correction (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  words TEXT NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_concern_correction PRIMARY KEY (id),
  CONSTRAINT fk_concern_correction_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_concern_correction_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_concern_correction_order_id ON concern_correction (order_id);

CREATE TABLE cover (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  fitted_at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_cover PRIMARY KEY (id),
  CONSTRAINT uq_cover_order_id_kind UNIQUE (order_id, kind),
  CONSTRAINT fk_cover_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_cover_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_cover_order_id ON cover (order_id);

CREATE TRIGGER cover_kind_known_insert BEFORE INSERT ON "cover" WHEN NEW."kind" NOT IN ('seat', 'steering_wheel', 'floor_mat', 'gear_lever', 'handbrake') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_cover_kind_known'); END;

CREATE TRIGGER cover_kind_known_update BEFORE UPDATE OF "kind" ON "cover" WHEN NEW."kind" NOT IN ('seat', 'steering_wheel', 'floor_mat', 'gear_lever', 'handbrake') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_cover_kind_known'); END;

CREATE TABLE damage_mark (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  "view" VARCHAR(40) NOT NULL,
  zone VARCHAR(40) NOT NULL,
  x INTEGER NOT NULL,
  y INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  note VARCHAR(200) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  removed_at DATETIME,
  removed_by_id INTEGER,
  CONSTRAINT pk_damage_mark PRIMARY KEY (id),
  CONSTRAINT uq_damage_mark_order_id_number UNIQUE (order_id, number),
  CONSTRAINT fk_damage_mark_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_damage_mark_by_id FOREIGN KEY(by_id) REFERENCES user (id),
  CONSTRAINT fk_damage_mark_removed_by_id FOREIGN KEY(removed_by_id) REFERENCES user (id)
);

CREATE INDEX ix_damage_mark_order_id ON damage_mark (order_id);

CREATE TRIGGER damage_mark_view_known_insert BEFORE INSERT ON "damage_mark" WHEN NEW."view" NOT IN ('front', 'left', 'rear', 'right', 'top') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_damage_mark_view_known'); END;

CREATE TRIGGER damage_mark_view_known_update BEFORE UPDATE OF "view" ON "damage_mark" WHEN NEW."view" NOT IN ('front', 'left', 'rear', 'right', 'top') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_damage_mark_view_known'); END;

CREATE TRIGGER damage_mark_kind_known_insert BEFORE INSERT ON "damage_mark" WHEN NEW."kind" NOT IN ('scratch', 'dent', 'crack', 'paint', 'rust', 'broken', 'missing') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_damage_mark_kind_known'); END;

CREATE TRIGGER damage_mark_kind_known_update BEFORE UPDATE OF "kind" ON "damage_mark" WHEN NEW."kind" NOT IN ('scratch', 'dent', 'crack', 'paint', 'rust', 'broken', 'missing') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_damage_mark_kind_known'); END;

CREATE TABLE deferred_work (
  id INTEGER NOT NULL,
  vehicle_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  operation_id INTEGER,
  title VARCHAR(200) NOT NULL,
  urgency VARCHAR(40) NOT NULL,
  reason VARCHAR(200) NOT NULL,
  price_fen INTEGER NOT NULL,
  noted_at DATETIME NOT NULL,
  sold_order_id INTEGER,
  told_at DATETIME,
  CONSTRAINT pk_deferred_work PRIMARY KEY (id),
  CONSTRAINT fk_deferred_work_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id),
  CONSTRAINT fk_deferred_work_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_deferred_work_operation_id FOREIGN KEY(operation_id) REFERENCES operation (id),
  CONSTRAINT fk_deferred_work_sold_order_id FOREIGN KEY(sold_order_id) REFERENCES repair_order (id)
);

CREATE INDEX ix_deferred_work_order_id ON deferred_work (order_id);

CREATE INDEX ix_deferred_work_vehicle_id ON deferred_work (vehicle_id);

CREATE TRIGGER deferred_work_urgency_known_insert BEFORE INSERT ON "deferred_work" WHEN NEW."urgency" NOT IN ('red', 'yellow') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_deferred_work_urgency_known'); END;

CREATE TRIGGER deferred_work_urgency_known_update BEFORE UPDATE OF "urgency" ON "deferred_work" WHEN NEW."urgency" NOT IN ('red', 'yellow') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_deferred_work_urgency_known'); END;

CREATE TABLE departure (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  left_at DATETIME NOT NULL,
  transport VARCHAR(40) NOT NULL,
  destination VARCHAR(120) NOT NULL,
  cost_bearer VARCHAR(40) NOT NULL,
  driver VARCHAR(80) NOT NULL,
  reachable_phone VARCHAR(32) NOT NULL,
  best_time VARCHAR(60) NOT NULL,
  report_channel VARCHAR(40) NOT NULL,
  report_at DATETIME,
  pick_up_name VARCHAR(80) NOT NULL,
  pick_up_phone VARCHAR(32) NOT NULL,
  pick_up_code VARCHAR(6) NOT NULL,
  loaner_contract_no VARCHAR(32) NOT NULL,
  loaner_plate VARCHAR(16),
  loaner_km_out INTEGER,
  loaner_km_in INTEGER,
  loaner_energy_out INTEGER,
  loaner_energy_in INTEGER,
  loaner_licence_checked BOOLEAN NOT NULL,
  loaner_deposit_fen INTEGER,
  loaner_damage TEXT NOT NULL,
  loaner_due_at DATETIME,
  loaner_returned_at DATETIME,
  noted_at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_departure PRIMARY KEY (id),
  CONSTRAINT ck_departure_loaner_km CHECK (loaner_km_in >= loaner_km_out),
  CONSTRAINT ck_departure_loaner_energy_out CHECK (loaner_energy_out BETWEEN 0 AND 100),
  CONSTRAINT ck_departure_loaner_energy_in CHECK (loaner_energy_in BETWEEN 0 AND 100),
  CONSTRAINT ck_departure_loaner_deposit CHECK (loaner_deposit_fen >= 0),
  CONSTRAINT uq_departure_order_id UNIQUE (order_id),
  CONSTRAINT fk_departure_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_departure_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE UNIQUE INDEX uq_departure_loaner_out ON departure (loaner_plate) WHERE loaner_plate IS NOT NULL AND loaner_returned_at IS NULL;

CREATE TRIGGER departure_transport_known_insert BEFORE INSERT ON "departure" WHEN NEW."transport" NOT IN ('taxi', 'bus', 'rental', 'loaner', 'shuttle', 'family', 'walk') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_departure_transport_known'); END;

CREATE TRIGGER departure_transport_known_update BEFORE UPDATE OF "transport" ON "departure" WHEN NEW."transport" NOT IN ('taxi', 'bus', 'rental', 'loaner', 'shuttle', 'family', 'walk') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_departure_transport_known'); END;

CREATE TRIGGER departure_cost_bearer_known_insert BEFORE INSERT ON "departure" WHEN NEW."cost_bearer" NOT IN ('customer', 'shop', 'insurance', 'manufacturer') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_departure_cost_bearer_known'); END;

CREATE TRIGGER departure_cost_bearer_known_update BEFORE UPDATE OF "cost_bearer" ON "departure" WHEN NEW."cost_bearer" NOT IN ('customer', 'shop', 'insurance', 'manufacturer') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_departure_cost_bearer_known'); END;

CREATE TRIGGER departure_report_channel_known_insert BEFORE INSERT ON "departure" WHEN NEW."report_channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_departure_report_channel_known'); END;

CREATE TRIGGER departure_report_channel_known_update BEFORE UPDATE OF "report_channel" ON "departure" WHEN NEW."report_channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_departure_report_channel_known'); END;

CREATE TABLE follow_up (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  state VARCHAR(40) NOT NULL,
  channel VARCHAR(40) NOT NULL,
  planned_at DATETIME NOT NULL,
  wished_at DATETIME,
  closed_at DATETIME,
  CONSTRAINT pk_follow_up PRIMARY KEY (id),
  CONSTRAINT fk_follow_up_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_follow_up_order_id UNIQUE (order_id),
  CONSTRAINT fk_follow_up_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id)
);

CREATE INDEX ix_follow_up_branch_id ON follow_up (branch_id);

CREATE INDEX ix_follow_up_planned_at ON follow_up (planned_at);

CREATE INDEX ix_follow_up_state ON follow_up (state);

CREATE TRIGGER follow_up_state_known_insert BEFORE INSERT ON "follow_up" WHEN NEW."state" NOT IN ('planned', 'answered', 'unreached', 'refused') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_follow_up_state_known'); END;

CREATE TRIGGER follow_up_state_known_update BEFORE UPDATE OF "state" ON "follow_up" WHEN NEW."state" NOT IN ('planned', 'answered', 'unreached', 'refused') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_follow_up_state_known'); END;

CREATE TRIGGER follow_up_channel_known_insert BEFORE INSERT ON "follow_up" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_follow_up_channel_known'); END;

CREATE TRIGGER follow_up_channel_known_update BEFORE UPDATE OF "channel" ON "follow_up" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_follow_up_channel_known'); END;

CREATE TABLE gate_pass (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  no VARCHAR(32) NOT NULL,
  order_id INTEGER NOT NULL,
  issued_at DATETIME NOT NULL,
  issued_by_id INTEGER NOT NULL,
  left_at DATETIME,
  left_by_id INTEGER,
  CONSTRAINT pk_gate_pass PRIMARY KEY (id),
  CONSTRAINT ck_gate_pass_left CHECK (left_at IS NULL OR left_by_id IS NOT NULL),
  CONSTRAINT fk_gate_pass_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_gate_pass_no UNIQUE (no),
  CONSTRAINT uq_gate_pass_order_id UNIQUE (order_id),
  CONSTRAINT fk_gate_pass_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_gate_pass_issued_by_id FOREIGN KEY(issued_by_id) REFERENCES user (id),
  CONSTRAINT fk_gate_pass_left_by_id FOREIGN KEY(left_by_id) REFERENCES user (id)
);

CREATE INDEX ix_gate_pass_branch_id ON gate_pass (branch_id);

CREATE INDEX ix_gate_pass_issued_at ON gate_pass (issued_at);

CREATE TABLE guarantee (
  id INTEGER NOT NULL,
  vehicle_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  title VARCHAR(200) NOT NULL,
  guarantee_class VARCHAR(40) NOT NULL,
  starts_on DATE NOT NULL,
  start_km INTEGER NOT NULL,
  ends_on DATE NOT NULL,
  end_km INTEGER NOT NULL,
  CONSTRAINT pk_guarantee PRIMARY KEY (id),
  CONSTRAINT fk_guarantee_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id),
  CONSTRAINT fk_guarantee_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id)
);

CREATE INDEX ix_guarantee_order_id ON guarantee (order_id);

CREATE INDEX ix_guarantee_vehicle_id ON guarantee (vehicle_id);

CREATE TRIGGER guarantee_guarantee_class_known_insert BEFORE INSERT ON "guarantee" WHEN NEW."guarantee_class" NOT IN ('overhaul', 'level_2_maintenance', 'minor') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_guarantee_guarantee_class_known'); END;

CREATE TRIGGER guarantee_guarantee_class_known_update BEFORE UPDATE OF "guarantee_class" ON "guarantee" WHEN NEW."guarantee_class" NOT IN ('overhaul', 'level_2_maintenance', 'minor') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_guarantee_guarantee_class_known'); END;

CREATE TABLE handover_check (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  item VARCHAR(40) NOT NULL,
  checked_at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  taken_back_at DATETIME,
  taken_back_by_id INTEGER,
  CONSTRAINT pk_handover_check PRIMARY KEY (id),
  CONSTRAINT fk_handover_check_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_handover_check_by_id FOREIGN KEY(by_id) REFERENCES user (id),
  CONSTRAINT fk_handover_check_taken_back_by_id FOREIGN KEY(taken_back_by_id) REFERENCES user (id)
);

CREATE INDEX ix_handover_check_order_id ON handover_check (order_id);

CREATE UNIQUE INDEX uq_handover_check_live ON handover_check (order_id, item) WHERE taken_back_at IS NULL;

CREATE TRIGGER handover_check_item_known_insert BEFORE INSERT ON "handover_check" WHEN NEW."item" NOT IN ('clean', 'covers', 'settings', 'work', 'bill', 'old_parts', 'guarantee', 'deferred', 'papers', 'valuables', 'keys') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_handover_check_item_known'); END;

CREATE TRIGGER handover_check_item_known_update BEFORE UPDATE OF "item" ON "handover_check" WHEN NEW."item" NOT IN ('clean', 'covers', 'settings', 'work', 'bill', 'old_parts', 'guarantee', 'deferred', 'papers', 'valuables', 'keys') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_handover_check_item_known'); END;

CREATE TABLE job (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  title_zh VARCHAR(200) NOT NULL,
  title_en VARCHAR(200) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  state VARCHAR(40) NOT NULL,
  skill_id INTEGER,
  level INTEGER NOT NULL,
  book_minutes INTEGER NOT NULL,
  bay_kinds JSON NOT NULL,
  rework_of_id INTEGER,
  started_at DATETIME,
  finished_at DATETIME,
  paused_at DATETIME,
  paused_minutes INTEGER NOT NULL,
  CONSTRAINT pk_job PRIMARY KEY (id),
  CONSTRAINT ck_job_book_minutes CHECK (book_minutes > 0),
  CONSTRAINT fk_job_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_job_skill_id FOREIGN KEY(skill_id) REFERENCES skill (id),
  CONSTRAINT fk_job_rework_of_id FOREIGN KEY(rework_of_id) REFERENCES job (id)
);

CREATE INDEX ix_job_order_id ON job (order_id);

CREATE INDEX ix_job_state ON job (state);

CREATE TRIGGER job_kind_known_insert BEFORE INSERT ON "job" WHEN NEW."kind" NOT IN ('repair', 'addition', 'rework') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_job_kind_known'); END;

CREATE TRIGGER job_kind_known_update BEFORE UPDATE OF "kind" ON "job" WHEN NEW."kind" NOT IN ('repair', 'addition', 'rework') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_job_kind_known'); END;

CREATE TRIGGER job_state_known_insert BEFORE INSERT ON "job" WHEN NEW."state" NOT IN ('waiting', 'running', 'paused', 'done', 'cancelled') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_job_state_known'); END;

CREATE TRIGGER job_state_known_update BEFORE UPDATE OF "state" ON "job" WHEN NEW."state" NOT IN ('waiting', 'running', 'paused', 'done', 'cancelled') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_job_state_known'); END;

CREATE TABLE lounge_check (
  id INTEGER NOT NULL,
  round_id INTEGER NOT NULL,
  item VARCHAR(40) NOT NULL,
  is_ok BOOLEAN NOT NULL,
  action VARCHAR(200) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  closed_at DATETIME,
  closed_by_id INTEGER,
  CONSTRAINT pk_lounge_check PRIMARY KEY (id),
  CONSTRAINT uq_lounge_check_round_id_item UNIQUE (round_id, item),
  CONSTRAINT ck_lounge_check_action CHECK (is_ok OR action <> ''),
  CONSTRAINT fk_lounge_check_round_id FOREIGN KEY(round_id) REFERENCES lounge_round (id),
  CONSTRAINT fk_lounge_check_by_id FOREIGN KEY(by_id) REFERENCES user (id),
  CONSTRAINT fk_lounge_check_closed_by_id FOREIGN KEY(closed_by_id) REFERENCES user (id)
);

CREATE TRIGGER lounge_check_item_known_insert BEFORE INSERT ON "lounge_check" WHEN NEW."item" NOT IN ('clean', 'air', 'toilets', 'tv', 'internet', 'magazines', 'newspapers', 'phone', 'water', 'cups', 'tissues', 'drinks', 'children', 'smoking', 'new_cars', 'promotion', 'notices', 'staff', 'screen') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_lounge_check_item_known'); END;

CREATE TRIGGER lounge_check_item_known_update BEFORE UPDATE OF "item" ON "lounge_check" WHEN NEW."item" NOT IN ('clean', 'air', 'toilets', 'tv', 'internet', 'magazines', 'newspapers', 'phone', 'water', 'cups', 'tissues', 'drinks', 'children', 'smoking', 'new_cars', 'promotion', 'notices', 'staff', 'screen') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_lounge_check_item_known'); END;

CREATE TABLE pick_list (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  no VARCHAR(32) NOT NULL,
  state VARCHAR(40) NOT NULL,
  basket_no INTEGER NOT NULL,
  needed_by DATETIME,
  supplementary BOOLEAN NOT NULL,
  released_at DATETIME NOT NULL,
  released_by_id INTEGER NOT NULL,
  picked_at DATETIME,
  picked_by_id INTEGER,
  issued_at DATETIME,
  issued_by_id INTEGER,
  issued_to_id INTEGER,
  closed_at DATETIME,
  CONSTRAINT pk_pick_list PRIMARY KEY (id),
  CONSTRAINT ck_pick_list_basket_no CHECK (basket_no > 0),
  CONSTRAINT fk_pick_list_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_pick_list_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT uq_pick_list_no UNIQUE (no),
  CONSTRAINT fk_pick_list_released_by_id FOREIGN KEY(released_by_id) REFERENCES user (id),
  CONSTRAINT fk_pick_list_picked_by_id FOREIGN KEY(picked_by_id) REFERENCES user (id),
  CONSTRAINT fk_pick_list_issued_by_id FOREIGN KEY(issued_by_id) REFERENCES user (id),
  CONSTRAINT fk_pick_list_issued_to_id FOREIGN KEY(issued_to_id) REFERENCES technician (id)
);

CREATE INDEX ix_pick_list_branch_id ON pick_list (branch_id);

CREATE INDEX ix_pick_list_order_id ON pick_list (order_id);

CREATE INDEX ix_pick_list_state ON pick_list (state);

CREATE UNIQUE INDEX uq_pick_list_basket ON pick_list (branch_id, basket_no) WHERE state IN ('open', 'partly_picked', 'picked', 'issued');

CREATE TRIGGER pick_list_state_known_insert BEFORE INSERT ON "pick_list" WHEN NEW."state" NOT IN ('open', 'partly_picked', 'picked', 'issued', 'closed', 'cancelled') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_pick_list_state_known'); END;

CREATE TRIGGER pick_list_state_known_update BEFORE UPDATE OF "state" ON "pick_list" WHEN NEW."state" NOT IN ('open', 'partly_picked', 'picked', 'issued', 'closed', 'cancelled') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_pick_list_state_known'); END;

CREATE TABLE progress_report (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  occasion VARCHAR(40) NOT NULL,
  said TEXT NOT NULL,
  channel VARCHAR(40) NOT NULL,
  by_id INTEGER NOT NULL,
  next_due_at DATETIME,
  CONSTRAINT pk_progress_report PRIMARY KEY (id),
  CONSTRAINT fk_progress_report_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_progress_report_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_progress_report_order_id ON progress_report (order_id);

CREATE TRIGGER progress_report_occasion_known_insert BEFORE INSERT ON "progress_report" WHEN NEW."occasion" NOT IN ('hourly', 'start', 'addition', 'delay', 'done') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_progress_report_occasion_known'); END;

CREATE TRIGGER progress_report_occasion_known_update BEFORE UPDATE OF "occasion" ON "progress_report" WHEN NEW."occasion" NOT IN ('hourly', 'start', 'addition', 'delay', 'done') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_progress_report_occasion_known'); END;

CREATE TRIGGER progress_report_channel_known_insert BEFORE INSERT ON "progress_report" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_progress_report_channel_known'); END;

CREATE TRIGGER progress_report_channel_known_update BEFORE UPDATE OF "channel" ON "progress_report" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_progress_report_channel_known'); END;

CREATE TABLE promise_change (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  old_at DATETIME,
  new_at DATETIME NOT NULL,
  reason VARCHAR(200) NOT NULL,
  told_how VARCHAR(40) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_promise_change PRIMARY KEY (id),
  CONSTRAINT fk_promise_change_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_promise_change_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_promise_change_order_id ON promise_change (order_id);

CREATE TABLE ready_notice (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  channel VARCHAR(40) NOT NULL,
  reached BOOLEAN NOT NULL,
  note VARCHAR(200) NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_ready_notice PRIMARY KEY (id),
  CONSTRAINT fk_ready_notice_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_ready_notice_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_ready_notice_order_id ON ready_notice (order_id);

CREATE TRIGGER ready_notice_channel_known_insert BEFORE INSERT ON "ready_notice" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_ready_notice_channel_known'); END;

CREATE TRIGGER ready_notice_channel_known_update BEFORE UPDATE OF "channel" ON "ready_notice" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_ready_notice_channel_known'); END;

CREATE TABLE repeat_check (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  earlier_order_id INTEGER,
  days INTEGER,
  km INTEGER,
  in_guarantee BOOLEAN NOT NULL,
  found_at DATETIME NOT NULL,
  same_complaint BOOLEAN,
  reason VARCHAR(200) NOT NULL,
  decided_at DATETIME,
  decided_by_id INTEGER,
  CONSTRAINT pk_repeat_check PRIMARY KEY (id),
  CONSTRAINT uq_repeat_check_order_id UNIQUE (order_id),
  CONSTRAINT fk_repeat_check_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_repeat_check_earlier_order_id FOREIGN KEY(earlier_order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_repeat_check_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES user (id)
);

CREATE TABLE reservation (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  quantity_milli INTEGER NOT NULL,
  state VARCHAR(40) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_reservation PRIMARY KEY (id),
  CONSTRAINT ck_reservation_quantity CHECK (quantity_milli > 0),
  CONSTRAINT fk_reservation_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_reservation_part_id FOREIGN KEY(part_id) REFERENCES part (id),
  CONSTRAINT fk_reservation_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_reservation_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_reservation_order_id ON reservation (order_id);

CREATE INDEX ix_reservation_part_id ON reservation (part_id);

CREATE TRIGGER reservation_state_known_insert BEFORE INSERT ON "reservation" WHEN NEW."state" NOT IN ('held', 'issued', 'released') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_reservation_state_known'); END;

CREATE TRIGGER reservation_state_known_update BEFORE UPDATE OF "state" ON "reservation" WHEN NEW."state" NOT IN ('held', 'issued', 'released') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_reservation_state_known'); END;

CREATE TABLE settlement (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  no VARCHAR(32) NOT NULL,
  version_no INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  state VARCHAR(40) NOT NULL,
  authorised_fen INTEGER NOT NULL,
  total_fen INTEGER NOT NULL,
  customer_fen INTEGER NOT NULL,
  labour_fen INTEGER NOT NULL,
  parts_fen INTEGER NOT NULL,
  other_fen INTEGER NOT NULL,
  discount_fen INTEGER NOT NULL,
  tax_fen INTEGER NOT NULL,
  discount_reason VARCHAR(200) NOT NULL,
  discount_by_id INTEGER,
  invoice_kind VARCHAR(40),
  invoice_no VARCHAR(40) NOT NULL,
  made_at DATETIME NOT NULL,
  made_by_id INTEGER NOT NULL,
  settled_at DATETIME,
  reverses_id INTEGER,
  reversed_at DATETIME,
  reversed_by_id INTEGER,
  reverse_reason VARCHAR(200) NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_settlement PRIMARY KEY (id),
  CONSTRAINT uq_settlement_order_id_version_no UNIQUE (order_id, version_no),
  CONSTRAINT ck_settlement_authorised CHECK (kind = 'red' OR customer_fen <= authorised_fen),
  CONSTRAINT ck_settlement_red_letter CHECK ((kind = 'red') = (reverses_id IS NOT NULL)),
  CONSTRAINT ck_settlement_discount CHECK (discount_fen = 0 OR discount_by_id IS NOT NULL),
  CONSTRAINT fk_settlement_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_settlement_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT uq_settlement_no UNIQUE (no),
  CONSTRAINT fk_settlement_discount_by_id FOREIGN KEY(discount_by_id) REFERENCES user (id),
  CONSTRAINT fk_settlement_made_by_id FOREIGN KEY(made_by_id) REFERENCES user (id),
  CONSTRAINT uq_settlement_reverses_id UNIQUE (reverses_id),
  CONSTRAINT fk_settlement_reverses_id FOREIGN KEY(reverses_id) REFERENCES settlement (id),
  CONSTRAINT fk_settlement_reversed_by_id FOREIGN KEY(reversed_by_id) REFERENCES user (id)
);

CREATE INDEX ix_settlement_branch_id ON settlement (branch_id);

CREATE INDEX ix_settlement_order_id ON settlement (order_id);

CREATE INDEX ix_settlement_settled_at ON settlement (settled_at);

CREATE INDEX ix_settlement_state ON settlement (state);

CREATE UNIQUE INDEX uq_settlement_live ON settlement (order_id) WHERE kind = 'normal' AND state <> 'reversed';

CREATE TRIGGER settlement_kind_known_insert BEFORE INSERT ON "settlement" WHEN NEW."kind" NOT IN ('normal', 'red') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_settlement_kind_known'); END;

CREATE TRIGGER settlement_kind_known_update BEFORE UPDATE OF "kind" ON "settlement" WHEN NEW."kind" NOT IN ('normal', 'red') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_settlement_kind_known'); END;

CREATE TRIGGER settlement_state_known_insert BEFORE INSERT ON "settlement" WHEN NEW."state" NOT IN ('open', 'paid', 'credited', 'reversed') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_settlement_state_known'); END;

CREATE TRIGGER settlement_state_known_update BEFORE UPDATE OF "state" ON "settlement" WHEN NEW."state" NOT IN ('open', 'paid', 'credited', 'reversed') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_settlement_state_known'); END;

CREATE TRIGGER settlement_invoice_kind_known_insert BEFORE INSERT ON "settlement" WHEN NEW."invoice_kind" NOT IN ('ordinary', 'special') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_settlement_invoice_kind_known'); END;

CREATE TRIGGER settlement_invoice_kind_known_update BEFORE UPDATE OF "invoice_kind" ON "settlement" WHEN NEW."invoice_kind" NOT IN ('ordinary', 'special') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_settlement_invoice_kind_known'); END;

CREATE TABLE shift (
  id INTEGER NOT NULL,
  technician_id INTEGER NOT NULL,
  weekday INTEGER NOT NULL,
  starts TIME NOT NULL,
  ends TIME NOT NULL,
  CONSTRAINT pk_shift PRIMARY KEY (id),
  CONSTRAINT ck_shift_weekday CHECK (weekday BETWEEN 0 AND 6),
  CONSTRAINT ck_shift_order CHECK (starts < ends),
  CONSTRAINT fk_shift_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id)
);

CREATE INDEX ix_shift_technician_id ON shift (technician_id);

CREATE TABLE stage_change (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  from_stage VARCHAR(40),
  to_stage VARCHAR(40) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER,
  reason TEXT NOT NULL,
  CONSTRAINT pk_stage_change PRIMARY KEY (id),
  CONSTRAINT fk_stage_change_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_stage_change_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_stage_change_order_id ON stage_change (order_id);

CREATE TRIGGER stage_change_from_stage_known_insert BEFORE INSERT ON "stage_change" WHEN NEW."from_stage" NOT IN ('reception', 'inspected', 'quoted', 'authorised', 'scheduled', 'repair', 'paused', 'quality_check', 'rework', 'final_check', 'wash', 'settlement', 'settled', 'ready', 'delivered', 'followed_up', 'closed', 'declined', 'cancelled') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_stage_change_from_stage_known'); END;

CREATE TRIGGER stage_change_from_stage_known_update BEFORE UPDATE OF "from_stage" ON "stage_change" WHEN NEW."from_stage" NOT IN ('reception', 'inspected', 'quoted', 'authorised', 'scheduled', 'repair', 'paused', 'quality_check', 'rework', 'final_check', 'wash', 'settlement', 'settled', 'ready', 'delivered', 'followed_up', 'closed', 'declined', 'cancelled') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_stage_change_from_stage_known'); END;

CREATE TRIGGER stage_change_to_stage_known_insert BEFORE INSERT ON "stage_change" WHEN NEW."to_stage" NOT IN ('reception', 'inspected', 'quoted', 'authorised', 'scheduled', 'repair', 'paused', 'quality_check', 'rework', 'final_check', 'wash', 'settlement', 'settled', 'ready', 'delivered', 'followed_up', 'closed', 'declined', 'cancelled') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_stage_change_to_stage_known'); END;

CREATE TRIGGER stage_change_to_stage_known_update BEFORE UPDATE OF "to_stage" ON "stage_change" WHEN NEW."to_stage" NOT IN ('reception', 'inspected', 'quoted', 'authorised', 'scheduled', 'repair', 'paused', 'quality_check', 'rework', 'final_check', 'wash', 'settlement', 'settled', 'ready', 'delivered', 'followed_up', 'closed', 'declined', 'cancelled') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_stage_change_to_stage_known'); END;

CREATE TABLE stock_entry (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  move VARCHAR(40) NOT NULL,
  quantity_milli INTEGER NOT NULL,
  order_id INTEGER,
  origin VARCHAR(120) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_stock_entry PRIMARY KEY (id),
  CONSTRAINT ck_stock_entry_quantity CHECK (quantity_milli <> 0),
  CONSTRAINT fk_stock_entry_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_stock_entry_part_id FOREIGN KEY(part_id) REFERENCES part (id),
  CONSTRAINT fk_stock_entry_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_stock_entry_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_stock_entry_order_id ON stock_entry (order_id);

CREATE INDEX ix_stock_entry_part_id ON stock_entry (part_id);

CREATE TRIGGER stock_entry_move_known_insert BEFORE INSERT ON "stock_entry" WHEN NEW."move" NOT IN ('receipt', 'issue', 'return', 'count') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_stock_entry_move_known'); END;

CREATE TRIGGER stock_entry_move_known_update BEFORE UPDATE OF "move" ON "stock_entry" WHEN NEW."move" NOT IN ('receipt', 'issue', 'return', 'count') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_stock_entry_move_known'); END;

CREATE TABLE technician_skill (
  id INTEGER NOT NULL,
  technician_id INTEGER NOT NULL,
  skill_id INTEGER NOT NULL,
  level INTEGER NOT NULL,
  expires_on DATE,
  CONSTRAINT pk_technician_skill PRIMARY KEY (id),
  CONSTRAINT uq_technician_skill_technician_id_skill_id UNIQUE (technician_id, skill_id),
  CONSTRAINT ck_technician_skill_level CHECK (level BETWEEN 1 AND 5),
  CONSTRAINT fk_technician_skill_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id),
  CONSTRAINT fk_technician_skill_skill_id FOREIGN KEY(skill_id) REFERENCES skill (id)
);

CREATE TABLE valuable (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  title VARCHAR(120) NOT NULL,
  kept_by_us BOOLEAN NOT NULL,
  place VARCHAR(80) NOT NULL,
  noted_at DATETIME NOT NULL,
  noted_by_id INTEGER NOT NULL,
  returned_at DATETIME,
  CONSTRAINT pk_valuable PRIMARY KEY (id),
  CONSTRAINT fk_valuable_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_valuable_noted_by_id FOREIGN KEY(noted_by_id) REFERENCES user (id)
);

CREATE INDEX ix_valuable_order_id ON valuable (order_id);

CREATE TABLE view_check (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  "view" VARCHAR(40) NOT NULL,
  checked_at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_view_check PRIMARY KEY (id),
  CONSTRAINT uq_view_check_order_id_view UNIQUE (order_id, "view"),
  CONSTRAINT fk_view_check_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_view_check_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_view_check_order_id ON view_check (order_id);

CREATE TRIGGER view_check_view_known_insert BEFORE INSERT ON "view_check" WHEN NEW."view" NOT IN ('front', 'left', 'rear', 'right', 'top') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_view_check_view_known'); END;

CREATE TRIGGER view_check_view_known_update BEFORE UPDATE OF "view" ON "view_check" WHEN NEW."view" NOT IN ('front', 'left', 'rear', 'right', 'top') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_view_check_view_known'); END;

CREATE TABLE walk_in (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  plate VARCHAR(16) NOT NULL,
  note VARCHAR(200) NOT NULL,
  arrived_at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  order_id INTEGER,
  left_at DATETIME,
  CONSTRAINT pk_walk_in PRIMARY KEY (id),
  CONSTRAINT fk_walk_in_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_walk_in_by_id FOREIGN KEY(by_id) REFERENCES user (id),
  CONSTRAINT uq_walk_in_order_id UNIQUE (order_id),
  CONSTRAINT fk_walk_in_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id)
);

CREATE INDEX ix_walk_in_branch_id ON walk_in (branch_id);

CREATE TABLE wash (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  finished_at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_wash PRIMARY KEY (id),
  CONSTRAINT fk_wash_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_wash_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_wash_order_id ON wash (order_id);

CREATE TABLE allocation (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  role VARCHAR(40) NOT NULL,
  technician_id INTEGER NOT NULL,
  bay_id INTEGER,
  starts_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  blocked_until DATETIME NOT NULL,
  rest_minutes INTEGER NOT NULL,
  status VARCHAR(40) NOT NULL,
  lead_id INTEGER,
  lead_starts_at DATETIME,
  share_percent INTEGER,
  version INTEGER NOT NULL,
  made_by_id INTEGER NOT NULL,
  made_at DATETIME NOT NULL,
  CONSTRAINT pk_allocation PRIMARY KEY (id),
  CONSTRAINT ck_allocation_order CHECK (starts_at < ends_at AND ends_at <= blocked_until),
  CONSTRAINT ck_allocation_rest_minutes CHECK (rest_minutes >= 0),
  CONSTRAINT ck_allocation_has_a_lead CHECK ((role = 'assistant') = (lead_id IS NOT NULL)),
  CONSTRAINT ck_allocation_has_a_share CHECK ((role = 'assistant') = (share_percent IS NOT NULL)),
  CONSTRAINT ck_allocation_share_percent CHECK (share_percent BETWEEN 1 AND 99),
  CONSTRAINT ck_allocation_lead_has_the_bay CHECK (role = 'lead' OR bay_id IS NULL),
  CONSTRAINT ck_allocation_not_before_the_lead CHECK (lead_starts_at <= starts_at),
  CONSTRAINT ck_allocation_bound CHECK (role = 'lead' OR status <> 'planned' OR lead_starts_at IS NOT NULL),
  CONSTRAINT uq_allocation_team UNIQUE (id, job_id, starts_at, ends_at, blocked_until, status),
  CONSTRAINT fk_allocation_team FOREIGN KEY(lead_id, job_id, lead_starts_at, ends_at, blocked_until, status) REFERENCES allocation (id, job_id, starts_at, ends_at, blocked_until, status) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT fk_allocation_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_allocation_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_allocation_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id),
  CONSTRAINT fk_allocation_bay_id FOREIGN KEY(bay_id) REFERENCES bay (id),
  CONSTRAINT fk_allocation_lead_id FOREIGN KEY(lead_id) REFERENCES allocation (id),
  CONSTRAINT fk_allocation_made_by_id FOREIGN KEY(made_by_id) REFERENCES user (id)
);

CREATE INDEX ix_allocation_bay_start ON allocation (bay_id, starts_at);

CREATE INDEX ix_allocation_branch_id ON allocation (branch_id);

CREATE INDEX ix_allocation_job_id ON allocation (job_id);

CREATE INDEX ix_allocation_lead_id ON allocation (lead_id);

CREATE INDEX ix_allocation_technician_start ON allocation (technician_id, starts_at);

CREATE UNIQUE INDEX uq_allocation_live_assistant ON allocation (lead_id) WHERE status = 'planned';

CREATE UNIQUE INDEX uq_allocation_live_job ON allocation (job_id) WHERE status = 'planned' AND role = 'lead';

CREATE TRIGGER allocation_role_known_insert BEFORE INSERT ON "allocation" WHEN NEW."role" NOT IN ('lead', 'assistant') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_allocation_role_known'); END;

CREATE TRIGGER allocation_role_known_update BEFORE UPDATE OF "role" ON "allocation" WHEN NEW."role" NOT IN ('lead', 'assistant') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_allocation_role_known'); END;

CREATE TRIGGER allocation_status_known_insert BEFORE INSERT ON "allocation" WHEN NEW."status" NOT IN ('planned', 'done', 'cancelled') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_allocation_status_known'); END;

CREATE TRIGGER allocation_status_known_update BEFORE UPDATE OF "status" ON "allocation" WHEN NEW."status" NOT IN ('planned', 'done', 'cancelled') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_allocation_status_known'); END;

CREATE TABLE appointment_change (
  id INTEGER NOT NULL,
  appointment_id INTEGER NOT NULL,
  to_status VARCHAR(40) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  reason VARCHAR(200) NOT NULL,
  CONSTRAINT pk_appointment_change PRIMARY KEY (id),
  CONSTRAINT fk_appointment_change_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointment (id),
  CONSTRAINT fk_appointment_change_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_appointment_change_appointment_id ON appointment_change (appointment_id);

CREATE TRIGGER appointment_change_to_status_known_insert BEFORE INSERT ON "appointment_change" WHEN NEW."to_status" NOT IN ('requested', 'confirmed', 'arrived', 'converted', 'rescheduled', 'cancelled', 'no_show') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_change_to_status_known'); END;

CREATE TRIGGER appointment_change_to_status_known_update BEFORE UPDATE OF "to_status" ON "appointment_change" WHEN NEW."to_status" NOT IN ('requested', 'confirmed', 'arrived', 'converted', 'rescheduled', 'cancelled', 'no_show') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_change_to_status_known'); END;

CREATE TABLE appointment_contact (
  id INTEGER NOT NULL,
  appointment_id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  channel VARCHAR(40) NOT NULL,
  result VARCHAR(40) NOT NULL,
  note VARCHAR(200) NOT NULL,
  CONSTRAINT pk_appointment_contact PRIMARY KEY (id),
  CONSTRAINT fk_appointment_contact_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointment (id),
  CONSTRAINT fk_appointment_contact_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_appointment_contact_appointment_id ON appointment_contact (appointment_id);

CREATE TRIGGER appointment_contact_channel_known_insert BEFORE INSERT ON "appointment_contact" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_contact_channel_known'); END;

CREATE TRIGGER appointment_contact_channel_known_update BEFORE UPDATE OF "channel" ON "appointment_contact" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_contact_channel_known'); END;

CREATE TRIGGER appointment_contact_result_known_insert BEFORE INSERT ON "appointment_contact" WHEN NEW."result" NOT IN ('confirmed', 'no_answer', 'wants_other_time', 'wants_cancel', 'wrong_number') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_contact_result_known'); END;

CREATE TRIGGER appointment_contact_result_known_update BEFORE UPDATE OF "result" ON "appointment_contact" WHEN NEW."result" NOT IN ('confirmed', 'no_answer', 'wants_other_time', 'wants_cancel', 'wrong_number') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_appointment_contact_result_known'); END;

CREATE TABLE appointment_operation (
  id INTEGER NOT NULL,
  appointment_id INTEGER NOT NULL,
  operation_id INTEGER NOT NULL,
  deferred_work_id INTEGER,
  CONSTRAINT pk_appointment_operation PRIMARY KEY (id),
  CONSTRAINT uq_appointment_operation_appointment_id_operation_id UNIQUE (appointment_id, operation_id),
  CONSTRAINT fk_appointment_operation_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointment (id),
  CONSTRAINT fk_appointment_operation_operation_id FOREIGN KEY(operation_id) REFERENCES operation (id),
  CONSTRAINT fk_appointment_operation_deferred_work_id FOREIGN KEY(deferred_work_id) REFERENCES deferred_work (id)
);

CREATE INDEX ix_appointment_operation_appointment_id ON appointment_operation (appointment_id);

CREATE TABLE attendance_break (
  id INTEGER NOT NULL,
  attendance_id INTEGER NOT NULL,
  started_at DATETIME NOT NULL,
  ended_at DATETIME,
  CONSTRAINT pk_attendance_break PRIMARY KEY (id),
  CONSTRAINT ck_attendance_break_order CHECK (ended_at IS NULL OR ended_at >= started_at),
  CONSTRAINT fk_attendance_break_attendance_id FOREIGN KEY(attendance_id) REFERENCES attendance (id)
);

CREATE INDEX ix_attendance_break_attendance_id ON attendance_break (attendance_id);

CREATE UNIQUE INDEX uq_attendance_break_open ON attendance_break (attendance_id) WHERE ended_at IS NULL;

CREATE TABLE case_entry (
  id INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  words TEXT NOT NULL,
  CONSTRAINT pk_case_entry PRIMARY KEY (id),
  CONSTRAINT fk_case_entry_case_id FOREIGN KEY(case_id) REFERENCES "case" (id),
  CONSTRAINT fk_case_entry_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_case_entry_case_id ON case_entry (case_id);

CREATE TABLE credit_request (
  id INTEGER NOT NULL,
  settlement_id INTEGER NOT NULL,
  amount_fen INTEGER NOT NULL,
  due_on DATE NOT NULL,
  reason VARCHAR(200) NOT NULL,
  asked_at DATETIME NOT NULL,
  asked_by_id INTEGER NOT NULL,
  approved BOOLEAN,
  decided_at DATETIME,
  decided_by_id INTEGER,
  remark VARCHAR(200) NOT NULL,
  CONSTRAINT pk_credit_request PRIMARY KEY (id),
  CONSTRAINT ck_credit_request_amount CHECK (amount_fen > 0),
  CONSTRAINT ck_credit_request_two_people CHECK (decided_by_id IS NULL OR decided_by_id <> asked_by_id),
  CONSTRAINT ck_credit_request_decided CHECK ((approved IS NULL) = (decided_at IS NULL)),
  CONSTRAINT ck_credit_request_approved_by CHECK (NOT approved OR decided_by_id IS NOT NULL),
  CONSTRAINT fk_credit_request_settlement_id FOREIGN KEY(settlement_id) REFERENCES settlement (id),
  CONSTRAINT fk_credit_request_asked_by_id FOREIGN KEY(asked_by_id) REFERENCES user (id),
  CONSTRAINT fk_credit_request_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES user (id)
);

CREATE INDEX ix_credit_request_settlement_id ON credit_request (settlement_id);

CREATE UNIQUE INDEX uq_credit_request_open ON credit_request (settlement_id) WHERE approved IS NULL;

CREATE TABLE damage_photo (
  id INTEGER NOT NULL,
  mark_id INTEGER NOT NULL,
  attachment_id INTEGER NOT NULL,
  CONSTRAINT pk_damage_photo PRIMARY KEY (id),
  CONSTRAINT fk_damage_photo_mark_id FOREIGN KEY(mark_id) REFERENCES damage_mark (id),
  CONSTRAINT fk_damage_photo_attachment_id FOREIGN KEY(attachment_id) REFERENCES attachment (id)
);

CREATE INDEX ix_damage_photo_mark_id ON damage_photo (mark_id);

CREATE TABLE day_consent (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  from_day DATE NOT NULL,
  to_day DATE NOT NULL,
  channel VARCHAR(40) NOT NULL,
  agreed_by VARCHAR(80) NOT NULL,
  agreed_at DATETIME NOT NULL,
  noted_by_id INTEGER NOT NULL,
  noted_at DATETIME NOT NULL,
  CONSTRAINT pk_day_consent PRIMARY KEY (id),
  CONSTRAINT ck_day_consent_another_day CHECK (from_day <> to_day),
  CONSTRAINT fk_day_consent_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_day_consent_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_day_consent_noted_by_id FOREIGN KEY(noted_by_id) REFERENCES user (id)
);

CREATE INDEX ix_day_consent_job_id ON day_consent (job_id);

CREATE INDEX ix_day_consent_order_id ON day_consent (order_id);

CREATE TRIGGER day_consent_channel_known_insert BEFORE INSERT ON "day_consent" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_day_consent_channel_known'); END;

CREATE TRIGGER day_consent_channel_known_update BEFORE UPDATE OF "channel" ON "day_consent" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_day_consent_channel_known'); END;

CREATE TABLE follow_up_attempt (
  id INTEGER NOT NULL,
  follow_up_id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  channel VARCHAR(40) NOT NULL,
  outcome VARCHAR(40) NOT NULL,
  note TEXT NOT NULL,
  CONSTRAINT pk_follow_up_attempt PRIMARY KEY (id),
  CONSTRAINT fk_follow_up_attempt_follow_up_id FOREIGN KEY(follow_up_id) REFERENCES follow_up (id),
  CONSTRAINT fk_follow_up_attempt_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_follow_up_attempt_follow_up_id ON follow_up_attempt (follow_up_id);

CREATE TRIGGER follow_up_attempt_channel_known_insert BEFORE INSERT ON "follow_up_attempt" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_follow_up_attempt_channel_known'); END;

CREATE TRIGGER follow_up_attempt_channel_known_update BEFORE UPDATE OF "channel" ON "follow_up_attempt" WHEN NEW."channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_follow_up_attempt_channel_known'); END;

CREATE TRIGGER follow_up_attempt_outcome_known_insert BEFORE INSERT ON "follow_up_attempt" WHEN NEW."outcome" NOT IN ('reached', 'no_answer', 'busy', 'refused', 'wrong_number', 'switched_off') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_follow_up_attempt_outcome_known'); END;

CREATE TRIGGER follow_up_attempt_outcome_known_update BEFORE UPDATE OF "outcome" ON "follow_up_attempt" WHEN NEW."outcome" NOT IN ('reached', 'no_answer', 'busy', 'refused', 'wrong_number', 'switched_off') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_follow_up_attempt_outcome_known'); END;

CREATE TABLE follow_up_result (
  id INTEGER NOT NULL,
  follow_up_id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  is_fixed BOOLEAN NOT NULL,
  recommendation INTEGER,
  words TEXT NOT NULL,
  case_id INTEGER,
  CONSTRAINT pk_follow_up_result PRIMARY KEY (id),
  CONSTRAINT ck_follow_up_result_recommendation CHECK (recommendation BETWEEN 0 AND 10),
  CONSTRAINT uq_follow_up_result_follow_up_id UNIQUE (follow_up_id),
  CONSTRAINT fk_follow_up_result_follow_up_id FOREIGN KEY(follow_up_id) REFERENCES follow_up (id),
  CONSTRAINT fk_follow_up_result_by_id FOREIGN KEY(by_id) REFERENCES user (id),
  CONSTRAINT fk_follow_up_result_case_id FOREIGN KEY(case_id) REFERENCES "case" (id)
);

CREATE TABLE handover (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  new_damage BOOLEAN,
  damage_note TEXT NOT NULL,
  walked_at DATETIME,
  walked_by_id INTEGER,
  mileage_km INTEGER,
  next_due_on DATE,
  next_due_km INTEGER,
  reminders TEXT NOT NULL,
  next_told_at DATETIME,
  collector VARCHAR(40),
  collector_name VARCHAR(80) NOT NULL,
  collector_phone VARCHAR(32) NOT NULL,
  proof VARCHAR(40),
  proof_note VARCHAR(200) NOT NULL,
  collector_at DATETIME,
  followup_wished_at DATETIME,
  followup_channel VARCHAR(40),
  followup_refused VARCHAR(200) NOT NULL,
  followup_asked_at DATETIME,
  signature_id INTEGER,
  signer_name VARCHAR(80) NOT NULL,
  delivered_at DATETIME,
  delivered_by_id INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT pk_handover PRIMARY KEY (id),
  CONSTRAINT ck_handover_damage_note CHECK (new_damage IS NOT TRUE OR damage_note <> ''),
  CONSTRAINT ck_handover_km CHECK (mileage_km >= 0 AND next_due_km >= 0),
  CONSTRAINT ck_handover_other_proof CHECK (collector <> 'other' OR proof IS NOT NULL),
  CONSTRAINT uq_handover_order_id UNIQUE (order_id),
  CONSTRAINT fk_handover_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_handover_walked_by_id FOREIGN KEY(walked_by_id) REFERENCES user (id),
  CONSTRAINT fk_handover_signature_id FOREIGN KEY(signature_id) REFERENCES attachment (id),
  CONSTRAINT fk_handover_delivered_by_id FOREIGN KEY(delivered_by_id) REFERENCES user (id)
);

CREATE TRIGGER handover_collector_known_insert BEFORE INSERT ON "handover" WHEN NEW."collector" NOT IN ('owner', 'bringer', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_handover_collector_known'); END;

CREATE TRIGGER handover_collector_known_update BEFORE UPDATE OF "collector" ON "handover" WHEN NEW."collector" NOT IN ('owner', 'bringer', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_handover_collector_known'); END;

CREATE TRIGGER handover_proof_known_insert BEFORE INSERT ON "handover" WHEN NEW."proof" NOT IN ('code', 'owner_confirmed') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_handover_proof_known'); END;

CREATE TRIGGER handover_proof_known_update BEFORE UPDATE OF "proof" ON "handover" WHEN NEW."proof" NOT IN ('code', 'owner_confirmed') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_handover_proof_known'); END;

CREATE TRIGGER handover_followup_channel_known_insert BEFORE INSERT ON "handover" WHEN NEW."followup_channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_handover_followup_channel_known'); END;

CREATE TRIGGER handover_followup_channel_known_update BEFORE UPDATE OF "followup_channel" ON "handover" WHEN NEW."followup_channel" NOT IN ('phone', 'sms', 'wechat', 'in_person') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_handover_followup_channel_known'); END;

CREATE TABLE inspection (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  job_id INTEGER,
  level VARCHAR(40) NOT NULL,
  passed BOOLEAN NOT NULL,
  remarks TEXT NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_inspection PRIMARY KEY (id),
  CONSTRAINT ck_inspection_self_check_of_job CHECK ((level = 'self_check') = (job_id IS NOT NULL)),
  CONSTRAINT fk_inspection_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_inspection_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_inspection_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_inspection_job_id ON inspection (job_id);

CREATE INDEX ix_inspection_order_id ON inspection (order_id);

CREATE TRIGGER inspection_level_known_insert BEFORE INSERT ON "inspection" WHEN NEW."level" NOT IN ('self_check', 'quality_check', 'final_check') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_inspection_level_known'); END;

CREATE TRIGGER inspection_level_known_update BEFORE UPDATE OF "level" ON "inspection" WHEN NEW."level" NOT IN ('self_check', 'quality_check', 'final_check') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_inspection_level_known'); END;

CREATE TABLE job_folder (
  id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  state VARCHAR(40) NOT NULL,
  prepared_at DATETIME NOT NULL,
  prepared_by_id INTEGER NOT NULL,
  on_rack_at DATETIME,
  taken_at DATETIME,
  taken_by_id INTEGER,
  returned_at DATETIME,
  returned_by_id INTEGER,
  CONSTRAINT pk_job_folder PRIMARY KEY (id),
  CONSTRAINT ck_job_folder_taken_first CHECK (returned_at IS NULL OR taken_at IS NOT NULL),
  CONSTRAINT uq_job_folder_job_id UNIQUE (job_id),
  CONSTRAINT fk_job_folder_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_job_folder_prepared_by_id FOREIGN KEY(prepared_by_id) REFERENCES user (id),
  CONSTRAINT fk_job_folder_taken_by_id FOREIGN KEY(taken_by_id) REFERENCES user (id),
  CONSTRAINT fk_job_folder_returned_by_id FOREIGN KEY(returned_by_id) REFERENCES user (id)
);

CREATE TRIGGER job_folder_state_known_insert BEFORE INSERT ON "job_folder" WHEN NEW."state" NOT IN ('prepared', 'on_rack', 'taken', 'returned') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_job_folder_state_known'); END;

CREATE TRIGGER job_folder_state_known_update BEFORE UPDATE OF "state" ON "job_folder" WHEN NEW."state" NOT IN ('prepared', 'on_rack', 'taken', 'returned') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_job_folder_state_known'); END;

CREATE TABLE job_hold (
  id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  day DATE NOT NULL,
  reason VARCHAR(40) NOT NULL,
  note VARCHAR(200) NOT NULL,
  held_at DATETIME NOT NULL,
  held_by_id INTEGER NOT NULL,
  released_at DATETIME,
  released_by_id INTEGER,
  CONSTRAINT pk_job_hold PRIMARY KEY (id),
  CONSTRAINT ck_job_hold_reason_in_words CHECK (reason <> 'other' OR note <> ''),
  CONSTRAINT ck_job_hold_released CHECK ((released_at IS NULL) = (released_by_id IS NULL)),
  CONSTRAINT fk_job_hold_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_job_hold_held_by_id FOREIGN KEY(held_by_id) REFERENCES user (id),
  CONSTRAINT fk_job_hold_released_by_id FOREIGN KEY(released_by_id) REFERENCES user (id)
);

CREATE INDEX ix_job_hold_job_id ON job_hold (job_id);

CREATE UNIQUE INDEX uq_job_hold_standing ON job_hold (job_id) WHERE released_at IS NULL;

CREATE TRIGGER job_hold_reason_known_insert BEFORE INSERT ON "job_hold" WHEN NEW."reason" NOT IN ('parts', 'approval', 'customer', 'support', 'sublet', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_job_hold_reason_known'); END;

CREATE TRIGGER job_hold_reason_known_update BEFORE UPDATE OF "reason" ON "job_hold" WHEN NEW."reason" NOT IN ('parts', 'approval', 'customer', 'support', 'sublet', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_job_hold_reason_known'); END;

CREATE TABLE more_time (
  id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  minutes INTEGER NOT NULL,
  reason VARCHAR(40) NOT NULL,
  asked_at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  state VARCHAR(40) NOT NULL,
  answered_at DATETIME,
  answered_by_id INTEGER,
  CONSTRAINT pk_more_time PRIMARY KEY (id),
  CONSTRAINT ck_more_time_minutes CHECK (minutes > 0),
  CONSTRAINT ck_more_time_answered CHECK ((state = 'open') = (answered_at IS NULL)),
  CONSTRAINT fk_more_time_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_more_time_by_id FOREIGN KEY(by_id) REFERENCES user (id),
  CONSTRAINT fk_more_time_answered_by_id FOREIGN KEY(answered_by_id) REFERENCES user (id)
);

CREATE INDEX ix_more_time_job_id ON more_time (job_id);

CREATE UNIQUE INDEX uq_more_time_open ON more_time (job_id) WHERE state = 'open';

CREATE TRIGGER more_time_reason_known_insert BEFORE INSERT ON "more_time" WHEN NEW."reason" NOT IN ('harder', 'stuck', 'part', 'tool', 'helped', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_more_time_reason_known'); END;

CREATE TRIGGER more_time_reason_known_update BEFORE UPDATE OF "reason" ON "more_time" WHEN NEW."reason" NOT IN ('harder', 'stuck', 'part', 'tool', 'helped', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_more_time_reason_known'); END;

CREATE TRIGGER more_time_state_known_insert BEFORE INSERT ON "more_time" WHEN NEW."state" NOT IN ('open', 'granted', 'left', 'replaced') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_more_time_state_known'); END;

CREATE TRIGGER more_time_state_known_update BEFORE UPDATE OF "state" ON "more_time" WHEN NEW."state" NOT IN ('open', 'granted', 'left', 'replaced') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_more_time_state_known'); END;

CREATE TABLE overbooking (
  id INTEGER NOT NULL,
  appointment_id INTEGER NOT NULL,
  reason VARCHAR(200) NOT NULL,
  by_id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  CONSTRAINT pk_overbooking PRIMARY KEY (id),
  CONSTRAINT ck_overbooking_reason CHECK (reason <> ''),
  CONSTRAINT uq_overbooking_appointment_id UNIQUE (appointment_id),
  CONSTRAINT fk_overbooking_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointment (id),
  CONSTRAINT fk_overbooking_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE TABLE payment (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  settlement_id INTEGER,
  account VARCHAR(40) NOT NULL,
  tender VARCHAR(40) NOT NULL,
  amount_fen INTEGER NOT NULL,
  reference VARCHAR(60) NOT NULL,
  reason VARCHAR(200) NOT NULL,
  client_id VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_payment PRIMARY KEY (id),
  CONSTRAINT ck_payment_amount CHECK (amount_fen <> 0),
  CONSTRAINT ck_payment_refund_reason CHECK (amount_fen > 0 OR reason <> ''),
  CONSTRAINT fk_payment_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_payment_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_payment_settlement_id FOREIGN KEY(settlement_id) REFERENCES settlement (id),
  CONSTRAINT uq_payment_client_id UNIQUE (client_id),
  CONSTRAINT fk_payment_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_payment_day ON payment (branch_id, at);

CREATE INDEX ix_payment_order_id ON payment (order_id);

CREATE INDEX ix_payment_settlement_id ON payment (settlement_id);

CREATE TRIGGER payment_account_known_insert BEFORE INSERT ON "payment" WHEN NEW."account" NOT IN ('customer', 'insurer', 'manufacturer', 'shop') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_payment_account_known'); END;

CREATE TRIGGER payment_account_known_update BEFORE UPDATE OF "account" ON "payment" WHEN NEW."account" NOT IN ('customer', 'insurer', 'manufacturer', 'shop') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_payment_account_known'); END;

CREATE TRIGGER payment_tender_known_insert BEFORE INSERT ON "payment" WHEN NEW."tender" NOT IN ('cash', 'card', 'wechat', 'alipay', 'transfer', 'insurer', 'manufacturer') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_payment_tender_known'); END;

CREATE TRIGGER payment_tender_known_update BEFORE UPDATE OF "tender" ON "payment" WHEN NEW."tender" NOT IN ('cash', 'card', 'wechat', 'alipay', 'transfer', 'insurer', 'manufacturer') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_payment_tender_known'); END;

CREATE TABLE plan_run (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  reason VARCHAR(40) NOT NULL,
  details JSON NOT NULL,
  asked_by_id INTEGER NOT NULL,
  asked_at DATETIME NOT NULL,
  state VARCHAR(40) NOT NULL,
  origin_at DATETIME NOT NULL,
  problem JSON NOT NULL,
  "plan" JSON,
  seen JSON NOT NULL,
  left_out JSON NOT NULL,
  seconds INTEGER NOT NULL,
  beat INTEGER NOT NULL,
  finished_at DATETIME,
  failure VARCHAR(40),
  failure_detail TEXT NOT NULL,
  proposed_by_id INTEGER,
  proposed_at DATETIME,
  absence_id INTEGER,
  CONSTRAINT pk_plan_run PRIMARY KEY (id),
  CONSTRAINT ck_plan_run_seconds CHECK (seconds > 0),
  CONSTRAINT fk_plan_run_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_plan_run_asked_by_id FOREIGN KEY(asked_by_id) REFERENCES user (id),
  CONSTRAINT fk_plan_run_proposed_by_id FOREIGN KEY(proposed_by_id) REFERENCES user (id),
  CONSTRAINT fk_plan_run_absence_id FOREIGN KEY(absence_id) REFERENCES absence (id)
);

CREATE INDEX ix_plan_run_branch_id ON plan_run (branch_id);

CREATE INDEX ix_plan_run_state ON plan_run (state);

CREATE TRIGGER plan_run_reason_known_insert BEFORE INSERT ON "plan_run" WHEN NEW."reason" NOT IN ('improve', 'absent', 'overrun', 'part_late') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_plan_run_reason_known'); END;

CREATE TRIGGER plan_run_reason_known_update BEFORE UPDATE OF "reason" ON "plan_run" WHEN NEW."reason" NOT IN ('improve', 'absent', 'overrun', 'part_late') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_plan_run_reason_known'); END;

CREATE TRIGGER plan_run_state_known_insert BEFORE INSERT ON "plan_run" WHEN NEW."state" NOT IN ('running', 'ready', 'failed', 'cancelled', 'accepted', 'partly_accepted', 'undone', 'outdated') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_plan_run_state_known'); END;

CREATE TRIGGER plan_run_state_known_update BEFORE UPDATE OF "state" ON "plan_run" WHEN NEW."state" NOT IN ('running', 'ready', 'failed', 'cancelled', 'accepted', 'partly_accepted', 'undone', 'outdated') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_plan_run_state_known'); END;

CREATE TRIGGER plan_run_failure_known_insert BEFORE INSERT ON "plan_run" WHEN NEW."failure" NOT IN ('killed', 'timeout', 'memory', 'lost', 'faulty', 'no_plan', 'refused') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_plan_run_failure_known'); END;

CREATE TRIGGER plan_run_failure_known_update BEFORE UPDATE OF "failure" ON "plan_run" WHEN NEW."failure" NOT IN ('killed', 'timeout', 'memory', 'lost', 'faulty', 'no_plan', 'refused') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_plan_run_failure_known'); END;

CREATE TABLE quotation (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  no VARCHAR(32) NOT NULL,
  version_no INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  state VARCHAR(40) NOT NULL,
  replaces_id INTEGER,
  reason TEXT NOT NULL,
  urgency VARCHAR(40),
  photo_id INTEGER,
  total_fen INTEGER NOT NULL,
  offered_at DATETIME,
  offered_by_id INTEGER,
  offered_promise_at DATETIME,
  promise_why JSON NOT NULL,
  signed_at DATETIME,
  signer_name VARCHAR(80) NOT NULL,
  signature_id INTEGER,
  channel VARCHAR(40),
  evidence VARCHAR(200) NOT NULL,
  device VARCHAR(300) NOT NULL,
  taken_by_id INTEGER,
  decline_reason VARCHAR(200) NOT NULL,
  created_at DATETIME NOT NULL,
  created_by_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_quotation PRIMARY KEY (id),
  CONSTRAINT uq_quotation_no_version_no UNIQUE (no, version_no),
  CONSTRAINT ck_quotation_signed_at CHECK (state <> 'signed' OR signed_at IS NOT NULL),
  CONSTRAINT fk_quotation_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_quotation_replaces_id FOREIGN KEY(replaces_id) REFERENCES quotation (id),
  CONSTRAINT fk_quotation_photo_id FOREIGN KEY(photo_id) REFERENCES attachment (id),
  CONSTRAINT fk_quotation_offered_by_id FOREIGN KEY(offered_by_id) REFERENCES user (id),
  CONSTRAINT fk_quotation_signature_id FOREIGN KEY(signature_id) REFERENCES attachment (id),
  CONSTRAINT fk_quotation_taken_by_id FOREIGN KEY(taken_by_id) REFERENCES user (id),
  CONSTRAINT fk_quotation_created_by_id FOREIGN KEY(created_by_id) REFERENCES user (id)
);

CREATE INDEX ix_quotation_order_id ON quotation (order_id);

CREATE INDEX ix_quotation_state ON quotation (state);

CREATE UNIQUE INDEX uq_quotation_live_main ON quotation (order_id) WHERE kind = 'main' AND state IN ('draft', 'offered', 'signed');

CREATE TRIGGER quotation_kind_known_insert BEFORE INSERT ON "quotation" WHEN NEW."kind" NOT IN ('main', 'addition') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_kind_known'); END;

CREATE TRIGGER quotation_kind_known_update BEFORE UPDATE OF "kind" ON "quotation" WHEN NEW."kind" NOT IN ('main', 'addition') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_kind_known'); END;

CREATE TRIGGER quotation_state_known_insert BEFORE INSERT ON "quotation" WHEN NEW."state" NOT IN ('draft', 'offered', 'signed', 'declined', 'superseded') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_state_known'); END;

CREATE TRIGGER quotation_state_known_update BEFORE UPDATE OF "state" ON "quotation" WHEN NEW."state" NOT IN ('draft', 'offered', 'signed', 'declined', 'superseded') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_state_known'); END;

CREATE TRIGGER quotation_urgency_known_insert BEFORE INSERT ON "quotation" WHEN NEW."urgency" NOT IN ('red', 'yellow') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_urgency_known'); END;

CREATE TRIGGER quotation_urgency_known_update BEFORE UPDATE OF "urgency" ON "quotation" WHEN NEW."urgency" NOT IN ('red', 'yellow') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_urgency_known'); END;

CREATE TRIGGER quotation_channel_known_insert BEFORE INSERT ON "quotation" WHEN NEW."channel" NOT IN ('in_person', 'phone', 'link') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_channel_known'); END;

CREATE TRIGGER quotation_channel_known_update BEFORE UPDATE OF "channel" ON "quotation" WHEN NEW."channel" NOT IN ('in_person', 'phone', 'link') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_channel_known'); END;

CREATE TABLE walkaround (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  finding TEXT NOT NULL,
  interview JSON NOT NULL,
  lamps JSON NOT NULL,
  lamps_note VARCHAR(200) NOT NULL,
  odometer_replaced BOOLEAN NOT NULL,
  previous_km INTEGER,
  valuables_asked_at DATETIME,
  valuables_asked_by_id INTEGER,
  items JSON NOT NULL,
  items_note VARCHAR(200) NOT NULL,
  keys INTEGER NOT NULL,
  papers JSON NOT NULL,
  old_parts VARCHAR(40),
  wash_wanted BOOLEAN NOT NULL,
  road_test_wanted BOOLEAN NOT NULL,
  pay_way VARCHAR(40),
  checks JSON NOT NULL,
  checks_note VARCHAR(200) NOT NULL,
  no_vin_reason VARCHAR(200) NOT NULL,
  signature_id INTEGER,
  signer_name VARCHAR(80) NOT NULL,
  refused_reason VARCHAR(200) NOT NULL,
  witness_name VARCHAR(80) NOT NULL,
  signed_at DATETIME,
  signed_by_id INTEGER,
  edition INTEGER NOT NULL,
  CONSTRAINT pk_walkaround PRIMARY KEY (id),
  CONSTRAINT ck_walkaround_keys CHECK (keys BETWEEN 0 AND 9),
  CONSTRAINT uq_walkaround_order_id UNIQUE (order_id),
  CONSTRAINT fk_walkaround_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_walkaround_valuables_asked_by_id FOREIGN KEY(valuables_asked_by_id) REFERENCES user (id),
  CONSTRAINT fk_walkaround_signature_id FOREIGN KEY(signature_id) REFERENCES attachment (id),
  CONSTRAINT fk_walkaround_signed_by_id FOREIGN KEY(signed_by_id) REFERENCES user (id)
);

CREATE TRIGGER walkaround_old_parts_known_insert BEFORE INSERT ON "walkaround" WHEN NEW."old_parts" NOT IN ('take', 'dispose') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_walkaround_old_parts_known'); END;

CREATE TRIGGER walkaround_old_parts_known_update BEFORE UPDATE OF "old_parts" ON "walkaround" WHEN NEW."old_parts" NOT IN ('take', 'dispose') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_walkaround_old_parts_known'); END;

CREATE TRIGGER walkaround_pay_way_known_insert BEFORE INSERT ON "walkaround" WHEN NEW."pay_way" NOT IN ('cash', 'card', 'wechat', 'alipay', 'transfer', 'account') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_walkaround_pay_way_known'); END;

CREATE TRIGGER walkaround_pay_way_known_update BEFORE UPDATE OF "pay_way" ON "walkaround" WHEN NEW."pay_way" NOT IN ('cash', 'card', 'wechat', 'alipay', 'transfer', 'account') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_walkaround_pay_way_known'); END;

CREATE TABLE walkaround_signing (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  edition INTEGER NOT NULL,
  signature_id INTEGER,
  signer_name VARCHAR(80) NOT NULL,
  refused_reason VARCHAR(200) NOT NULL,
  witness_name VARCHAR(80) NOT NULL,
  signed_at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  snapshot JSON NOT NULL,
  CONSTRAINT pk_walkaround_signing PRIMARY KEY (id),
  CONSTRAINT uq_walkaround_signing_order_id_edition UNIQUE (order_id, edition),
  CONSTRAINT fk_walkaround_signing_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_walkaround_signing_signature_id FOREIGN KEY(signature_id) REFERENCES attachment (id),
  CONSTRAINT fk_walkaround_signing_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_walkaround_signing_order_id ON walkaround_signing (order_id);

CREATE TABLE watch_alarm (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  subject VARCHAR(20) NOT NULL,
  order_id INTEGER NOT NULL,
  job_id INTEGER,
  due_at DATETIME NOT NULL,
  until_at DATETIME,
  cause_job_id INTEGER,
  absent_technician_id INTEGER,
  raised_at DATETIME NOT NULL,
  cleared_at DATETIME,
  acknowledged_at DATETIME,
  acknowledged_by_id INTEGER,
  seen_minutes INTEGER,
  seen_happened BOOLEAN NOT NULL,
  worse_at DATETIME,
  CONSTRAINT pk_watch_alarm PRIMARY KEY (id),
  CONSTRAINT ck_watch_alarm_worse_than CHECK (worse_at IS NULL OR acknowledged_at IS NOT NULL),
  CONSTRAINT ck_watch_alarm_acknowledged CHECK ((acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)),
  CONSTRAINT fk_watch_alarm_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_watch_alarm_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_watch_alarm_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_watch_alarm_cause_job_id FOREIGN KEY(cause_job_id) REFERENCES job (id),
  CONSTRAINT fk_watch_alarm_absent_technician_id FOREIGN KEY(absent_technician_id) REFERENCES technician (id),
  CONSTRAINT fk_watch_alarm_acknowledged_by_id FOREIGN KEY(acknowledged_by_id) REFERENCES user (id)
);

CREATE INDEX ix_watch_alarm_branch_id ON watch_alarm (branch_id);

CREATE INDEX ix_watch_alarm_job_id ON watch_alarm (job_id);

CREATE INDEX ix_watch_alarm_order_id ON watch_alarm (order_id);

CREATE UNIQUE INDEX uq_watch_alarm_open ON watch_alarm (kind, subject) WHERE cleared_at IS NULL;

CREATE TRIGGER watch_alarm_kind_known_insert BEFORE INSERT ON "watch_alarm" WHEN NEW."kind" NOT IN ('promise', 'part_late', 'absent', 'certificate', 'overrun', 'not_clocked_in', 'late_start', 'report_due', 'folder_not_taken', 'folder_not_back') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_watch_alarm_kind_known'); END;

CREATE TRIGGER watch_alarm_kind_known_update BEFORE UPDATE OF "kind" ON "watch_alarm" WHEN NEW."kind" NOT IN ('promise', 'part_late', 'absent', 'certificate', 'overrun', 'not_clocked_in', 'late_start', 'report_due', 'folder_not_taken', 'folder_not_back') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_watch_alarm_kind_known'); END;

CREATE TABLE work_note (
  id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  text TEXT NOT NULL,
  photo_id INTEGER,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_work_note PRIMARY KEY (id),
  CONSTRAINT fk_work_note_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_work_note_photo_id FOREIGN KEY(photo_id) REFERENCES attachment (id),
  CONSTRAINT fk_work_note_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_work_note_job_id ON work_note (job_id);

CREATE TABLE work_point (
  id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  point VARCHAR(40) NOT NULL,
  ticked_at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  hurried BOOLEAN NOT NULL,
  undone_at DATETIME,
  CONSTRAINT pk_work_point PRIMARY KEY (id),
  CONSTRAINT fk_work_point_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_work_point_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_work_point_job_id ON work_point (job_id);

CREATE UNIQUE INDEX uq_work_point_live ON work_point (job_id, point) WHERE undone_at IS NULL;

CREATE TRIGGER work_point_point_known_insert BEFORE INSERT ON "work_point" WHEN NEW."point" NOT IN ('start', 'process', 'additions', 'off_floor', 'protection', 'finish') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_work_point_point_known'); END;

CREATE TRIGGER work_point_point_known_update BEFORE UPDATE OF "point" ON "work_point" WHEN NEW."point" NOT IN ('start', 'process', 'additions', 'off_floor', 'protection', 'finish') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_work_point_point_known'); END;

CREATE TABLE work_session (
  id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  role VARCHAR(40) NOT NULL,
  technician_id INTEGER NOT NULL,
  started_at DATETIME NOT NULL,
  ended_at DATETIME,
  pause_reason VARCHAR(40),
  ended_by_id INTEGER,
  CONSTRAINT pk_work_session PRIMARY KEY (id),
  CONSTRAINT ck_work_session_order CHECK (ended_at IS NULL OR ended_at >= started_at),
  CONSTRAINT fk_work_session_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_work_session_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id),
  CONSTRAINT fk_work_session_ended_by_id FOREIGN KEY(ended_by_id) REFERENCES user (id)
);

CREATE INDEX ix_work_session_job_id ON work_session (job_id);

CREATE INDEX ix_work_session_technician_id ON work_session (technician_id);

CREATE UNIQUE INDEX uq_work_session_open_job ON work_session (job_id, role) WHERE ended_at IS NULL;

CREATE UNIQUE INDEX uq_work_session_open_technician ON work_session (technician_id) WHERE ended_at IS NULL;

CREATE TRIGGER work_session_role_known_insert BEFORE INSERT ON "work_session" WHEN NEW."role" NOT IN ('lead', 'assistant') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_work_session_role_known'); END;

CREATE TRIGGER work_session_role_known_update BEFORE UPDATE OF "role" ON "work_session" WHEN NEW."role" NOT IN ('lead', 'assistant') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_work_session_role_known'); END;

CREATE TRIGGER work_session_pause_reason_known_insert BEFORE INSERT ON "work_session" WHEN NEW."pause_reason" NOT IN ('parts', 'customer', 'support', 'sublet', 'equipment', 'appraisal', 'warranty', 'break', 'absent', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_work_session_pause_reason_known'); END;

CREATE TRIGGER work_session_pause_reason_known_update BEFORE UPDATE OF "pause_reason" ON "work_session" WHEN NEW."pause_reason" NOT IN ('parts', 'customer', 'support', 'sublet', 'equipment', 'appraisal', 'warranty', 'break', 'absent', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_work_session_pause_reason_known'); END;

CREATE TABLE additional_work (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  finding TEXT NOT NULL,
  urgency VARCHAR(40) NOT NULL,
  photo_id INTEGER,
  operation_id INTEGER,
  requested_at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  quotation_id INTEGER,
  priced_at DATETIME,
  dismissed_at DATETIME,
  dismissed_by_id INTEGER,
  dismiss_reason VARCHAR(200) NOT NULL,
  CONSTRAINT pk_additional_work PRIMARY KEY (id),
  CONSTRAINT ck_additional_work_one_answer CHECK (quotation_id IS NULL OR dismissed_at IS NULL),
  CONSTRAINT fk_additional_work_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_additional_work_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_additional_work_photo_id FOREIGN KEY(photo_id) REFERENCES attachment (id),
  CONSTRAINT fk_additional_work_operation_id FOREIGN KEY(operation_id) REFERENCES operation (id),
  CONSTRAINT fk_additional_work_by_id FOREIGN KEY(by_id) REFERENCES user (id),
  CONSTRAINT fk_additional_work_quotation_id FOREIGN KEY(quotation_id) REFERENCES quotation (id),
  CONSTRAINT fk_additional_work_dismissed_by_id FOREIGN KEY(dismissed_by_id) REFERENCES user (id)
);

CREATE INDEX ix_additional_work_job_id ON additional_work (job_id);

CREATE INDEX ix_additional_work_order_id ON additional_work (order_id);

CREATE INDEX ix_additional_work_quotation_id ON additional_work (quotation_id);

CREATE TRIGGER additional_work_urgency_known_insert BEFORE INSERT ON "additional_work" WHEN NEW."urgency" NOT IN ('red', 'yellow') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_additional_work_urgency_known'); END;

CREATE TRIGGER additional_work_urgency_known_update BEFORE UPDATE OF "urgency" ON "additional_work" WHEN NEW."urgency" NOT IN ('red', 'yellow') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_additional_work_urgency_known'); END;

CREATE TABLE follow_up_answer (
  id INTEGER NOT NULL,
  result_id INTEGER NOT NULL,
  question VARCHAR(40) NOT NULL,
  score INTEGER NOT NULL,
  CONSTRAINT pk_follow_up_answer PRIMARY KEY (id),
  CONSTRAINT uq_follow_up_answer_result_id_question UNIQUE (result_id, question),
  CONSTRAINT ck_follow_up_answer_score CHECK (score BETWEEN 1 AND 5),
  CONSTRAINT fk_follow_up_answer_result_id FOREIGN KEY(result_id) REFERENCES follow_up_result (id)
);

CREATE INDEX ix_follow_up_answer_result_id ON follow_up_answer (result_id);

CREATE TRIGGER follow_up_answer_question_known_insert BEFORE INSERT ON "follow_up_answer" WHEN NEW."question" NOT IN ('on_time', 'price_as_told', 'explanation', 'cleanliness', 'advisor') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_follow_up_answer_question_known'); END;

CREATE TRIGGER follow_up_answer_question_known_update BEFORE UPDATE OF "question" ON "follow_up_answer" WHEN NEW."question" NOT IN ('on_time', 'price_as_told', 'explanation', 'cleanliness', 'advisor') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_follow_up_answer_question_known'); END;

CREATE TABLE inspection_item (
  id INTEGER NOT NULL,
  inspection_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  code VARCHAR(40) NOT NULL,
  title VARCHAR(200) NOT NULL,
  standard VARCHAR(200) NOT NULL,
  verdict VARCHAR(40) NOT NULL,
  measured VARCHAR(60) NOT NULL,
  note VARCHAR(300) NOT NULL,
  photo_id INTEGER,
  CONSTRAINT pk_inspection_item PRIMARY KEY (id),
  CONSTRAINT uq_inspection_item_inspection_id_code UNIQUE (inspection_id, code),
  CONSTRAINT fk_inspection_item_inspection_id FOREIGN KEY(inspection_id) REFERENCES inspection (id),
  CONSTRAINT fk_inspection_item_photo_id FOREIGN KEY(photo_id) REFERENCES attachment (id)
);

CREATE INDEX ix_inspection_item_inspection_id ON inspection_item (inspection_id);

CREATE TRIGGER inspection_item_verdict_known_insert BEFORE INSERT ON "inspection_item" WHEN NEW."verdict" NOT IN ('good', 'attention', 'bad', 'not_applicable') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_inspection_item_verdict_known'); END;

CREATE TRIGGER inspection_item_verdict_known_update BEFORE UPDATE OF "verdict" ON "inspection_item" WHEN NEW."verdict" NOT IN ('good', 'attention', 'bad', 'not_applicable') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_inspection_item_verdict_known'); END;

CREATE TABLE place_pin (
  id INTEGER NOT NULL,
  allocation_id INTEGER NOT NULL,
  keeps_technician BOOLEAN NOT NULL,
  keeps_bay BOOLEAN NOT NULL,
  keeps_start BOOLEAN NOT NULL,
  fixed_by_id INTEGER NOT NULL,
  fixed_at DATETIME NOT NULL,
  released_by_id INTEGER,
  released_at DATETIME,
  CONSTRAINT pk_place_pin PRIMARY KEY (id),
  CONSTRAINT ck_place_pin_a_part CHECK (keeps_technician OR keeps_bay OR keeps_start),
  CONSTRAINT ck_place_pin_released CHECK ((released_at IS NULL) = (released_by_id IS NULL)),
  CONSTRAINT fk_place_pin_allocation_id FOREIGN KEY(allocation_id) REFERENCES allocation (id),
  CONSTRAINT fk_place_pin_fixed_by_id FOREIGN KEY(fixed_by_id) REFERENCES user (id),
  CONSTRAINT fk_place_pin_released_by_id FOREIGN KEY(released_by_id) REFERENCES user (id)
);

CREATE INDEX ix_place_pin_allocation_id ON place_pin (allocation_id);

CREATE UNIQUE INDEX uq_place_pin_live ON place_pin (allocation_id) WHERE released_at IS NULL;

CREATE TABLE plan_step (
  id INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  "before" JSON,
  "after" JSON,
  state VARCHAR(40) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_plan_step PRIMARY KEY (id),
  CONSTRAINT ck_plan_step_a_place CHECK (before IS NOT NULL OR after IS NOT NULL),
  CONSTRAINT fk_plan_step_run_id FOREIGN KEY(run_id) REFERENCES plan_run (id),
  CONSTRAINT fk_plan_step_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_plan_step_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_plan_step_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_plan_step_job_id ON plan_step (job_id);

CREATE INDEX ix_plan_step_order_id ON plan_step (order_id);

CREATE INDEX ix_plan_step_run_id ON plan_step (run_id);

CREATE INDEX ix_plan_step_run_state ON plan_step (run_id, state);

CREATE TRIGGER plan_step_state_known_insert BEFORE INSERT ON "plan_step" WHEN NEW."state" NOT IN ('accepted', 'undone') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_plan_step_state_known'); END;

CREATE TRIGGER plan_step_state_known_update BEFORE UPDATE OF "state" ON "plan_step" WHEN NEW."state" NOT IN ('accepted', 'undone') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_plan_step_state_known'); END;

CREATE TABLE quotation_line (
  id INTEGER NOT NULL,
  quotation_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  operation_id INTEGER,
  part_id INTEGER,
  part_class VARCHAR(40),
  parent_line_id INTEGER,
  title_zh VARCHAR(200) NOT NULL,
  title_en VARCHAR(200) NOT NULL,
  unit VARCHAR(10) NOT NULL,
  quantity_milli INTEGER NOT NULL,
  book_minutes INTEGER NOT NULL,
  unit_fen INTEGER NOT NULL,
  discount_fen INTEGER NOT NULL,
  discount_reason VARCHAR(200) NOT NULL,
  discount_by_id INTEGER,
  total_fen INTEGER NOT NULL,
  tax_basis_points INTEGER NOT NULL,
  payer VARCHAR(40) NOT NULL,
  guarantee VARCHAR(40),
  urgency VARCHAR(40),
  deferred_id INTEGER,
  decision VARCHAR(40) NOT NULL,
  decline_reason VARCHAR(200) NOT NULL,
  job_id INTEGER,
  CONSTRAINT pk_quotation_line PRIMARY KEY (id),
  CONSTRAINT ck_quotation_line_quantity CHECK (quantity_milli > 0),
  CONSTRAINT ck_quotation_line_amounts CHECK (discount_fen >= 0 AND total_fen >= 0),
  CONSTRAINT ck_quotation_line_book_minutes CHECK (kind <> 'labour' OR book_minutes > 0),
  CONSTRAINT ck_quotation_line_part CHECK (kind <> 'part' OR part_id IS NOT NULL),
  CONSTRAINT ck_quotation_line_discount CHECK (discount_fen = 0 OR discount_by_id IS NOT NULL),
  CONSTRAINT fk_quotation_line_quotation_id FOREIGN KEY(quotation_id) REFERENCES quotation (id),
  CONSTRAINT fk_quotation_line_operation_id FOREIGN KEY(operation_id) REFERENCES operation (id),
  CONSTRAINT fk_quotation_line_part_id FOREIGN KEY(part_id) REFERENCES part (id),
  CONSTRAINT fk_quotation_line_parent_line_id FOREIGN KEY(parent_line_id) REFERENCES quotation_line (id),
  CONSTRAINT fk_quotation_line_discount_by_id FOREIGN KEY(discount_by_id) REFERENCES user (id),
  CONSTRAINT fk_quotation_line_deferred_id FOREIGN KEY(deferred_id) REFERENCES deferred_work (id),
  CONSTRAINT fk_quotation_line_job_id FOREIGN KEY(job_id) REFERENCES job (id)
);

CREATE INDEX ix_quotation_line_job_id ON quotation_line (job_id);

CREATE INDEX ix_quotation_line_parent_line_id ON quotation_line (parent_line_id);

CREATE INDEX ix_quotation_line_quotation_id ON quotation_line (quotation_id);

CREATE TRIGGER quotation_line_kind_known_insert BEFORE INSERT ON "quotation_line" WHEN NEW."kind" NOT IN ('labour', 'part', 'sublet', 'diagnosis', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_line_kind_known'); END;

CREATE TRIGGER quotation_line_kind_known_update BEFORE UPDATE OF "kind" ON "quotation_line" WHEN NEW."kind" NOT IN ('labour', 'part', 'sublet', 'diagnosis', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_line_kind_known'); END;

CREATE TRIGGER quotation_line_part_class_known_insert BEFORE INSERT ON "quotation_line" WHEN NEW."part_class" NOT IN ('oem', 'equivalent', 'aftermarket', 'reconditioned') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_line_part_class_known'); END;

CREATE TRIGGER quotation_line_part_class_known_update BEFORE UPDATE OF "part_class" ON "quotation_line" WHEN NEW."part_class" NOT IN ('oem', 'equivalent', 'aftermarket', 'reconditioned') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_line_part_class_known'); END;

CREATE TRIGGER quotation_line_payer_known_insert BEFORE INSERT ON "quotation_line" WHEN NEW."payer" NOT IN ('customer', 'warranty', 'statutory', 'insurance', 'internal', 'goodwill') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_line_payer_known'); END;

CREATE TRIGGER quotation_line_payer_known_update BEFORE UPDATE OF "payer" ON "quotation_line" WHEN NEW."payer" NOT IN ('customer', 'warranty', 'statutory', 'insurance', 'internal', 'goodwill') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_line_payer_known'); END;

CREATE TRIGGER quotation_line_guarantee_known_insert BEFORE INSERT ON "quotation_line" WHEN NEW."guarantee" NOT IN ('overhaul', 'level_2_maintenance', 'minor') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_line_guarantee_known'); END;

CREATE TRIGGER quotation_line_guarantee_known_update BEFORE UPDATE OF "guarantee" ON "quotation_line" WHEN NEW."guarantee" NOT IN ('overhaul', 'level_2_maintenance', 'minor') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_line_guarantee_known'); END;

CREATE TRIGGER quotation_line_urgency_known_insert BEFORE INSERT ON "quotation_line" WHEN NEW."urgency" NOT IN ('red', 'yellow') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_line_urgency_known'); END;

CREATE TRIGGER quotation_line_urgency_known_update BEFORE UPDATE OF "urgency" ON "quotation_line" WHEN NEW."urgency" NOT IN ('red', 'yellow') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_line_urgency_known'); END;

CREATE TRIGGER quotation_line_decision_known_insert BEFORE INSERT ON "quotation_line" WHEN NEW."decision" NOT IN ('pending', 'accepted', 'declined') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_line_decision_known'); END;

CREATE TRIGGER quotation_line_decision_known_update BEFORE UPDATE OF "decision" ON "quotation_line" WHEN NEW."decision" NOT IN ('pending', 'accepted', 'declined') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_quotation_line_decision_known'); END;

CREATE TABLE rework_order (
  id INTEGER NOT NULL,
  no VARCHAR(32) NOT NULL,
  order_id INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  job_id INTEGER,
  responsible_job_id INTEGER,
  inspection_id INTEGER,
  original_order_id INTEGER,
  found_at VARCHAR(40),
  cause VARCHAR(40),
  complaint TEXT NOT NULL,
  days_since_delivery INTEGER,
  km_since_delivery INTEGER,
  in_guarantee BOOLEAN,
  repeat_count INTEGER NOT NULL,
  opened_at DATETIME NOT NULL,
  opened_by_id INTEGER NOT NULL,
  closed_at DATETIME,
  closed_by_id INTEGER,
  CONSTRAINT pk_rework_order PRIMARY KEY (id),
  CONSTRAINT ck_rework_order_internal_has_job CHECK ((kind = 'internal') = (job_id IS NOT NULL)),
  CONSTRAINT uq_rework_order_no UNIQUE (no),
  CONSTRAINT fk_rework_order_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_rework_order_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_rework_order_responsible_job_id FOREIGN KEY(responsible_job_id) REFERENCES job (id),
  CONSTRAINT uq_rework_order_inspection_id UNIQUE (inspection_id),
  CONSTRAINT fk_rework_order_inspection_id FOREIGN KEY(inspection_id) REFERENCES inspection (id),
  CONSTRAINT fk_rework_order_original_order_id FOREIGN KEY(original_order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_rework_order_opened_by_id FOREIGN KEY(opened_by_id) REFERENCES user (id),
  CONSTRAINT fk_rework_order_closed_by_id FOREIGN KEY(closed_by_id) REFERENCES user (id)
);

CREATE INDEX ix_rework_order_job_id ON rework_order (job_id);

CREATE INDEX ix_rework_order_order_id ON rework_order (order_id);

CREATE INDEX ix_rework_order_original_order_id ON rework_order (original_order_id);

CREATE UNIQUE INDEX uq_rework_order_external ON rework_order (order_id) WHERE kind = 'external';

CREATE TRIGGER rework_order_kind_known_insert BEFORE INSERT ON "rework_order" WHEN NEW."kind" NOT IN ('internal', 'external') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_rework_order_kind_known'); END;

CREATE TRIGGER rework_order_kind_known_update BEFORE UPDATE OF "kind" ON "rework_order" WHEN NEW."kind" NOT IN ('internal', 'external') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_rework_order_kind_known'); END;

CREATE TRIGGER rework_order_found_at_known_insert BEFORE INSERT ON "rework_order" WHEN NEW."found_at" NOT IN ('self_check', 'quality_check', 'final_check') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_rework_order_found_at_known'); END;

CREATE TRIGGER rework_order_found_at_known_update BEFORE UPDATE OF "found_at" ON "rework_order" WHEN NEW."found_at" NOT IN ('self_check', 'quality_check', 'final_check') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_rework_order_found_at_known'); END;

CREATE TRIGGER rework_order_cause_known_insert BEFORE INSERT ON "rework_order" WHEN NEW."cause" NOT IN ('workmanship', 'diagnosis', 'left_out', 'part_quality', 'misunderstanding', 'equipment', 'customer_use', 'no_fault') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_rework_order_cause_known'); END;

CREATE TRIGGER rework_order_cause_known_update BEFORE UPDATE OF "cause" ON "rework_order" WHEN NEW."cause" NOT IN ('workmanship', 'diagnosis', 'left_out', 'part_quality', 'misunderstanding', 'equipment', 'customer_use', 'no_fault') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_rework_order_cause_known'); END;

CREATE TABLE road_test (
  id INTEGER NOT NULL,
  inspection_id INTEGER NOT NULL,
  from_km INTEGER NOT NULL,
  to_km INTEGER NOT NULL,
  route VARCHAR(200) NOT NULL,
  findings TEXT NOT NULL,
  driver_id INTEGER NOT NULL,
  CONSTRAINT pk_road_test PRIMARY KEY (id),
  CONSTRAINT ck_road_test_km CHECK (from_km >= 0 AND to_km > from_km),
  CONSTRAINT uq_road_test_inspection_id UNIQUE (inspection_id),
  CONSTRAINT fk_road_test_inspection_id FOREIGN KEY(inspection_id) REFERENCES inspection (id),
  CONSTRAINT fk_road_test_driver_id FOREIGN KEY(driver_id) REFERENCES user (id)
);

CREATE TABLE time_change (
  id INTEGER NOT NULL,
  allocation_id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  seen_version INTEGER NOT NULL,
  technician_id INTEGER NOT NULL,
  bay_id INTEGER,
  starts_at DATETIME NOT NULL,
  minutes INTEGER NOT NULL,
  across BOOLEAN NOT NULL,
  reason VARCHAR(200) NOT NULL,
  state VARCHAR(40) NOT NULL,
  proposed_by_id INTEGER NOT NULL,
  proposed_at DATETIME NOT NULL,
  answered_by_id INTEGER,
  answered_at DATETIME,
  answer VARCHAR(200) NOT NULL,
  CONSTRAINT pk_time_change PRIMARY KEY (id),
  CONSTRAINT ck_time_change_minutes CHECK (minutes > 0),
  CONSTRAINT fk_time_change_allocation_id FOREIGN KEY(allocation_id) REFERENCES allocation (id),
  CONSTRAINT fk_time_change_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_time_change_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id),
  CONSTRAINT fk_time_change_bay_id FOREIGN KEY(bay_id) REFERENCES bay (id),
  CONSTRAINT fk_time_change_proposed_by_id FOREIGN KEY(proposed_by_id) REFERENCES user (id),
  CONSTRAINT fk_time_change_answered_by_id FOREIGN KEY(answered_by_id) REFERENCES user (id)
);

CREATE INDEX ix_time_change_allocation_id ON time_change (allocation_id);

CREATE INDEX ix_time_change_job_id ON time_change (job_id);

CREATE UNIQUE INDEX uq_time_change_open ON time_change (allocation_id) WHERE state = 'open';

CREATE TRIGGER time_change_state_known_insert BEFORE INSERT ON "time_change" WHEN NEW."state" NOT IN ('open', 'confirmed', 'refused', 'withdrawn') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_time_change_state_known'); END;

CREATE TRIGGER time_change_state_known_update BEFORE UPDATE OF "state" ON "time_change" WHEN NEW."state" NOT IN ('open', 'confirmed', 'refused', 'withdrawn') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_time_change_state_known'); END;

CREATE TABLE track_link (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  quotation_id INTEGER,
  token_hash VARCHAR(64) NOT NULL,
  made_at DATETIME NOT NULL,
  made_by_id INTEGER NOT NULL,
  expires_at DATETIME NOT NULL,
  revoked_at DATETIME,
  CONSTRAINT pk_track_link PRIMARY KEY (id),
  CONSTRAINT fk_track_link_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_track_link_quotation_id FOREIGN KEY(quotation_id) REFERENCES quotation (id),
  CONSTRAINT uq_track_link_token_hash UNIQUE (token_hash),
  CONSTRAINT fk_track_link_made_by_id FOREIGN KEY(made_by_id) REFERENCES user (id)
);

CREATE INDEX ix_track_link_order_id ON track_link (order_id);

CREATE UNIQUE INDEX uq_track_link_live ON track_link (order_id) WHERE revoked_at IS NULL;

CREATE TABLE pick_line (
  id INTEGER NOT NULL,
  pick_list_id INTEGER NOT NULL,
  quotation_line_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  ordered_milli INTEGER NOT NULL,
  reserved_milli INTEGER NOT NULL,
  picked_milli INTEGER NOT NULL,
  issued_milli INTEGER NOT NULL,
  unused_milli INTEGER NOT NULL,
  returned_milli INTEGER NOT NULL,
  short_milli INTEGER NOT NULL,
  unit_fen INTEGER NOT NULL,
  old_wanted BOOLEAN NOT NULL,
  old_bagged_at DATETIME,
  CONSTRAINT pk_pick_line PRIMARY KEY (id),
  CONSTRAINT ck_pick_line_ordered CHECK (ordered_milli > 0 AND short_milli >= 0),
  CONSTRAINT ck_pick_line_reserved CHECK (reserved_milli + short_milli <= ordered_milli),
  CONSTRAINT ck_pick_line_picked CHECK (picked_milli <= reserved_milli),
  CONSTRAINT ck_pick_line_issued CHECK (issued_milli <= picked_milli),
  CONSTRAINT ck_pick_line_unused CHECK (unused_milli <= issued_milli),
  CONSTRAINT ck_pick_line_returned CHECK (returned_milli BETWEEN 0 AND unused_milli),
  CONSTRAINT fk_pick_line_pick_list_id FOREIGN KEY(pick_list_id) REFERENCES pick_list (id),
  CONSTRAINT uq_pick_line_quotation_line_id UNIQUE (quotation_line_id),
  CONSTRAINT fk_pick_line_quotation_line_id FOREIGN KEY(quotation_line_id) REFERENCES quotation_line (id),
  CONSTRAINT fk_pick_line_part_id FOREIGN KEY(part_id) REFERENCES part (id)
);

CREATE INDEX ix_pick_line_part_id ON pick_line (part_id);

CREATE INDEX ix_pick_line_pick_list_id ON pick_line (pick_list_id);

CREATE TABLE settlement_line (
  id INTEGER NOT NULL,
  settlement_id INTEGER NOT NULL,
  quotation_line_id INTEGER,
  job_id INTEGER,
  position INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  payer VARCHAR(40) NOT NULL,
  code VARCHAR(40) NOT NULL,
  title_zh VARCHAR(200) NOT NULL,
  title_en VARCHAR(200) NOT NULL,
  brand VARCHAR(40) NOT NULL,
  part_class VARCHAR(40),
  unit VARCHAR(10) NOT NULL,
  quantity_milli INTEGER NOT NULL,
  book_minutes INTEGER NOT NULL,
  unit_fen INTEGER NOT NULL,
  agreed_fen INTEGER NOT NULL,
  discount_fen INTEGER NOT NULL,
  total_fen INTEGER NOT NULL,
  tax_basis_points INTEGER NOT NULL,
  tax_fen INTEGER NOT NULL,
  guarantee VARCHAR(40),
  CONSTRAINT pk_settlement_line PRIMARY KEY (id),
  CONSTRAINT uq_settlement_line_settlement_id_position UNIQUE (settlement_id, position),
  CONSTRAINT ck_settlement_line_total CHECK (total_fen = agreed_fen - discount_fen),
  CONSTRAINT fk_settlement_line_settlement_id FOREIGN KEY(settlement_id) REFERENCES settlement (id),
  CONSTRAINT fk_settlement_line_quotation_line_id FOREIGN KEY(quotation_line_id) REFERENCES quotation_line (id),
  CONSTRAINT fk_settlement_line_job_id FOREIGN KEY(job_id) REFERENCES job (id)
);

CREATE INDEX ix_settlement_line_quotation_line_id ON settlement_line (quotation_line_id);

CREATE INDEX ix_settlement_line_settlement_id ON settlement_line (settlement_id);

CREATE TRIGGER settlement_line_kind_known_insert BEFORE INSERT ON "settlement_line" WHEN NEW."kind" NOT IN ('labour', 'part', 'sublet', 'diagnosis', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_settlement_line_kind_known'); END;

CREATE TRIGGER settlement_line_kind_known_update BEFORE UPDATE OF "kind" ON "settlement_line" WHEN NEW."kind" NOT IN ('labour', 'part', 'sublet', 'diagnosis', 'other') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_settlement_line_kind_known'); END;

CREATE TRIGGER settlement_line_payer_known_insert BEFORE INSERT ON "settlement_line" WHEN NEW."payer" NOT IN ('customer', 'warranty', 'statutory', 'insurance', 'internal', 'goodwill') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_settlement_line_payer_known'); END;

CREATE TRIGGER settlement_line_payer_known_update BEFORE UPDATE OF "payer" ON "settlement_line" WHEN NEW."payer" NOT IN ('customer', 'warranty', 'statutory', 'insurance', 'internal', 'goodwill') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_settlement_line_payer_known'); END;

CREATE TRIGGER settlement_line_part_class_known_insert BEFORE INSERT ON "settlement_line" WHEN NEW."part_class" NOT IN ('oem', 'equivalent', 'aftermarket', 'reconditioned') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_settlement_line_part_class_known'); END;

CREATE TRIGGER settlement_line_part_class_known_update BEFORE UPDATE OF "part_class" ON "settlement_line" WHEN NEW."part_class" NOT IN ('oem', 'equivalent', 'aftermarket', 'reconditioned') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_settlement_line_part_class_known'); END;

CREATE TRIGGER settlement_line_guarantee_known_insert BEFORE INSERT ON "settlement_line" WHEN NEW."guarantee" NOT IN ('overhaul', 'level_2_maintenance', 'minor') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_settlement_line_guarantee_known'); END;

CREATE TRIGGER settlement_line_guarantee_known_update BEFORE UPDATE OF "guarantee" ON "settlement_line" WHEN NEW."guarantee" NOT IN ('overhaul', 'level_2_maintenance', 'minor') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_settlement_line_guarantee_known'); END;

CREATE TABLE pick_move (
  id INTEGER NOT NULL,
  pick_line_id INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  quantity_milli INTEGER NOT NULL,
  technician_id INTEGER,
  at DATETIME NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_pick_move PRIMARY KEY (id),
  CONSTRAINT fk_pick_move_pick_line_id FOREIGN KEY(pick_line_id) REFERENCES pick_line (id),
  CONSTRAINT fk_pick_move_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id),
  CONSTRAINT fk_pick_move_by_id FOREIGN KEY(by_id) REFERENCES user (id)
);

CREATE INDEX ix_pick_move_pick_line_id ON pick_move (pick_line_id);

CREATE TRIGGER pick_move_kind_known_insert BEFORE INSERT ON "pick_move" WHEN NEW."kind" NOT IN ('picked', 'put_back', 'issued', 'unused', 'returned', 'old_parts_bagged') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_pick_move_kind_known'); END;

CREATE TRIGGER pick_move_kind_known_update BEFORE UPDATE OF "kind" ON "pick_move" WHEN NEW."kind" NOT IN ('picked', 'put_back', 'issued', 'unused', 'returned', 'old_parts_bagged') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_pick_move_kind_known'); END;
