-- The tables of release 0.1.0, and which values their columns know. Frozen.

CREATE TABLE branch (
  id SERIAL NOT NULL,
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
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_branch PRIMARY KEY (id),
  CONSTRAINT ck_branch_reserve_percent CHECK (reserve_percent BETWEEN 0 AND 90),
  CONSTRAINT ck_branch_buffers CHECK (buffer_minutes >= 0 AND delivery_minutes >= 0),
  CONSTRAINT uq_branch_code UNIQUE (code)
);

CREATE TABLE customer (
  id SERIAL NOT NULL,
  kind VARCHAR(40) NOT NULL,
  name VARCHAR(80) NOT NULL,
  initials VARCHAR(80) NOT NULL,
  phone VARCHAR(32) NOT NULL,
  credit_code VARCHAR(18),
  address VARCHAR(200) NOT NULL,
  channel VARCHAR(40) NOT NULL,
  remark TEXT NOT NULL,
  phone_invalid BOOLEAN NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_customer PRIMARY KEY (id)
);

CREATE INDEX ix_customer_initials ON customer (initials);

CREATE INDEX ix_customer_name ON customer (name);

CREATE INDEX ix_customer_phone ON customer (phone);

ALTER TABLE "customer" ADD CONSTRAINT ck_customer_kind_known CHECK ("kind" IN ('person', 'company'));

ALTER TABLE "customer" ADD CONSTRAINT ck_customer_channel_known CHECK ("channel" IN ('phone', 'sms', 'wechat', 'in_person'));

CREATE TABLE known_permission (
  name VARCHAR(40) NOT NULL,
  CONSTRAINT pk_known_permission PRIMARY KEY (name)
);

CREATE TABLE package (
  id SERIAL NOT NULL,
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
  id SERIAL NOT NULL,
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

ALTER TABLE "part" ADD CONSTRAINT ck_part_part_class_known CHECK ("part_class" IN ('oem', 'equivalent', 'aftermarket', 'reconditioned'));

CREATE TABLE role (
  id SERIAL NOT NULL,
  name VARCHAR(40) NOT NULL,
  permissions JSON NOT NULL,
  CONSTRAINT pk_role PRIMARY KEY (id),
  CONSTRAINT uq_role_name UNIQUE (name)
);

CREATE TABLE skill (
  id SERIAL NOT NULL,
  code VARCHAR(20) NOT NULL,
  name_zh VARCHAR(80) NOT NULL,
  name_en VARCHAR(80) NOT NULL,
  CONSTRAINT pk_skill PRIMARY KEY (id),
  CONSTRAINT uq_skill_code UNIQUE (code)
);

CREATE TABLE bay (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  code VARCHAR(20) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  active BOOLEAN NOT NULL,
  CONSTRAINT pk_bay PRIMARY KEY (id),
  CONSTRAINT uq_bay_branch_id_code UNIQUE (branch_id, code),
  CONSTRAINT fk_bay_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id)
);

ALTER TABLE "bay" ADD CONSTRAINT ck_bay_kind_known CHECK ("kind" IN ('lift', 'flat', 'quick', 'alignment', 'high_voltage', 'body', 'paint', 'wash'));

CREATE TABLE calendar_day (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  day DATE NOT NULL,
  is_open BOOLEAN NOT NULL,
  name VARCHAR(80) NOT NULL,
  CONSTRAINT pk_calendar_day PRIMARY KEY (id),
  CONSTRAINT uq_calendar_day_branch_id_day UNIQUE (branch_id, day),
  CONSTRAINT fk_calendar_day_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id)
);

CREATE TABLE capacity_take (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  day DATE NOT NULL,
  skill_id INTEGER,
  bay_kinds JSON NOT NULL,
  minutes INTEGER NOT NULL,
  source VARCHAR(40) NOT NULL,
  source_id INTEGER NOT NULL,
  not_before_at TIMESTAMP WITH TIME ZONE,
  taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
  released_at TIMESTAMP WITH TIME ZONE,
  used_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_capacity_take PRIMARY KEY (id),
  CONSTRAINT ck_capacity_take_minutes CHECK (minutes > 0),
  CONSTRAINT fk_capacity_take_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_capacity_take_skill_id FOREIGN KEY(skill_id) REFERENCES skill (id)
);

CREATE INDEX ix_capacity_take_day ON capacity_take (branch_id, day);

CREATE INDEX ix_capacity_take_source ON capacity_take (source, source_id);

ALTER TABLE "capacity_take" ADD CONSTRAINT ck_capacity_take_source_known CHECK ("source" IN ('appointment', 'job'));

CREATE TABLE labour_rate (
  id SERIAL NOT NULL,
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
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  prefix VARCHAR(8) NOT NULL,
  day DATE NOT NULL,
  last INTEGER NOT NULL,
  CONSTRAINT pk_number_series PRIMARY KEY (id),
  CONSTRAINT uq_number_series_branch_id_prefix_day UNIQUE (branch_id, prefix, day),
  CONSTRAINT fk_number_series_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id)
);

CREATE TABLE opening_hours (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  weekday INTEGER NOT NULL,
  opens TIME WITHOUT TIME ZONE NOT NULL,
  closes TIME WITHOUT TIME ZONE NOT NULL,
  CONSTRAINT pk_opening_hours PRIMARY KEY (id),
  CONSTRAINT ck_opening_hours_weekday CHECK (weekday BETWEEN 0 AND 6),
  CONSTRAINT ck_opening_hours_order CHECK (opens < closes),
  CONSTRAINT fk_opening_hours_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id)
);

CREATE INDEX ix_opening_hours_branch_id ON opening_hours (branch_id);

CREATE TABLE operation (
  id SERIAL NOT NULL,
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

ALTER TABLE "operation" ADD CONSTRAINT ck_operation_guarantee_known CHECK ("guarantee" IN ('overhaul', 'level_2_maintenance', 'minor'));

CREATE TABLE setting (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  name VARCHAR(60) NOT NULL,
  value JSON NOT NULL,
  CONSTRAINT pk_setting PRIMARY KEY (id),
  CONSTRAINT uq_setting_branch_id_name UNIQUE (branch_id, name),
  CONSTRAINT fk_setting_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id)
);

CREATE TABLE stock_level (
  id SERIAL NOT NULL,
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

CREATE TABLE "user" (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  username VARCHAR(64) NOT NULL,
  email VARCHAR(254),
  display_name VARCHAR(64) NOT NULL,
  phone VARCHAR(32),
  password VARCHAR(255),
  active BOOLEAN NOT NULL,
  locale VARCHAR(10) NOT NULL,
  fs_uniquifier VARCHAR(64) NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_user PRIMARY KEY (id),
  CONSTRAINT fk_user_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_user_username UNIQUE (username),
  CONSTRAINT uq_user_fs_uniquifier UNIQUE (fs_uniquifier)
);

CREATE INDEX ix_user_branch_id ON "user" (branch_id);

CREATE TABLE vehicle (
  id SERIAL NOT NULL,
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
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_vehicle PRIMARY KEY (id),
  CONSTRAINT ck_vehicle_mileage_km CHECK (mileage_km >= 0),
  CONSTRAINT fk_vehicle_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id),
  CONSTRAINT uq_vehicle_vin UNIQUE (vin)
);

CREATE INDEX ix_vehicle_customer_id ON vehicle (customer_id);

CREATE INDEX ix_vehicle_plate ON vehicle (plate);

CREATE UNIQUE INDEX uq_vehicle_plate ON vehicle (plate) WHERE plate IS NOT NULL;

ALTER TABLE "vehicle" ADD CONSTRAINT ck_vehicle_energy_known CHECK ("energy" IN ('fuel', 'hybrid', 'electric'));

CREATE TABLE applied_action (
  id SERIAL NOT NULL,
  client_id VARCHAR(64) NOT NULL,
  action VARCHAR(40) NOT NULL,
  by_id INTEGER NOT NULL,
  tapped_at TIMESTAMP WITH TIME ZONE,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE NOT NULL,
  answer JSON NOT NULL,
  CONSTRAINT pk_applied_action PRIMARY KEY (id),
  CONSTRAINT uq_applied_action_by_id_client_id UNIQUE (by_id, client_id),
  CONSTRAINT ck_applied_action_not_ahead CHECK (at <= received_at),
  CONSTRAINT fk_applied_action_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE TABLE audit_entry (
  id SERIAL NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER,
  action VARCHAR(80) NOT NULL,
  subject VARCHAR(40),
  subject_id INTEGER,
  details JSON NOT NULL,
  CONSTRAINT pk_audit_entry PRIMARY KEY (id),
  CONSTRAINT fk_audit_entry_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_audit_entry_at ON audit_entry (at);

CREATE INDEX ix_audit_entry_by_id ON audit_entry (by_id);

CREATE INDEX ix_audit_entry_subject ON audit_entry (subject, subject_id);

CREATE TABLE consent (
  id SERIAL NOT NULL,
  customer_id INTEGER NOT NULL,
  purpose VARCHAR(40) NOT NULL,
  channel VARCHAR(40) NOT NULL,
  given BOOLEAN NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER,
  CONSTRAINT pk_consent PRIMARY KEY (id),
  CONSTRAINT fk_consent_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id),
  CONSTRAINT fk_consent_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_consent_customer_id ON consent (customer_id);

ALTER TABLE "consent" ADD CONSTRAINT ck_consent_purpose_known CHECK ("purpose" IN ('service', 'follow_up', 'reminder', 'marketing'));

ALTER TABLE "consent" ADD CONSTRAINT ck_consent_channel_known CHECK ("channel" IN ('phone', 'sms', 'wechat', 'in_person'));

CREATE TABLE day_close (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  day DATE NOT NULL,
  begins_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
  finished INTEGER NOT NULL,
  carried INTEGER NOT NULL,
  held INTEGER NOT NULL,
  closed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  closed_by_id INTEGER NOT NULL,
  reopened_at TIMESTAMP WITH TIME ZONE,
  reopened_by_id INTEGER,
  reopen_reason VARCHAR(200) NOT NULL,
  CONSTRAINT pk_day_close PRIMARY KEY (id),
  CONSTRAINT ck_day_close_order CHECK (begins_at < ends_at),
  CONSTRAINT ck_day_close_reopened CHECK ((reopened_at IS NULL) = (reopened_by_id IS NULL)),
  CONSTRAINT ck_day_close_reopened_why CHECK ((reopened_at IS NULL) = (reopen_reason = '')),
  CONSTRAINT fk_day_close_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_day_close_closed_by_id FOREIGN KEY(closed_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_day_close_reopened_by_id FOREIGN KEY(reopened_by_id) REFERENCES "user" (id)
);

CREATE UNIQUE INDEX uq_day_close_standing ON day_close (branch_id, day) WHERE reopened_at IS NULL;

CREATE TABLE lounge_round (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  hour_at TIMESTAMP WITH TIME ZONE NOT NULL,
  begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
  begun_by_id INTEGER NOT NULL,
  CONSTRAINT pk_lounge_round PRIMARY KEY (id),
  CONSTRAINT uq_lounge_round_branch_id_hour_at UNIQUE (branch_id, hour_at),
  CONSTRAINT fk_lounge_round_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_lounge_round_begun_by_id FOREIGN KEY(begun_by_id) REFERENCES "user" (id)
);

CREATE TABLE odometer_reading (
  id SERIAL NOT NULL,
  vehicle_id INTEGER NOT NULL,
  mileage_km INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER,
  replaced BOOLEAN NOT NULL,
  CONSTRAINT pk_odometer_reading PRIMARY KEY (id),
  CONSTRAINT ck_odometer_reading_mileage_km CHECK (mileage_km >= 0),
  CONSTRAINT fk_odometer_reading_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id),
  CONSTRAINT fk_odometer_reading_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_odometer_reading_vehicle_id ON odometer_reading (vehicle_id);

CREATE TABLE operation_part (
  id SERIAL NOT NULL,
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
  id SERIAL NOT NULL,
  package_id INTEGER NOT NULL,
  operation_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  CONSTRAINT pk_package_item PRIMARY KEY (id),
  CONSTRAINT fk_package_item_package_id FOREIGN KEY(package_id) REFERENCES package (id),
  CONSTRAINT fk_package_item_operation_id FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_package_item_package_id ON package_item (package_id);

CREATE TABLE plate_change (
  id SERIAL NOT NULL,
  vehicle_id INTEGER NOT NULL,
  plate VARCHAR(16) NOT NULL,
  until TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_plate_change PRIMARY KEY (id),
  CONSTRAINT fk_plate_change_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id),
  CONSTRAINT fk_plate_change_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_plate_change_plate ON plate_change (plate);

CREATE INDEX ix_plate_change_vehicle_id ON plate_change (vehicle_id);

CREATE TABLE repair_order (
  id SERIAL NOT NULL,
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
  first_promised_at TIMESTAMP WITH TIME ZONE,
  promised_at TIMESTAMP WITH TIME ZONE,
  arrived_at TIMESTAMP WITH TIME ZONE NOT NULL,
  greeted_at TIMESTAMP WITH TIME ZONE,
  authorised_at TIMESTAMP WITH TIME ZONE,
  released_at TIMESTAMP WITH TIME ZONE,
  ready_at TIMESTAMP WITH TIME ZONE,
  settled_at TIMESTAMP WITH TIME ZONE,
  delivered_at TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_repair_order PRIMARY KEY (id),
  CONSTRAINT ck_repair_order_energy_percent CHECK (energy_percent BETWEEN 0 AND 100),
  CONSTRAINT ck_repair_order_mileage_km CHECK (mileage_km >= 0),
  CONSTRAINT ck_repair_order_delivered_ready CHECK (delivered_at IS NULL OR ready_at IS NOT NULL),
  CONSTRAINT fk_repair_order_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_repair_order_no UNIQUE (no),
  CONSTRAINT fk_repair_order_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id),
  CONSTRAINT fk_repair_order_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id),
  CONSTRAINT fk_repair_order_advisor_id FOREIGN KEY(advisor_id) REFERENCES "user" (id),
  CONSTRAINT fk_repair_order_repeat_of_id FOREIGN KEY(repeat_of_id) REFERENCES repair_order (id)
);

CREATE INDEX ix_repair_order_advisor_id ON repair_order (advisor_id);

CREATE INDEX ix_repair_order_branch_id ON repair_order (branch_id);

CREATE INDEX ix_repair_order_customer_id ON repair_order (customer_id);

CREATE INDEX ix_repair_order_delivered_at ON repair_order (delivered_at);

CREATE INDEX ix_repair_order_ready_at ON repair_order (ready_at);

CREATE INDEX ix_repair_order_stage ON repair_order (stage);

CREATE INDEX ix_repair_order_vehicle_id ON repair_order (vehicle_id);

ALTER TABLE "repair_order" ADD CONSTRAINT ck_repair_order_kind_known CHECK ("kind" IN ('repair', 'comeback', 'warranty', 'recall'));

ALTER TABLE "repair_order" ADD CONSTRAINT ck_repair_order_stage_known CHECK ("stage" IN ('reception', 'inspected', 'quoted', 'authorised', 'scheduled', 'repair', 'paused', 'quality_check', 'rework', 'final_check', 'wash', 'settlement', 'settled', 'ready', 'delivered', 'followed_up', 'closed', 'declined', 'cancelled'));

CREATE TABLE role_user (
  role_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  CONSTRAINT pk_role_user PRIMARY KEY (role_id, user_id),
  CONSTRAINT fk_role_user_role_id FOREIGN KEY(role_id) REFERENCES role (id),
  CONSTRAINT fk_role_user_user_id FOREIGN KEY(user_id) REFERENCES "user" (id)
);

CREATE INDEX ix_role_user_user_id ON role_user (user_id);

CREATE TABLE screen_device (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  name VARCHAR(60) NOT NULL,
  token_hash VARCHAR(64) NOT NULL,
  pairing_code VARCHAR(8),
  offered_at TIMESTAMP WITH TIME ZONE NOT NULL,
  locale VARCHAR(10) NOT NULL,
  chime BOOLEAN NOT NULL,
  paired_at TIMESTAMP WITH TIME ZONE,
  paired_by_id INTEGER,
  revoked_at TIMESTAMP WITH TIME ZONE,
  revoked_by_id INTEGER,
  last_seen_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_screen_device PRIMARY KEY (id),
  CONSTRAINT fk_screen_device_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_screen_device_token_hash UNIQUE (token_hash),
  CONSTRAINT uq_screen_device_pairing_code UNIQUE (pairing_code),
  CONSTRAINT fk_screen_device_paired_by_id FOREIGN KEY(paired_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_screen_device_revoked_by_id FOREIGN KEY(revoked_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_screen_device_branch_id ON screen_device (branch_id);

CREATE TABLE technician (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  active BOOLEAN NOT NULL,
  CONSTRAINT pk_technician PRIMARY KEY (id),
  CONSTRAINT fk_technician_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_technician_user_id UNIQUE (user_id),
  CONSTRAINT fk_technician_user_id FOREIGN KEY(user_id) REFERENCES "user" (id)
);

CREATE INDEX ix_technician_branch_id ON technician (branch_id);

CREATE TABLE absence (
  id SERIAL NOT NULL,
  technician_id INTEGER NOT NULL,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
  reason VARCHAR(80) NOT NULL,
  CONSTRAINT pk_absence PRIMARY KEY (id),
  CONSTRAINT ck_absence_order CHECK (starts_at < ends_at),
  CONSTRAINT fk_absence_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id)
);

CREATE INDEX ix_absence_technician_id ON absence (technician_id);

CREATE TABLE appointment (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  no VARCHAR(32) NOT NULL,
  customer_id INTEGER NOT NULL,
  vehicle_id INTEGER NOT NULL,
  advisor_id INTEGER NOT NULL,
  slot_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
  arrived_at TIMESTAMP WITH TIME ZONE,
  arrival VARCHAR(40),
  reason VARCHAR(200) NOT NULL,
  order_id INTEGER,
  replaces_id INTEGER,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
  CONSTRAINT fk_appointment_advisor_id FOREIGN KEY(advisor_id) REFERENCES "user" (id),
  CONSTRAINT fk_appointment_wished_technician_id FOREIGN KEY(wished_technician_id) REFERENCES technician (id),
  CONSTRAINT uq_appointment_order_id UNIQUE (order_id),
  CONSTRAINT fk_appointment_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT uq_appointment_replaces_id UNIQUE (replaces_id),
  CONSTRAINT fk_appointment_replaces_id FOREIGN KEY(replaces_id) REFERENCES appointment (id),
  CONSTRAINT fk_appointment_created_by_id FOREIGN KEY(created_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_appointment_branch_day ON appointment (branch_id, day);

CREATE INDEX ix_appointment_customer_id ON appointment (customer_id);

CREATE INDEX ix_appointment_vehicle_id ON appointment (vehicle_id);

CREATE UNIQUE INDEX uq_appointment_slot ON appointment (advisor_id, slot_at) WHERE status IN ('arrived', 'confirmed', 'converted', 'requested');

CREATE UNIQUE INDEX uq_appointment_vehicle_day ON appointment (vehicle_id, day) WHERE status IN ('arrived', 'confirmed', 'requested');

ALTER TABLE "appointment" ADD CONSTRAINT ck_appointment_status_known CHECK ("status" IN ('requested', 'confirmed', 'arrived', 'converted', 'rescheduled', 'cancelled', 'no_show'));

ALTER TABLE "appointment" ADD CONSTRAINT ck_appointment_kind_known CHECK ("kind" IN ('maintenance', 'repair', 'diagnosis', 'body', 'recall', 'comeback', 'other'));

ALTER TABLE "appointment" ADD CONSTRAINT ck_appointment_source_known CHECK ("source" IN ('phone', 'wechat', 'website', 'counter', 'proactive', 'manufacturer'));

ALTER TABLE "appointment" ADD CONSTRAINT ck_appointment_channel_known CHECK ("channel" IN ('phone', 'sms', 'wechat', 'in_person'));

ALTER TABLE "appointment" ADD CONSTRAINT ck_appointment_arrival_known CHECK ("arrival" IN ('early', 'on_time', 'late'));

CREATE TABLE attachment (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  mime VARCHAR(40) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  caption VARCHAR(200) NOT NULL,
  data BYTEA NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER,
  CONSTRAINT pk_attachment PRIMARY KEY (id),
  CONSTRAINT fk_attachment_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_attachment_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_attachment_order_id ON attachment (order_id);

ALTER TABLE "attachment" ADD CONSTRAINT ck_attachment_kind_known CHECK ("kind" IN ('photo', 'signature'));

CREATE TABLE attendance (
  id SERIAL NOT NULL,
  technician_id INTEGER NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  is_end_assumed BOOLEAN NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  made_by_id INTEGER NOT NULL,
  ended_by_id INTEGER,
  corrects_id INTEGER,
  reason VARCHAR(200) NOT NULL,
  replaced_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_attendance PRIMARY KEY (id),
  CONSTRAINT ck_attendance_order CHECK (ended_at IS NULL OR ended_at >= started_at),
  CONSTRAINT ck_attendance_reason CHECK (corrects_id IS NULL OR reason <> ''),
  CONSTRAINT ck_attendance_ended_by CHECK ((ended_at IS NULL) = (ended_by_id IS NULL)),
  CONSTRAINT fk_attendance_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id),
  CONSTRAINT fk_attendance_made_by_id FOREIGN KEY(made_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_attendance_ended_by_id FOREIGN KEY(ended_by_id) REFERENCES "user" (id),
  CONSTRAINT uq_attendance_corrects_id UNIQUE (corrects_id),
  CONSTRAINT fk_attendance_corrects_id FOREIGN KEY(corrects_id) REFERENCES attendance (id)
);

CREATE INDEX ix_attendance_technician_start ON attendance (technician_id, started_at);

CREATE UNIQUE INDEX uq_attendance_open ON attendance (technician_id) WHERE ended_at IS NULL AND replaced_at IS NULL;

CREATE TABLE backorder (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  quantity_milli INTEGER NOT NULL,
  purchase_no VARCHAR(40) NOT NULL,
  expected_at TIMESTAMP WITH TIME ZONE,
  arrived_at TIMESTAMP WITH TIME ZONE,
  customer_told_at TIMESTAMP WITH TIME ZONE,
  cancelled_at TIMESTAMP WITH TIME ZONE,
  noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  noted_by_id INTEGER NOT NULL,
  CONSTRAINT pk_backorder PRIMARY KEY (id),
  CONSTRAINT ck_backorder_quantity CHECK (quantity_milli > 0),
  CONSTRAINT fk_backorder_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_backorder_part_id FOREIGN KEY(part_id) REFERENCES part (id),
  CONSTRAINT fk_backorder_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_backorder_noted_by_id FOREIGN KEY(noted_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_backorder_open ON backorder (branch_id, arrived_at);

CREATE INDEX ix_backorder_order_id ON backorder (order_id);

CREATE INDEX ix_backorder_part_id ON backorder (part_id);

CREATE TABLE care_act (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  done_at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  taken_back_at TIMESTAMP WITH TIME ZONE,
  taken_back_by_id INTEGER,
  CONSTRAINT pk_care_act PRIMARY KEY (id),
  CONSTRAINT fk_care_act_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_care_act_by_id FOREIGN KEY(by_id) REFERENCES "user" (id),
  CONSTRAINT fk_care_act_taken_back_by_id FOREIGN KEY(taken_back_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_care_act_order_id ON care_act (order_id);

CREATE UNIQUE INDEX uq_care_act_live ON care_act (order_id, kind) WHERE taken_back_at IS NULL;

ALTER TABLE "care_act" ADD CONSTRAINT ck_care_act_kind_known CHECK ("kind" IN ('seat', 'water', 'tour', 'person', 'internet', 'report'));

CREATE TABLE care_record (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  seat VARCHAR(40) NOT NULL,
  drinks VARCHAR(80) NOT NULL,
  remarks TEXT NOT NULL,
  complained BOOLEAN NOT NULL,
  complaint TEXT NOT NULL,
  noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_care_record PRIMARY KEY (id),
  CONSTRAINT uq_care_record_order_id UNIQUE (order_id),
  CONSTRAINT fk_care_record_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_care_record_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE TABLE "case" (
  id SERIAL NOT NULL,
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
  plan TEXT NOT NULL,
  cause TEXT NOT NULL,
  remedy TEXT NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  opened_by_id INTEGER NOT NULL,
  due_ack_at TIMESTAMP WITH TIME ZONE NOT NULL,
  due_plan_at TIMESTAMP WITH TIME ZONE NOT NULL,
  due_resolve_at TIMESTAMP WITH TIME ZONE NOT NULL,
  acknowledged_at TIMESTAMP WITH TIME ZONE,
  planned_at TIMESTAMP WITH TIME ZONE,
  resolved_at TIMESTAMP WITH TIME ZONE,
  second_call_at TIMESTAMP WITH TIME ZONE,
  second_call_by_id INTEGER,
  verdict VARCHAR(40),
  closed_at TIMESTAMP WITH TIME ZONE,
  version INTEGER NOT NULL,
  CONSTRAINT pk_case PRIMARY KEY (id),
  CONSTRAINT ck_case_second_call CHECK (closed_at IS NULL OR second_call_at IS NOT NULL),
  CONSTRAINT ck_case_closed CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
  CONSTRAINT fk_case_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_case_no UNIQUE (no),
  CONSTRAINT fk_case_owner_id FOREIGN KEY(owner_id) REFERENCES "user" (id),
  CONSTRAINT fk_case_offered_to_id FOREIGN KEY(offered_to_id) REFERENCES "user" (id),
  CONSTRAINT fk_case_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id),
  CONSTRAINT fk_case_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_case_opened_by_id FOREIGN KEY(opened_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_case_second_call_by_id FOREIGN KEY(second_call_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_case_branch_id ON "case" (branch_id);

CREATE INDEX ix_case_customer_id ON "case" (customer_id);

CREATE INDEX ix_case_order_id ON "case" (order_id);

CREATE INDEX ix_case_owner_id ON "case" (owner_id);

CREATE INDEX ix_case_state ON "case" (state);

ALTER TABLE "case" ADD CONSTRAINT ck_case_kind_known CHECK ("kind" IN ('complaint', 'inquiry', 'call_back'));

ALTER TABLE "case" ADD CONSTRAINT ck_case_topic_known CHECK ("topic" IN ('quality', 'attitude', 'price', 'waiting', 'parts', 'facilities', 'broken_promise', 'personal_data', 'other'));

ALTER TABLE "case" ADD CONSTRAINT ck_case_state_known CHECK ("state" IN ('open', 'acknowledged', 'planned', 'resolved', 'closed'));

ALTER TABLE "case" ADD CONSTRAINT ck_case_verdict_known CHECK ("verdict" IN ('satisfied', 'mostly', 'dissatisfied'));

CREATE TABLE concern_correction (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  words TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_concern_correction PRIMARY KEY (id),
  CONSTRAINT fk_concern_correction_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_concern_correction_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_concern_correction_order_id ON concern_correction (order_id);

CREATE TABLE cover (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  fitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_cover PRIMARY KEY (id),
  CONSTRAINT uq_cover_order_id_kind UNIQUE (order_id, kind),
  CONSTRAINT fk_cover_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_cover_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_cover_order_id ON cover (order_id);

ALTER TABLE "cover" ADD CONSTRAINT ck_cover_kind_known CHECK ("kind" IN ('seat', 'steering_wheel', 'floor_mat', 'gear_lever', 'handbrake'));

CREATE TABLE damage_mark (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  view VARCHAR(40) NOT NULL,
  zone VARCHAR(40) NOT NULL,
  x INTEGER NOT NULL,
  y INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  note VARCHAR(200) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  removed_at TIMESTAMP WITH TIME ZONE,
  removed_by_id INTEGER,
  CONSTRAINT pk_damage_mark PRIMARY KEY (id),
  CONSTRAINT uq_damage_mark_order_id_number UNIQUE (order_id, number),
  CONSTRAINT fk_damage_mark_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_damage_mark_by_id FOREIGN KEY(by_id) REFERENCES "user" (id),
  CONSTRAINT fk_damage_mark_removed_by_id FOREIGN KEY(removed_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_damage_mark_order_id ON damage_mark (order_id);

ALTER TABLE "damage_mark" ADD CONSTRAINT ck_damage_mark_view_known CHECK ("view" IN ('front', 'left', 'rear', 'right', 'top'));

ALTER TABLE "damage_mark" ADD CONSTRAINT ck_damage_mark_kind_known CHECK ("kind" IN ('scratch', 'dent', 'crack', 'paint', 'rust', 'broken', 'missing'));

CREATE TABLE deferred_work (
  id SERIAL NOT NULL,
  vehicle_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  operation_id INTEGER,
  title VARCHAR(200) NOT NULL,
  urgency VARCHAR(40) NOT NULL,
  reason VARCHAR(200) NOT NULL,
  price_fen INTEGER NOT NULL,
  noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  sold_order_id INTEGER,
  told_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_deferred_work PRIMARY KEY (id),
  CONSTRAINT fk_deferred_work_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id),
  CONSTRAINT fk_deferred_work_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_deferred_work_operation_id FOREIGN KEY(operation_id) REFERENCES operation (id),
  CONSTRAINT fk_deferred_work_sold_order_id FOREIGN KEY(sold_order_id) REFERENCES repair_order (id)
);

CREATE INDEX ix_deferred_work_order_id ON deferred_work (order_id);

CREATE INDEX ix_deferred_work_vehicle_id ON deferred_work (vehicle_id);

ALTER TABLE "deferred_work" ADD CONSTRAINT ck_deferred_work_urgency_known CHECK ("urgency" IN ('red', 'yellow'));

CREATE TABLE departure (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  left_at TIMESTAMP WITH TIME ZONE NOT NULL,
  transport VARCHAR(40) NOT NULL,
  destination VARCHAR(120) NOT NULL,
  cost_bearer VARCHAR(40) NOT NULL,
  driver VARCHAR(80) NOT NULL,
  reachable_phone VARCHAR(32) NOT NULL,
  best_time VARCHAR(60) NOT NULL,
  report_channel VARCHAR(40) NOT NULL,
  report_at TIMESTAMP WITH TIME ZONE,
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
  loaner_due_at TIMESTAMP WITH TIME ZONE,
  loaner_returned_at TIMESTAMP WITH TIME ZONE,
  noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_departure PRIMARY KEY (id),
  CONSTRAINT ck_departure_loaner_km CHECK (loaner_km_in >= loaner_km_out),
  CONSTRAINT ck_departure_loaner_energy_out CHECK (loaner_energy_out BETWEEN 0 AND 100),
  CONSTRAINT ck_departure_loaner_energy_in CHECK (loaner_energy_in BETWEEN 0 AND 100),
  CONSTRAINT ck_departure_loaner_deposit CHECK (loaner_deposit_fen >= 0),
  CONSTRAINT uq_departure_order_id UNIQUE (order_id),
  CONSTRAINT fk_departure_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_departure_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE UNIQUE INDEX uq_departure_loaner_out ON departure (loaner_plate) WHERE loaner_plate IS NOT NULL AND loaner_returned_at IS NULL;

ALTER TABLE "departure" ADD CONSTRAINT ck_departure_transport_known CHECK ("transport" IN ('taxi', 'bus', 'rental', 'loaner', 'shuttle', 'family', 'walk'));

ALTER TABLE "departure" ADD CONSTRAINT ck_departure_cost_bearer_known CHECK ("cost_bearer" IN ('customer', 'shop', 'insurance', 'manufacturer'));

ALTER TABLE "departure" ADD CONSTRAINT ck_departure_report_channel_known CHECK ("report_channel" IN ('phone', 'sms', 'wechat', 'in_person'));

CREATE TABLE follow_up (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  state VARCHAR(40) NOT NULL,
  channel VARCHAR(40) NOT NULL,
  planned_at TIMESTAMP WITH TIME ZONE NOT NULL,
  wished_at TIMESTAMP WITH TIME ZONE,
  closed_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_follow_up PRIMARY KEY (id),
  CONSTRAINT fk_follow_up_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_follow_up_order_id UNIQUE (order_id),
  CONSTRAINT fk_follow_up_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id)
);

CREATE INDEX ix_follow_up_branch_id ON follow_up (branch_id);

CREATE INDEX ix_follow_up_planned_at ON follow_up (planned_at);

CREATE INDEX ix_follow_up_state ON follow_up (state);

ALTER TABLE "follow_up" ADD CONSTRAINT ck_follow_up_state_known CHECK ("state" IN ('planned', 'answered', 'unreached', 'refused'));

ALTER TABLE "follow_up" ADD CONSTRAINT ck_follow_up_channel_known CHECK ("channel" IN ('phone', 'sms', 'wechat', 'in_person'));

CREATE TABLE gate_pass (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  no VARCHAR(32) NOT NULL,
  order_id INTEGER NOT NULL,
  issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
  issued_by_id INTEGER NOT NULL,
  left_at TIMESTAMP WITH TIME ZONE,
  left_by_id INTEGER,
  CONSTRAINT pk_gate_pass PRIMARY KEY (id),
  CONSTRAINT ck_gate_pass_left CHECK (left_at IS NULL OR left_by_id IS NOT NULL),
  CONSTRAINT fk_gate_pass_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_gate_pass_no UNIQUE (no),
  CONSTRAINT uq_gate_pass_order_id UNIQUE (order_id),
  CONSTRAINT fk_gate_pass_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_gate_pass_issued_by_id FOREIGN KEY(issued_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_gate_pass_left_by_id FOREIGN KEY(left_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_gate_pass_branch_id ON gate_pass (branch_id);

CREATE INDEX ix_gate_pass_issued_at ON gate_pass (issued_at);

CREATE TABLE guarantee (
  id SERIAL NOT NULL,
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

ALTER TABLE "guarantee" ADD CONSTRAINT ck_guarantee_guarantee_class_known CHECK ("guarantee_class" IN ('overhaul', 'level_2_maintenance', 'minor'));

CREATE TABLE handover_check (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  item VARCHAR(40) NOT NULL,
  checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  taken_back_at TIMESTAMP WITH TIME ZONE,
  taken_back_by_id INTEGER,
  CONSTRAINT pk_handover_check PRIMARY KEY (id),
  CONSTRAINT fk_handover_check_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_handover_check_by_id FOREIGN KEY(by_id) REFERENCES "user" (id),
  CONSTRAINT fk_handover_check_taken_back_by_id FOREIGN KEY(taken_back_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_handover_check_order_id ON handover_check (order_id);

CREATE UNIQUE INDEX uq_handover_check_live ON handover_check (order_id, item) WHERE taken_back_at IS NULL;

ALTER TABLE "handover_check" ADD CONSTRAINT ck_handover_check_item_known CHECK ("item" IN ('clean', 'covers', 'settings', 'work', 'bill', 'old_parts', 'guarantee', 'deferred', 'papers', 'valuables', 'keys'));

CREATE TABLE job (
  id SERIAL NOT NULL,
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
  started_at TIMESTAMP WITH TIME ZONE,
  finished_at TIMESTAMP WITH TIME ZONE,
  paused_at TIMESTAMP WITH TIME ZONE,
  paused_minutes INTEGER NOT NULL,
  CONSTRAINT pk_job PRIMARY KEY (id),
  CONSTRAINT ck_job_book_minutes CHECK (book_minutes > 0),
  CONSTRAINT fk_job_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_job_skill_id FOREIGN KEY(skill_id) REFERENCES skill (id),
  CONSTRAINT fk_job_rework_of_id FOREIGN KEY(rework_of_id) REFERENCES job (id)
);

CREATE INDEX ix_job_order_id ON job (order_id);

CREATE INDEX ix_job_state ON job (state);

ALTER TABLE "job" ADD CONSTRAINT ck_job_kind_known CHECK ("kind" IN ('repair', 'addition', 'rework'));

ALTER TABLE "job" ADD CONSTRAINT ck_job_state_known CHECK ("state" IN ('waiting', 'running', 'paused', 'done', 'cancelled'));

CREATE TABLE lounge_check (
  id SERIAL NOT NULL,
  round_id INTEGER NOT NULL,
  item VARCHAR(40) NOT NULL,
  is_ok BOOLEAN NOT NULL,
  action VARCHAR(200) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  closed_at TIMESTAMP WITH TIME ZONE,
  closed_by_id INTEGER,
  CONSTRAINT pk_lounge_check PRIMARY KEY (id),
  CONSTRAINT uq_lounge_check_round_id_item UNIQUE (round_id, item),
  CONSTRAINT ck_lounge_check_action CHECK (is_ok OR action <> ''),
  CONSTRAINT fk_lounge_check_round_id FOREIGN KEY(round_id) REFERENCES lounge_round (id),
  CONSTRAINT fk_lounge_check_by_id FOREIGN KEY(by_id) REFERENCES "user" (id),
  CONSTRAINT fk_lounge_check_closed_by_id FOREIGN KEY(closed_by_id) REFERENCES "user" (id)
);

ALTER TABLE "lounge_check" ADD CONSTRAINT ck_lounge_check_item_known CHECK ("item" IN ('clean', 'air', 'toilets', 'tv', 'internet', 'magazines', 'newspapers', 'phone', 'water', 'cups', 'tissues', 'drinks', 'children', 'smoking', 'new_cars', 'promotion', 'notices', 'staff', 'screen'));

CREATE TABLE pick_list (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  no VARCHAR(32) NOT NULL,
  state VARCHAR(40) NOT NULL,
  basket_no INTEGER NOT NULL,
  needed_by TIMESTAMP WITH TIME ZONE,
  supplementary BOOLEAN NOT NULL,
  released_at TIMESTAMP WITH TIME ZONE NOT NULL,
  released_by_id INTEGER NOT NULL,
  picked_at TIMESTAMP WITH TIME ZONE,
  picked_by_id INTEGER,
  issued_at TIMESTAMP WITH TIME ZONE,
  issued_by_id INTEGER,
  issued_to_id INTEGER,
  closed_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_pick_list PRIMARY KEY (id),
  CONSTRAINT ck_pick_list_basket_no CHECK (basket_no > 0),
  CONSTRAINT fk_pick_list_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_pick_list_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT uq_pick_list_no UNIQUE (no),
  CONSTRAINT fk_pick_list_released_by_id FOREIGN KEY(released_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_pick_list_picked_by_id FOREIGN KEY(picked_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_pick_list_issued_by_id FOREIGN KEY(issued_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_pick_list_issued_to_id FOREIGN KEY(issued_to_id) REFERENCES technician (id)
);

CREATE INDEX ix_pick_list_branch_id ON pick_list (branch_id);

CREATE INDEX ix_pick_list_order_id ON pick_list (order_id);

CREATE INDEX ix_pick_list_state ON pick_list (state);

CREATE UNIQUE INDEX uq_pick_list_basket ON pick_list (branch_id, basket_no) WHERE state IN ('open', 'partly_picked', 'picked', 'issued');

ALTER TABLE "pick_list" ADD CONSTRAINT ck_pick_list_state_known CHECK ("state" IN ('open', 'partly_picked', 'picked', 'issued', 'closed', 'cancelled'));

CREATE TABLE progress_report (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  occasion VARCHAR(40) NOT NULL,
  said TEXT NOT NULL,
  channel VARCHAR(40) NOT NULL,
  by_id INTEGER NOT NULL,
  next_due_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_progress_report PRIMARY KEY (id),
  CONSTRAINT fk_progress_report_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_progress_report_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_progress_report_order_id ON progress_report (order_id);

ALTER TABLE "progress_report" ADD CONSTRAINT ck_progress_report_occasion_known CHECK ("occasion" IN ('hourly', 'start', 'addition', 'delay', 'done'));

ALTER TABLE "progress_report" ADD CONSTRAINT ck_progress_report_channel_known CHECK ("channel" IN ('phone', 'sms', 'wechat', 'in_person'));

CREATE TABLE promise_change (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  old_at TIMESTAMP WITH TIME ZONE,
  new_at TIMESTAMP WITH TIME ZONE NOT NULL,
  reason VARCHAR(200) NOT NULL,
  told_how VARCHAR(40) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_promise_change PRIMARY KEY (id),
  CONSTRAINT fk_promise_change_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_promise_change_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_promise_change_order_id ON promise_change (order_id);

CREATE TABLE ready_notice (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  channel VARCHAR(40) NOT NULL,
  reached BOOLEAN NOT NULL,
  note VARCHAR(200) NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_ready_notice PRIMARY KEY (id),
  CONSTRAINT fk_ready_notice_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_ready_notice_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_ready_notice_order_id ON ready_notice (order_id);

ALTER TABLE "ready_notice" ADD CONSTRAINT ck_ready_notice_channel_known CHECK ("channel" IN ('phone', 'sms', 'wechat', 'in_person'));

CREATE TABLE repeat_check (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  earlier_order_id INTEGER,
  days INTEGER,
  km INTEGER,
  in_guarantee BOOLEAN NOT NULL,
  found_at TIMESTAMP WITH TIME ZONE NOT NULL,
  same_complaint BOOLEAN,
  reason VARCHAR(200) NOT NULL,
  decided_at TIMESTAMP WITH TIME ZONE,
  decided_by_id INTEGER,
  CONSTRAINT pk_repeat_check PRIMARY KEY (id),
  CONSTRAINT uq_repeat_check_order_id UNIQUE (order_id),
  CONSTRAINT fk_repeat_check_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_repeat_check_earlier_order_id FOREIGN KEY(earlier_order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_repeat_check_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES "user" (id)
);

CREATE TABLE reservation (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  quantity_milli INTEGER NOT NULL,
  state VARCHAR(40) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_reservation PRIMARY KEY (id),
  CONSTRAINT ck_reservation_quantity CHECK (quantity_milli > 0),
  CONSTRAINT fk_reservation_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_reservation_part_id FOREIGN KEY(part_id) REFERENCES part (id),
  CONSTRAINT fk_reservation_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_reservation_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_reservation_order_id ON reservation (order_id);

CREATE INDEX ix_reservation_part_id ON reservation (part_id);

ALTER TABLE "reservation" ADD CONSTRAINT ck_reservation_state_known CHECK ("state" IN ('held', 'issued', 'released'));

CREATE TABLE settlement (
  id SERIAL NOT NULL,
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
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  made_by_id INTEGER NOT NULL,
  settled_at TIMESTAMP WITH TIME ZONE,
  reverses_id INTEGER,
  reversed_at TIMESTAMP WITH TIME ZONE,
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
  CONSTRAINT fk_settlement_discount_by_id FOREIGN KEY(discount_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_settlement_made_by_id FOREIGN KEY(made_by_id) REFERENCES "user" (id),
  CONSTRAINT uq_settlement_reverses_id UNIQUE (reverses_id),
  CONSTRAINT fk_settlement_reverses_id FOREIGN KEY(reverses_id) REFERENCES settlement (id),
  CONSTRAINT fk_settlement_reversed_by_id FOREIGN KEY(reversed_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_settlement_branch_id ON settlement (branch_id);

CREATE INDEX ix_settlement_order_id ON settlement (order_id);

CREATE INDEX ix_settlement_settled_at ON settlement (settled_at);

CREATE INDEX ix_settlement_state ON settlement (state);

CREATE UNIQUE INDEX uq_settlement_live ON settlement (order_id) WHERE kind = 'normal' AND state <> 'reversed';

ALTER TABLE "settlement" ADD CONSTRAINT ck_settlement_kind_known CHECK ("kind" IN ('normal', 'red'));

ALTER TABLE "settlement" ADD CONSTRAINT ck_settlement_state_known CHECK ("state" IN ('open', 'paid', 'credited', 'reversed'));

ALTER TABLE "settlement" ADD CONSTRAINT ck_settlement_invoice_kind_known CHECK ("invoice_kind" IN ('ordinary', 'special'));

CREATE TABLE shift (
  id SERIAL NOT NULL,
  technician_id INTEGER NOT NULL,
  weekday INTEGER NOT NULL,
  starts TIME WITHOUT TIME ZONE NOT NULL,
  ends TIME WITHOUT TIME ZONE NOT NULL,
  CONSTRAINT pk_shift PRIMARY KEY (id),
  CONSTRAINT ck_shift_weekday CHECK (weekday BETWEEN 0 AND 6),
  CONSTRAINT ck_shift_order CHECK (starts < ends),
  CONSTRAINT fk_shift_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id)
);

CREATE INDEX ix_shift_technician_id ON shift (technician_id);

CREATE TABLE stage_change (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  from_stage VARCHAR(40),
  to_stage VARCHAR(40) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER,
  reason TEXT NOT NULL,
  CONSTRAINT pk_stage_change PRIMARY KEY (id),
  CONSTRAINT fk_stage_change_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_stage_change_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_stage_change_order_id ON stage_change (order_id);

ALTER TABLE "stage_change" ADD CONSTRAINT ck_stage_change_from_stage_known CHECK ("from_stage" IN ('reception', 'inspected', 'quoted', 'authorised', 'scheduled', 'repair', 'paused', 'quality_check', 'rework', 'final_check', 'wash', 'settlement', 'settled', 'ready', 'delivered', 'followed_up', 'closed', 'declined', 'cancelled'));

ALTER TABLE "stage_change" ADD CONSTRAINT ck_stage_change_to_stage_known CHECK ("to_stage" IN ('reception', 'inspected', 'quoted', 'authorised', 'scheduled', 'repair', 'paused', 'quality_check', 'rework', 'final_check', 'wash', 'settlement', 'settled', 'ready', 'delivered', 'followed_up', 'closed', 'declined', 'cancelled'));

CREATE TABLE stock_entry (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  move VARCHAR(40) NOT NULL,
  quantity_milli INTEGER NOT NULL,
  order_id INTEGER,
  origin VARCHAR(120) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_stock_entry PRIMARY KEY (id),
  CONSTRAINT ck_stock_entry_quantity CHECK (quantity_milli <> 0),
  CONSTRAINT fk_stock_entry_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_stock_entry_part_id FOREIGN KEY(part_id) REFERENCES part (id),
  CONSTRAINT fk_stock_entry_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_stock_entry_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_stock_entry_order_id ON stock_entry (order_id);

CREATE INDEX ix_stock_entry_part_id ON stock_entry (part_id);

ALTER TABLE "stock_entry" ADD CONSTRAINT ck_stock_entry_move_known CHECK ("move" IN ('receipt', 'issue', 'return', 'count'));

CREATE TABLE technician_skill (
  id SERIAL NOT NULL,
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
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  title VARCHAR(120) NOT NULL,
  kept_by_us BOOLEAN NOT NULL,
  place VARCHAR(80) NOT NULL,
  noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  noted_by_id INTEGER NOT NULL,
  returned_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_valuable PRIMARY KEY (id),
  CONSTRAINT fk_valuable_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_valuable_noted_by_id FOREIGN KEY(noted_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_valuable_order_id ON valuable (order_id);

CREATE TABLE view_check (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  view VARCHAR(40) NOT NULL,
  checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_view_check PRIMARY KEY (id),
  CONSTRAINT uq_view_check_order_id_view UNIQUE (order_id, view),
  CONSTRAINT fk_view_check_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_view_check_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_view_check_order_id ON view_check (order_id);

ALTER TABLE "view_check" ADD CONSTRAINT ck_view_check_view_known CHECK ("view" IN ('front', 'left', 'rear', 'right', 'top'));

CREATE TABLE walk_in (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  plate VARCHAR(16) NOT NULL,
  note VARCHAR(200) NOT NULL,
  arrived_at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  order_id INTEGER,
  left_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_walk_in PRIMARY KEY (id),
  CONSTRAINT fk_walk_in_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_walk_in_by_id FOREIGN KEY(by_id) REFERENCES "user" (id),
  CONSTRAINT uq_walk_in_order_id UNIQUE (order_id),
  CONSTRAINT fk_walk_in_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id)
);

CREATE INDEX ix_walk_in_branch_id ON walk_in (branch_id);

CREATE TABLE wash (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_wash PRIMARY KEY (id),
  CONSTRAINT fk_wash_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_wash_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_wash_order_id ON wash (order_id);

CREATE TABLE allocation (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  role VARCHAR(40) NOT NULL,
  technician_id INTEGER NOT NULL,
  bay_id INTEGER,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
  blocked_until TIMESTAMP WITH TIME ZONE NOT NULL,
  rest_minutes INTEGER NOT NULL,
  status VARCHAR(40) NOT NULL,
  lead_id INTEGER,
  lead_starts_at TIMESTAMP WITH TIME ZONE,
  share_percent INTEGER,
  version INTEGER NOT NULL,
  made_by_id INTEGER NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
  CONSTRAINT fk_allocation_made_by_id FOREIGN KEY(made_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_allocation_bay_start ON allocation (bay_id, starts_at);

CREATE INDEX ix_allocation_branch_id ON allocation (branch_id);

CREATE INDEX ix_allocation_job_id ON allocation (job_id);

CREATE INDEX ix_allocation_lead_id ON allocation (lead_id);

CREATE INDEX ix_allocation_technician_start ON allocation (technician_id, starts_at);

CREATE UNIQUE INDEX uq_allocation_live_assistant ON allocation (lead_id) WHERE status = 'planned';

CREATE UNIQUE INDEX uq_allocation_live_job ON allocation (job_id) WHERE status = 'planned' AND role = 'lead';

ALTER TABLE "allocation" ADD CONSTRAINT ck_allocation_role_known CHECK ("role" IN ('lead', 'assistant'));

ALTER TABLE "allocation" ADD CONSTRAINT ck_allocation_status_known CHECK ("status" IN ('planned', 'done', 'cancelled'));

CREATE TABLE appointment_change (
  id SERIAL NOT NULL,
  appointment_id INTEGER NOT NULL,
  to_status VARCHAR(40) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  reason VARCHAR(200) NOT NULL,
  CONSTRAINT pk_appointment_change PRIMARY KEY (id),
  CONSTRAINT fk_appointment_change_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointment (id),
  CONSTRAINT fk_appointment_change_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_appointment_change_appointment_id ON appointment_change (appointment_id);

ALTER TABLE "appointment_change" ADD CONSTRAINT ck_appointment_change_to_status_known CHECK ("to_status" IN ('requested', 'confirmed', 'arrived', 'converted', 'rescheduled', 'cancelled', 'no_show'));

CREATE TABLE appointment_contact (
  id SERIAL NOT NULL,
  appointment_id INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  channel VARCHAR(40) NOT NULL,
  result VARCHAR(40) NOT NULL,
  note VARCHAR(200) NOT NULL,
  CONSTRAINT pk_appointment_contact PRIMARY KEY (id),
  CONSTRAINT fk_appointment_contact_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointment (id),
  CONSTRAINT fk_appointment_contact_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_appointment_contact_appointment_id ON appointment_contact (appointment_id);

ALTER TABLE "appointment_contact" ADD CONSTRAINT ck_appointment_contact_channel_known CHECK ("channel" IN ('phone', 'sms', 'wechat', 'in_person'));

ALTER TABLE "appointment_contact" ADD CONSTRAINT ck_appointment_contact_result_known CHECK ("result" IN ('confirmed', 'no_answer', 'wants_other_time', 'wants_cancel', 'wrong_number'));

CREATE TABLE appointment_operation (
  id SERIAL NOT NULL,
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
  id SERIAL NOT NULL,
  attendance_id INTEGER NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_attendance_break PRIMARY KEY (id),
  CONSTRAINT ck_attendance_break_order CHECK (ended_at IS NULL OR ended_at >= started_at),
  CONSTRAINT fk_attendance_break_attendance_id FOREIGN KEY(attendance_id) REFERENCES attendance (id)
);

CREATE INDEX ix_attendance_break_attendance_id ON attendance_break (attendance_id);

CREATE UNIQUE INDEX uq_attendance_break_open ON attendance_break (attendance_id) WHERE ended_at IS NULL;

CREATE TABLE case_entry (
  id SERIAL NOT NULL,
  case_id INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  words TEXT NOT NULL,
  CONSTRAINT pk_case_entry PRIMARY KEY (id),
  CONSTRAINT fk_case_entry_case_id FOREIGN KEY(case_id) REFERENCES "case" (id),
  CONSTRAINT fk_case_entry_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_case_entry_case_id ON case_entry (case_id);

CREATE TABLE credit_request (
  id SERIAL NOT NULL,
  settlement_id INTEGER NOT NULL,
  amount_fen INTEGER NOT NULL,
  due_on DATE NOT NULL,
  reason VARCHAR(200) NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  asked_by_id INTEGER NOT NULL,
  approved BOOLEAN,
  decided_at TIMESTAMP WITH TIME ZONE,
  decided_by_id INTEGER,
  remark VARCHAR(200) NOT NULL,
  CONSTRAINT pk_credit_request PRIMARY KEY (id),
  CONSTRAINT ck_credit_request_amount CHECK (amount_fen > 0),
  CONSTRAINT ck_credit_request_two_people CHECK (decided_by_id IS NULL OR decided_by_id <> asked_by_id),
  CONSTRAINT ck_credit_request_decided CHECK ((approved IS NULL) = (decided_at IS NULL)),
  CONSTRAINT ck_credit_request_approved_by CHECK (NOT approved OR decided_by_id IS NOT NULL),
  CONSTRAINT fk_credit_request_settlement_id FOREIGN KEY(settlement_id) REFERENCES settlement (id),
  CONSTRAINT fk_credit_request_asked_by_id FOREIGN KEY(asked_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_credit_request_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_credit_request_settlement_id ON credit_request (settlement_id);

CREATE UNIQUE INDEX uq_credit_request_open ON credit_request (settlement_id) WHERE approved IS NULL;

CREATE TABLE damage_photo (
  id SERIAL NOT NULL,
  mark_id INTEGER NOT NULL,
  attachment_id INTEGER NOT NULL,
  CONSTRAINT pk_damage_photo PRIMARY KEY (id),
  CONSTRAINT fk_damage_photo_mark_id FOREIGN KEY(mark_id) REFERENCES damage_mark (id),
  CONSTRAINT fk_damage_photo_attachment_id FOREIGN KEY(attachment_id) REFERENCES attachment (id)
);

CREATE INDEX ix_damage_photo_mark_id ON damage_photo (mark_id);

CREATE TABLE day_consent (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  from_day DATE NOT NULL,
  to_day DATE NOT NULL,
  channel VARCHAR(40) NOT NULL,
  agreed_by VARCHAR(80) NOT NULL,
  agreed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  noted_by_id INTEGER NOT NULL,
  noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_day_consent PRIMARY KEY (id),
  CONSTRAINT ck_day_consent_another_day CHECK (from_day <> to_day),
  CONSTRAINT fk_day_consent_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_day_consent_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_day_consent_noted_by_id FOREIGN KEY(noted_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_day_consent_job_id ON day_consent (job_id);

CREATE INDEX ix_day_consent_order_id ON day_consent (order_id);

ALTER TABLE "day_consent" ADD CONSTRAINT ck_day_consent_channel_known CHECK ("channel" IN ('phone', 'sms', 'wechat', 'in_person'));

CREATE TABLE follow_up_attempt (
  id SERIAL NOT NULL,
  follow_up_id INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  channel VARCHAR(40) NOT NULL,
  outcome VARCHAR(40) NOT NULL,
  note TEXT NOT NULL,
  CONSTRAINT pk_follow_up_attempt PRIMARY KEY (id),
  CONSTRAINT fk_follow_up_attempt_follow_up_id FOREIGN KEY(follow_up_id) REFERENCES follow_up (id),
  CONSTRAINT fk_follow_up_attempt_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_follow_up_attempt_follow_up_id ON follow_up_attempt (follow_up_id);

ALTER TABLE "follow_up_attempt" ADD CONSTRAINT ck_follow_up_attempt_channel_known CHECK ("channel" IN ('phone', 'sms', 'wechat', 'in_person'));

ALTER TABLE "follow_up_attempt" ADD CONSTRAINT ck_follow_up_attempt_outcome_known CHECK ("outcome" IN ('reached', 'no_answer', 'busy', 'refused', 'wrong_number', 'switched_off'));

CREATE TABLE follow_up_result (
  id SERIAL NOT NULL,
  follow_up_id INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  is_fixed BOOLEAN NOT NULL,
  recommendation INTEGER,
  words TEXT NOT NULL,
  case_id INTEGER,
  CONSTRAINT pk_follow_up_result PRIMARY KEY (id),
  CONSTRAINT ck_follow_up_result_recommendation CHECK (recommendation BETWEEN 0 AND 10),
  CONSTRAINT uq_follow_up_result_follow_up_id UNIQUE (follow_up_id),
  CONSTRAINT fk_follow_up_result_follow_up_id FOREIGN KEY(follow_up_id) REFERENCES follow_up (id),
  CONSTRAINT fk_follow_up_result_by_id FOREIGN KEY(by_id) REFERENCES "user" (id),
  CONSTRAINT fk_follow_up_result_case_id FOREIGN KEY(case_id) REFERENCES "case" (id)
);

CREATE TABLE handover (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  new_damage BOOLEAN,
  damage_note TEXT NOT NULL,
  walked_at TIMESTAMP WITH TIME ZONE,
  walked_by_id INTEGER,
  mileage_km INTEGER,
  next_due_on DATE,
  next_due_km INTEGER,
  reminders TEXT NOT NULL,
  next_told_at TIMESTAMP WITH TIME ZONE,
  collector VARCHAR(40),
  collector_name VARCHAR(80) NOT NULL,
  collector_phone VARCHAR(32) NOT NULL,
  proof VARCHAR(40),
  proof_note VARCHAR(200) NOT NULL,
  collector_at TIMESTAMP WITH TIME ZONE,
  followup_wished_at TIMESTAMP WITH TIME ZONE,
  followup_channel VARCHAR(40),
  followup_refused VARCHAR(200) NOT NULL,
  followup_asked_at TIMESTAMP WITH TIME ZONE,
  signature_id INTEGER,
  signer_name VARCHAR(80) NOT NULL,
  delivered_at TIMESTAMP WITH TIME ZONE,
  delivered_by_id INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT pk_handover PRIMARY KEY (id),
  CONSTRAINT ck_handover_damage_note CHECK (new_damage IS NOT TRUE OR damage_note <> ''),
  CONSTRAINT ck_handover_km CHECK (mileage_km >= 0 AND next_due_km >= 0),
  CONSTRAINT ck_handover_other_proof CHECK (collector <> 'other' OR proof IS NOT NULL),
  CONSTRAINT uq_handover_order_id UNIQUE (order_id),
  CONSTRAINT fk_handover_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_handover_walked_by_id FOREIGN KEY(walked_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_handover_signature_id FOREIGN KEY(signature_id) REFERENCES attachment (id),
  CONSTRAINT fk_handover_delivered_by_id FOREIGN KEY(delivered_by_id) REFERENCES "user" (id)
);

ALTER TABLE "handover" ADD CONSTRAINT ck_handover_collector_known CHECK ("collector" IN ('owner', 'bringer', 'other'));

ALTER TABLE "handover" ADD CONSTRAINT ck_handover_proof_known CHECK ("proof" IN ('code', 'owner_confirmed'));

ALTER TABLE "handover" ADD CONSTRAINT ck_handover_followup_channel_known CHECK ("followup_channel" IN ('phone', 'sms', 'wechat', 'in_person'));

CREATE TABLE inspection (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  job_id INTEGER,
  level VARCHAR(40) NOT NULL,
  passed BOOLEAN NOT NULL,
  remarks TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_inspection PRIMARY KEY (id),
  CONSTRAINT ck_inspection_self_check_of_job CHECK ((level = 'self_check') = (job_id IS NOT NULL)),
  CONSTRAINT fk_inspection_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_inspection_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_inspection_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_inspection_job_id ON inspection (job_id);

CREATE INDEX ix_inspection_order_id ON inspection (order_id);

ALTER TABLE "inspection" ADD CONSTRAINT ck_inspection_level_known CHECK ("level" IN ('self_check', 'quality_check', 'final_check'));

CREATE TABLE job_folder (
  id SERIAL NOT NULL,
  job_id INTEGER NOT NULL,
  state VARCHAR(40) NOT NULL,
  prepared_at TIMESTAMP WITH TIME ZONE NOT NULL,
  prepared_by_id INTEGER NOT NULL,
  on_rack_at TIMESTAMP WITH TIME ZONE,
  taken_at TIMESTAMP WITH TIME ZONE,
  taken_by_id INTEGER,
  returned_at TIMESTAMP WITH TIME ZONE,
  returned_by_id INTEGER,
  CONSTRAINT pk_job_folder PRIMARY KEY (id),
  CONSTRAINT ck_job_folder_taken_first CHECK (returned_at IS NULL OR taken_at IS NOT NULL),
  CONSTRAINT uq_job_folder_job_id UNIQUE (job_id),
  CONSTRAINT fk_job_folder_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_job_folder_prepared_by_id FOREIGN KEY(prepared_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_job_folder_taken_by_id FOREIGN KEY(taken_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_job_folder_returned_by_id FOREIGN KEY(returned_by_id) REFERENCES "user" (id)
);

ALTER TABLE "job_folder" ADD CONSTRAINT ck_job_folder_state_known CHECK ("state" IN ('prepared', 'on_rack', 'taken', 'returned'));

CREATE TABLE job_hold (
  id SERIAL NOT NULL,
  job_id INTEGER NOT NULL,
  day DATE NOT NULL,
  reason VARCHAR(40) NOT NULL,
  note VARCHAR(200) NOT NULL,
  held_at TIMESTAMP WITH TIME ZONE NOT NULL,
  held_by_id INTEGER NOT NULL,
  released_at TIMESTAMP WITH TIME ZONE,
  released_by_id INTEGER,
  CONSTRAINT pk_job_hold PRIMARY KEY (id),
  CONSTRAINT ck_job_hold_reason_in_words CHECK (reason <> 'other' OR note <> ''),
  CONSTRAINT ck_job_hold_released CHECK ((released_at IS NULL) = (released_by_id IS NULL)),
  CONSTRAINT fk_job_hold_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_job_hold_held_by_id FOREIGN KEY(held_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_job_hold_released_by_id FOREIGN KEY(released_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_job_hold_job_id ON job_hold (job_id);

CREATE UNIQUE INDEX uq_job_hold_standing ON job_hold (job_id) WHERE released_at IS NULL;

ALTER TABLE "job_hold" ADD CONSTRAINT ck_job_hold_reason_known CHECK ("reason" IN ('parts', 'approval', 'customer', 'support', 'sublet', 'other'));

CREATE TABLE more_time (
  id SERIAL NOT NULL,
  job_id INTEGER NOT NULL,
  minutes INTEGER NOT NULL,
  reason VARCHAR(40) NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  state VARCHAR(40) NOT NULL,
  answered_at TIMESTAMP WITH TIME ZONE,
  answered_by_id INTEGER,
  CONSTRAINT pk_more_time PRIMARY KEY (id),
  CONSTRAINT ck_more_time_minutes CHECK (minutes > 0),
  CONSTRAINT ck_more_time_answered CHECK ((state = 'open') = (answered_at IS NULL)),
  CONSTRAINT fk_more_time_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_more_time_by_id FOREIGN KEY(by_id) REFERENCES "user" (id),
  CONSTRAINT fk_more_time_answered_by_id FOREIGN KEY(answered_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_more_time_job_id ON more_time (job_id);

CREATE UNIQUE INDEX uq_more_time_open ON more_time (job_id) WHERE state = 'open';

ALTER TABLE "more_time" ADD CONSTRAINT ck_more_time_reason_known CHECK ("reason" IN ('harder', 'stuck', 'part', 'tool', 'helped', 'other'));

ALTER TABLE "more_time" ADD CONSTRAINT ck_more_time_state_known CHECK ("state" IN ('open', 'granted', 'left', 'replaced'));

CREATE TABLE overbooking (
  id SERIAL NOT NULL,
  appointment_id INTEGER NOT NULL,
  reason VARCHAR(200) NOT NULL,
  by_id INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_overbooking PRIMARY KEY (id),
  CONSTRAINT ck_overbooking_reason CHECK (reason <> ''),
  CONSTRAINT uq_overbooking_appointment_id UNIQUE (appointment_id),
  CONSTRAINT fk_overbooking_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointment (id),
  CONSTRAINT fk_overbooking_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE TABLE payment (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  settlement_id INTEGER,
  account VARCHAR(40) NOT NULL,
  tender VARCHAR(40) NOT NULL,
  amount_fen INTEGER NOT NULL,
  reference VARCHAR(60) NOT NULL,
  reason VARCHAR(200) NOT NULL,
  client_id VARCHAR(64) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_payment PRIMARY KEY (id),
  CONSTRAINT ck_payment_amount CHECK (amount_fen <> 0),
  CONSTRAINT ck_payment_refund_reason CHECK (amount_fen > 0 OR reason <> ''),
  CONSTRAINT fk_payment_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_payment_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_payment_settlement_id FOREIGN KEY(settlement_id) REFERENCES settlement (id),
  CONSTRAINT uq_payment_client_id UNIQUE (client_id),
  CONSTRAINT fk_payment_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_payment_day ON payment (branch_id, at);

CREATE INDEX ix_payment_order_id ON payment (order_id);

CREATE INDEX ix_payment_settlement_id ON payment (settlement_id);

ALTER TABLE "payment" ADD CONSTRAINT ck_payment_account_known CHECK ("account" IN ('customer', 'insurer', 'manufacturer', 'shop'));

ALTER TABLE "payment" ADD CONSTRAINT ck_payment_tender_known CHECK ("tender" IN ('cash', 'card', 'wechat', 'alipay', 'transfer', 'insurer', 'manufacturer'));

CREATE TABLE plan_run (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  reason VARCHAR(40) NOT NULL,
  details JSON NOT NULL,
  asked_by_id INTEGER NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  state VARCHAR(40) NOT NULL,
  origin_at TIMESTAMP WITH TIME ZONE NOT NULL,
  problem JSON NOT NULL,
  plan JSON,
  seen JSON NOT NULL,
  left_out JSON NOT NULL,
  seconds INTEGER NOT NULL,
  beat INTEGER NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE,
  failure VARCHAR(40),
  failure_detail TEXT NOT NULL,
  proposed_by_id INTEGER,
  proposed_at TIMESTAMP WITH TIME ZONE,
  absence_id INTEGER,
  CONSTRAINT pk_plan_run PRIMARY KEY (id),
  CONSTRAINT ck_plan_run_seconds CHECK (seconds > 0),
  CONSTRAINT fk_plan_run_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_plan_run_asked_by_id FOREIGN KEY(asked_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_plan_run_proposed_by_id FOREIGN KEY(proposed_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_plan_run_absence_id FOREIGN KEY(absence_id) REFERENCES absence (id)
);

CREATE INDEX ix_plan_run_branch_id ON plan_run (branch_id);

CREATE INDEX ix_plan_run_state ON plan_run (state);

ALTER TABLE "plan_run" ADD CONSTRAINT ck_plan_run_reason_known CHECK ("reason" IN ('improve', 'absent', 'overrun', 'part_late'));

ALTER TABLE "plan_run" ADD CONSTRAINT ck_plan_run_state_known CHECK ("state" IN ('running', 'ready', 'failed', 'cancelled', 'accepted', 'partly_accepted', 'undone', 'outdated'));

ALTER TABLE "plan_run" ADD CONSTRAINT ck_plan_run_failure_known CHECK ("failure" IN ('killed', 'timeout', 'memory', 'lost', 'faulty', 'no_plan', 'refused'));

CREATE TABLE quotation (
  id SERIAL NOT NULL,
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
  offered_at TIMESTAMP WITH TIME ZONE,
  offered_by_id INTEGER,
  offered_promise_at TIMESTAMP WITH TIME ZONE,
  promise_why JSON NOT NULL,
  signed_at TIMESTAMP WITH TIME ZONE,
  signer_name VARCHAR(80) NOT NULL,
  signature_id INTEGER,
  channel VARCHAR(40),
  evidence VARCHAR(200) NOT NULL,
  device VARCHAR(300) NOT NULL,
  taken_by_id INTEGER,
  decline_reason VARCHAR(200) NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  created_by_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_quotation PRIMARY KEY (id),
  CONSTRAINT uq_quotation_no_version_no UNIQUE (no, version_no),
  CONSTRAINT ck_quotation_signed_at CHECK (state <> 'signed' OR signed_at IS NOT NULL),
  CONSTRAINT fk_quotation_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_quotation_replaces_id FOREIGN KEY(replaces_id) REFERENCES quotation (id),
  CONSTRAINT fk_quotation_photo_id FOREIGN KEY(photo_id) REFERENCES attachment (id),
  CONSTRAINT fk_quotation_offered_by_id FOREIGN KEY(offered_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_quotation_signature_id FOREIGN KEY(signature_id) REFERENCES attachment (id),
  CONSTRAINT fk_quotation_taken_by_id FOREIGN KEY(taken_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_quotation_created_by_id FOREIGN KEY(created_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_quotation_order_id ON quotation (order_id);

CREATE INDEX ix_quotation_state ON quotation (state);

CREATE UNIQUE INDEX uq_quotation_live_main ON quotation (order_id) WHERE kind = 'main' AND state IN ('draft', 'offered', 'signed');

ALTER TABLE "quotation" ADD CONSTRAINT ck_quotation_kind_known CHECK ("kind" IN ('main', 'addition'));

ALTER TABLE "quotation" ADD CONSTRAINT ck_quotation_state_known CHECK ("state" IN ('draft', 'offered', 'signed', 'declined', 'superseded'));

ALTER TABLE "quotation" ADD CONSTRAINT ck_quotation_urgency_known CHECK ("urgency" IN ('red', 'yellow'));

ALTER TABLE "quotation" ADD CONSTRAINT ck_quotation_channel_known CHECK ("channel" IN ('in_person', 'phone', 'link'));

CREATE TABLE walkaround (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  finding TEXT NOT NULL,
  interview JSON NOT NULL,
  lamps JSON NOT NULL,
  lamps_note VARCHAR(200) NOT NULL,
  odometer_replaced BOOLEAN NOT NULL,
  previous_km INTEGER,
  valuables_asked_at TIMESTAMP WITH TIME ZONE,
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
  signed_at TIMESTAMP WITH TIME ZONE,
  signed_by_id INTEGER,
  edition INTEGER NOT NULL,
  CONSTRAINT pk_walkaround PRIMARY KEY (id),
  CONSTRAINT ck_walkaround_keys CHECK (keys BETWEEN 0 AND 9),
  CONSTRAINT uq_walkaround_order_id UNIQUE (order_id),
  CONSTRAINT fk_walkaround_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_walkaround_valuables_asked_by_id FOREIGN KEY(valuables_asked_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_walkaround_signature_id FOREIGN KEY(signature_id) REFERENCES attachment (id),
  CONSTRAINT fk_walkaround_signed_by_id FOREIGN KEY(signed_by_id) REFERENCES "user" (id)
);

ALTER TABLE "walkaround" ADD CONSTRAINT ck_walkaround_old_parts_known CHECK ("old_parts" IN ('take', 'dispose'));

ALTER TABLE "walkaround" ADD CONSTRAINT ck_walkaround_pay_way_known CHECK ("pay_way" IN ('cash', 'card', 'wechat', 'alipay', 'transfer', 'account'));

CREATE TABLE walkaround_signing (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  edition INTEGER NOT NULL,
  signature_id INTEGER,
  signer_name VARCHAR(80) NOT NULL,
  refused_reason VARCHAR(200) NOT NULL,
  witness_name VARCHAR(80) NOT NULL,
  signed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  snapshot JSON NOT NULL,
  CONSTRAINT pk_walkaround_signing PRIMARY KEY (id),
  CONSTRAINT uq_walkaround_signing_order_id_edition UNIQUE (order_id, edition),
  CONSTRAINT fk_walkaround_signing_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_walkaround_signing_signature_id FOREIGN KEY(signature_id) REFERENCES attachment (id),
  CONSTRAINT fk_walkaround_signing_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_walkaround_signing_order_id ON walkaround_signing (order_id);

CREATE TABLE watch_alarm (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  subject VARCHAR(20) NOT NULL,
  order_id INTEGER NOT NULL,
  job_id INTEGER,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  until_at TIMESTAMP WITH TIME ZONE,
  cause_job_id INTEGER,
  absent_technician_id INTEGER,
  raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
  cleared_at TIMESTAMP WITH TIME ZONE,
  acknowledged_at TIMESTAMP WITH TIME ZONE,
  acknowledged_by_id INTEGER,
  seen_minutes INTEGER,
  seen_happened BOOLEAN NOT NULL,
  worse_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_watch_alarm PRIMARY KEY (id),
  CONSTRAINT ck_watch_alarm_worse_than CHECK (worse_at IS NULL OR acknowledged_at IS NOT NULL),
  CONSTRAINT ck_watch_alarm_acknowledged CHECK ((acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)),
  CONSTRAINT fk_watch_alarm_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_watch_alarm_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_watch_alarm_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_watch_alarm_cause_job_id FOREIGN KEY(cause_job_id) REFERENCES job (id),
  CONSTRAINT fk_watch_alarm_absent_technician_id FOREIGN KEY(absent_technician_id) REFERENCES technician (id),
  CONSTRAINT fk_watch_alarm_acknowledged_by_id FOREIGN KEY(acknowledged_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_watch_alarm_branch_id ON watch_alarm (branch_id);

CREATE INDEX ix_watch_alarm_job_id ON watch_alarm (job_id);

CREATE INDEX ix_watch_alarm_order_id ON watch_alarm (order_id);

CREATE UNIQUE INDEX uq_watch_alarm_open ON watch_alarm (kind, subject) WHERE cleared_at IS NULL;

ALTER TABLE "watch_alarm" ADD CONSTRAINT ck_watch_alarm_kind_known CHECK ("kind" IN ('promise', 'part_late', 'absent', 'certificate', 'overrun', 'not_clocked_in', 'late_start', 'report_due', 'folder_not_taken', 'folder_not_back'));

CREATE TABLE work_note (
  id SERIAL NOT NULL,
  job_id INTEGER NOT NULL,
  text TEXT NOT NULL,
  photo_id INTEGER,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_work_note PRIMARY KEY (id),
  CONSTRAINT fk_work_note_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_work_note_photo_id FOREIGN KEY(photo_id) REFERENCES attachment (id),
  CONSTRAINT fk_work_note_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_work_note_job_id ON work_note (job_id);

CREATE TABLE work_point (
  id SERIAL NOT NULL,
  job_id INTEGER NOT NULL,
  point VARCHAR(40) NOT NULL,
  ticked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  hurried BOOLEAN NOT NULL,
  undone_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_work_point PRIMARY KEY (id),
  CONSTRAINT fk_work_point_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_work_point_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_work_point_job_id ON work_point (job_id);

CREATE UNIQUE INDEX uq_work_point_live ON work_point (job_id, point) WHERE undone_at IS NULL;

ALTER TABLE "work_point" ADD CONSTRAINT ck_work_point_point_known CHECK ("point" IN ('start', 'process', 'additions', 'off_floor', 'protection', 'finish'));

CREATE TABLE work_session (
  id SERIAL NOT NULL,
  job_id INTEGER NOT NULL,
  role VARCHAR(40) NOT NULL,
  technician_id INTEGER NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  pause_reason VARCHAR(40),
  ended_by_id INTEGER,
  CONSTRAINT pk_work_session PRIMARY KEY (id),
  CONSTRAINT ck_work_session_order CHECK (ended_at IS NULL OR ended_at >= started_at),
  CONSTRAINT fk_work_session_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_work_session_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id),
  CONSTRAINT fk_work_session_ended_by_id FOREIGN KEY(ended_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_work_session_job_id ON work_session (job_id);

CREATE INDEX ix_work_session_technician_id ON work_session (technician_id);

CREATE UNIQUE INDEX uq_work_session_open_job ON work_session (job_id, role) WHERE ended_at IS NULL;

CREATE UNIQUE INDEX uq_work_session_open_technician ON work_session (technician_id) WHERE ended_at IS NULL;

ALTER TABLE "work_session" ADD CONSTRAINT ck_work_session_role_known CHECK ("role" IN ('lead', 'assistant'));

ALTER TABLE "work_session" ADD CONSTRAINT ck_work_session_pause_reason_known CHECK ("pause_reason" IN ('parts', 'customer', 'support', 'sublet', 'equipment', 'appraisal', 'warranty', 'break', 'absent', 'other'));

CREATE TABLE additional_work (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  finding TEXT NOT NULL,
  urgency VARCHAR(40) NOT NULL,
  photo_id INTEGER,
  operation_id INTEGER,
  requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  quotation_id INTEGER,
  priced_at TIMESTAMP WITH TIME ZONE,
  dismissed_at TIMESTAMP WITH TIME ZONE,
  dismissed_by_id INTEGER,
  dismiss_reason VARCHAR(200) NOT NULL,
  CONSTRAINT pk_additional_work PRIMARY KEY (id),
  CONSTRAINT ck_additional_work_one_answer CHECK (quotation_id IS NULL OR dismissed_at IS NULL),
  CONSTRAINT fk_additional_work_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_additional_work_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_additional_work_photo_id FOREIGN KEY(photo_id) REFERENCES attachment (id),
  CONSTRAINT fk_additional_work_operation_id FOREIGN KEY(operation_id) REFERENCES operation (id),
  CONSTRAINT fk_additional_work_by_id FOREIGN KEY(by_id) REFERENCES "user" (id),
  CONSTRAINT fk_additional_work_quotation_id FOREIGN KEY(quotation_id) REFERENCES quotation (id),
  CONSTRAINT fk_additional_work_dismissed_by_id FOREIGN KEY(dismissed_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_additional_work_job_id ON additional_work (job_id);

CREATE INDEX ix_additional_work_order_id ON additional_work (order_id);

CREATE INDEX ix_additional_work_quotation_id ON additional_work (quotation_id);

ALTER TABLE "additional_work" ADD CONSTRAINT ck_additional_work_urgency_known CHECK ("urgency" IN ('red', 'yellow'));

CREATE TABLE follow_up_answer (
  id SERIAL NOT NULL,
  result_id INTEGER NOT NULL,
  question VARCHAR(40) NOT NULL,
  score INTEGER NOT NULL,
  CONSTRAINT pk_follow_up_answer PRIMARY KEY (id),
  CONSTRAINT uq_follow_up_answer_result_id_question UNIQUE (result_id, question),
  CONSTRAINT ck_follow_up_answer_score CHECK (score BETWEEN 1 AND 5),
  CONSTRAINT fk_follow_up_answer_result_id FOREIGN KEY(result_id) REFERENCES follow_up_result (id)
);

CREATE INDEX ix_follow_up_answer_result_id ON follow_up_answer (result_id);

ALTER TABLE "follow_up_answer" ADD CONSTRAINT ck_follow_up_answer_question_known CHECK ("question" IN ('on_time', 'price_as_told', 'explanation', 'cleanliness', 'advisor'));

CREATE TABLE inspection_item (
  id SERIAL NOT NULL,
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

ALTER TABLE "inspection_item" ADD CONSTRAINT ck_inspection_item_verdict_known CHECK ("verdict" IN ('good', 'attention', 'bad', 'not_applicable'));

CREATE TABLE place_pin (
  id SERIAL NOT NULL,
  allocation_id INTEGER NOT NULL,
  keeps_technician BOOLEAN NOT NULL,
  keeps_bay BOOLEAN NOT NULL,
  keeps_start BOOLEAN NOT NULL,
  fixed_by_id INTEGER NOT NULL,
  fixed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  released_by_id INTEGER,
  released_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_place_pin PRIMARY KEY (id),
  CONSTRAINT ck_place_pin_a_part CHECK (keeps_technician OR keeps_bay OR keeps_start),
  CONSTRAINT ck_place_pin_released CHECK ((released_at IS NULL) = (released_by_id IS NULL)),
  CONSTRAINT fk_place_pin_allocation_id FOREIGN KEY(allocation_id) REFERENCES allocation (id),
  CONSTRAINT fk_place_pin_fixed_by_id FOREIGN KEY(fixed_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_place_pin_released_by_id FOREIGN KEY(released_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_place_pin_allocation_id ON place_pin (allocation_id);

CREATE UNIQUE INDEX uq_place_pin_live ON place_pin (allocation_id) WHERE released_at IS NULL;

CREATE TABLE plan_step (
  id SERIAL NOT NULL,
  run_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  before JSON,
  after JSON,
  state VARCHAR(40) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_plan_step PRIMARY KEY (id),
  CONSTRAINT ck_plan_step_a_place CHECK (before IS NOT NULL OR after IS NOT NULL),
  CONSTRAINT fk_plan_step_run_id FOREIGN KEY(run_id) REFERENCES plan_run (id),
  CONSTRAINT fk_plan_step_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_plan_step_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_plan_step_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_plan_step_job_id ON plan_step (job_id);

CREATE INDEX ix_plan_step_order_id ON plan_step (order_id);

CREATE INDEX ix_plan_step_run_id ON plan_step (run_id);

CREATE INDEX ix_plan_step_run_state ON plan_step (run_id, state);

ALTER TABLE "plan_step" ADD CONSTRAINT ck_plan_step_state_known CHECK ("state" IN ('accepted', 'undone'));

CREATE TABLE quotation_line (
  id SERIAL NOT NULL,
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
  CONSTRAINT fk_quotation_line_discount_by_id FOREIGN KEY(discount_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_quotation_line_deferred_id FOREIGN KEY(deferred_id) REFERENCES deferred_work (id),
  CONSTRAINT fk_quotation_line_job_id FOREIGN KEY(job_id) REFERENCES job (id)
);

CREATE INDEX ix_quotation_line_job_id ON quotation_line (job_id);

CREATE INDEX ix_quotation_line_parent_line_id ON quotation_line (parent_line_id);

CREATE INDEX ix_quotation_line_quotation_id ON quotation_line (quotation_id);

ALTER TABLE "quotation_line" ADD CONSTRAINT ck_quotation_line_kind_known CHECK ("kind" IN ('labour', 'part', 'sublet', 'diagnosis', 'other'));

ALTER TABLE "quotation_line" ADD CONSTRAINT ck_quotation_line_part_class_known CHECK ("part_class" IN ('oem', 'equivalent', 'aftermarket', 'reconditioned'));

ALTER TABLE "quotation_line" ADD CONSTRAINT ck_quotation_line_payer_known CHECK ("payer" IN ('customer', 'warranty', 'statutory', 'insurance', 'internal', 'goodwill'));

ALTER TABLE "quotation_line" ADD CONSTRAINT ck_quotation_line_guarantee_known CHECK ("guarantee" IN ('overhaul', 'level_2_maintenance', 'minor'));

ALTER TABLE "quotation_line" ADD CONSTRAINT ck_quotation_line_urgency_known CHECK ("urgency" IN ('red', 'yellow'));

ALTER TABLE "quotation_line" ADD CONSTRAINT ck_quotation_line_decision_known CHECK ("decision" IN ('pending', 'accepted', 'declined'));

CREATE TABLE rework_order (
  id SERIAL NOT NULL,
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
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  opened_by_id INTEGER NOT NULL,
  closed_at TIMESTAMP WITH TIME ZONE,
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
  CONSTRAINT fk_rework_order_opened_by_id FOREIGN KEY(opened_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_rework_order_closed_by_id FOREIGN KEY(closed_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_rework_order_job_id ON rework_order (job_id);

CREATE INDEX ix_rework_order_order_id ON rework_order (order_id);

CREATE INDEX ix_rework_order_original_order_id ON rework_order (original_order_id);

CREATE UNIQUE INDEX uq_rework_order_external ON rework_order (order_id) WHERE kind = 'external';

ALTER TABLE "rework_order" ADD CONSTRAINT ck_rework_order_kind_known CHECK ("kind" IN ('internal', 'external'));

ALTER TABLE "rework_order" ADD CONSTRAINT ck_rework_order_found_at_known CHECK ("found_at" IN ('self_check', 'quality_check', 'final_check'));

ALTER TABLE "rework_order" ADD CONSTRAINT ck_rework_order_cause_known CHECK ("cause" IN ('workmanship', 'diagnosis', 'left_out', 'part_quality', 'misunderstanding', 'equipment', 'customer_use', 'no_fault'));

CREATE TABLE road_test (
  id SERIAL NOT NULL,
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
  CONSTRAINT fk_road_test_driver_id FOREIGN KEY(driver_id) REFERENCES "user" (id)
);

CREATE TABLE time_change (
  id SERIAL NOT NULL,
  allocation_id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  seen_version INTEGER NOT NULL,
  technician_id INTEGER NOT NULL,
  bay_id INTEGER,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  minutes INTEGER NOT NULL,
  across BOOLEAN NOT NULL,
  reason VARCHAR(200) NOT NULL,
  state VARCHAR(40) NOT NULL,
  proposed_by_id INTEGER NOT NULL,
  proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  answered_by_id INTEGER,
  answered_at TIMESTAMP WITH TIME ZONE,
  answer VARCHAR(200) NOT NULL,
  CONSTRAINT pk_time_change PRIMARY KEY (id),
  CONSTRAINT ck_time_change_minutes CHECK (minutes > 0),
  CONSTRAINT fk_time_change_allocation_id FOREIGN KEY(allocation_id) REFERENCES allocation (id),
  CONSTRAINT fk_time_change_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_time_change_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id),
  CONSTRAINT fk_time_change_bay_id FOREIGN KEY(bay_id) REFERENCES bay (id),
  CONSTRAINT fk_time_change_proposed_by_id FOREIGN KEY(proposed_by_id) REFERENCES "user" (id),
  CONSTRAINT fk_time_change_answered_by_id FOREIGN KEY(answered_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_time_change_allocation_id ON time_change (allocation_id);

CREATE INDEX ix_time_change_job_id ON time_change (job_id);

CREATE UNIQUE INDEX uq_time_change_open ON time_change (allocation_id) WHERE state = 'open';

ALTER TABLE "time_change" ADD CONSTRAINT ck_time_change_state_known CHECK ("state" IN ('open', 'confirmed', 'refused', 'withdrawn'));

CREATE TABLE track_link (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  quotation_id INTEGER,
  token_hash VARCHAR(64) NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  made_by_id INTEGER NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  revoked_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_track_link PRIMARY KEY (id),
  CONSTRAINT fk_track_link_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_track_link_quotation_id FOREIGN KEY(quotation_id) REFERENCES quotation (id),
  CONSTRAINT uq_track_link_token_hash UNIQUE (token_hash),
  CONSTRAINT fk_track_link_made_by_id FOREIGN KEY(made_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_track_link_order_id ON track_link (order_id);

CREATE UNIQUE INDEX uq_track_link_live ON track_link (order_id) WHERE revoked_at IS NULL;

CREATE TABLE pick_line (
  id SERIAL NOT NULL,
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
  old_bagged_at TIMESTAMP WITH TIME ZONE,
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
  id SERIAL NOT NULL,
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

ALTER TABLE "settlement_line" ADD CONSTRAINT ck_settlement_line_kind_known CHECK ("kind" IN ('labour', 'part', 'sublet', 'diagnosis', 'other'));

ALTER TABLE "settlement_line" ADD CONSTRAINT ck_settlement_line_payer_known CHECK ("payer" IN ('customer', 'warranty', 'statutory', 'insurance', 'internal', 'goodwill'));

ALTER TABLE "settlement_line" ADD CONSTRAINT ck_settlement_line_part_class_known CHECK ("part_class" IN ('oem', 'equivalent', 'aftermarket', 'reconditioned'));

ALTER TABLE "settlement_line" ADD CONSTRAINT ck_settlement_line_guarantee_known CHECK ("guarantee" IN ('overhaul', 'level_2_maintenance', 'minor'));

CREATE TABLE pick_move (
  id SERIAL NOT NULL,
  pick_line_id INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  quantity_milli INTEGER NOT NULL,
  technician_id INTEGER,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_pick_move PRIMARY KEY (id),
  CONSTRAINT fk_pick_move_pick_line_id FOREIGN KEY(pick_line_id) REFERENCES pick_line (id),
  CONSTRAINT fk_pick_move_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id),
  CONSTRAINT fk_pick_move_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_pick_move_pick_line_id ON pick_move (pick_line_id);

ALTER TABLE "pick_move" ADD CONSTRAINT ck_pick_move_kind_known CHECK ("kind" IN ('picked', 'put_back', 'issued', 'unused', 'returned', 'old_parts_bagged'));
