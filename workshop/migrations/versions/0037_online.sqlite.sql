-- Customers book by themselves: a branch's rules and services, what they asked for.

CREATE TABLE online_rules (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  is_open BOOLEAN NOT NULL,
  cutoff_minutes INTEGER NOT NULL,
  days_ahead INTEGER NOT NULL,
  share_percent INTEGER NOT NULL,
  origins TEXT NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_online_rules PRIMARY KEY (id),
  CONSTRAINT ck_online_rules_cutoff_minutes CHECK (cutoff_minutes BETWEEN 0 AND 10080),
  CONSTRAINT ck_online_rules_days_ahead CHECK (days_ahead BETWEEN 1 AND 60),
  CONSTRAINT ck_online_rules_share_percent CHECK (share_percent BETWEEN 1 AND 100),
  CONSTRAINT uq_online_rules_branch_id UNIQUE (branch_id),
  CONSTRAINT fk_online_rules_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id)
);

CREATE TABLE online_service (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  package_id INTEGER NOT NULL,
  words_zh VARCHAR(200) NOT NULL,
  words_en VARCHAR(200) NOT NULL,
  CONSTRAINT pk_online_service PRIMARY KEY (id),
  CONSTRAINT uq_online_service_branch_id_package_id UNIQUE (branch_id, package_id),
  CONSTRAINT fk_online_service_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_online_service_package_id FOREIGN KEY(package_id) REFERENCES package (id)
);

CREATE TABLE online_booking (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  token_hash VARCHAR(64) NOT NULL,
  state VARCHAR(40) NOT NULL,
  advisor_id INTEGER NOT NULL,
  slot_at DATETIME NOT NULL,
  day DATE NOT NULL,
  package_id INTEGER,
  vehicle_class VARCHAR(40),
  minutes INTEGER NOT NULL,
  fen INTEGER NOT NULL,
  phone VARCHAR(32) NOT NULL,
  name VARCHAR(80) NOT NULL,
  plate VARCHAR(16) NOT NULL,
  concern TEXT NOT NULL,
  stays BOOLEAN,
  wish VARCHAR(200) NOT NULL,
  locale VARCHAR(10) NOT NULL,
  held_until DATETIME NOT NULL,
  created_at DATETIME NOT NULL,
  requested_at DATETIME,
  ended_at DATETIME,
  answered_by_id INTEGER,
  reason VARCHAR(200) NOT NULL,
  appointment_id INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT pk_online_booking PRIMARY KEY (id),
  CONSTRAINT ck_online_booking_estimate CHECK (minutes > 0 AND fen >= 0),
  CONSTRAINT ck_online_booking_requested CHECK (state <> 'requested' OR requested_at IS NOT NULL),
  CONSTRAINT ck_online_booking_confirmed CHECK (state <> 'confirmed' OR appointment_id IS NOT NULL),
  CONSTRAINT ck_online_booking_refused CHECK (state <> 'refused' OR reason <> ''),
  CONSTRAINT fk_online_booking_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_online_booking_token_hash UNIQUE (token_hash),
  CONSTRAINT fk_online_booking_advisor_id FOREIGN KEY(advisor_id) REFERENCES user (id),
  CONSTRAINT fk_online_booking_package_id FOREIGN KEY(package_id) REFERENCES package (id),
  CONSTRAINT fk_online_booking_answered_by_id FOREIGN KEY(answered_by_id) REFERENCES user (id),
  CONSTRAINT uq_online_booking_appointment_id UNIQUE (appointment_id),
  CONSTRAINT fk_online_booking_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointment (id)
);

CREATE INDEX ix_online_booking_branch_day ON online_booking (branch_id, day);

CREATE INDEX ix_online_booking_open ON online_booking (branch_id, slot_at) WHERE state IN ('held', 'requested');

CREATE INDEX ix_online_booking_phone ON online_booking (phone, created_at);

CREATE UNIQUE INDEX uq_online_booking_asked ON online_booking (branch_id, phone) WHERE state = 'requested';

CREATE UNIQUE INDEX uq_online_booking_slot ON online_booking (advisor_id, slot_at) WHERE state IN ('held', 'requested');

CREATE TABLE online_photo (
  id INTEGER NOT NULL,
  booking_id INTEGER NOT NULL,
  mime VARCHAR(40) NOT NULL,
  data BLOB NOT NULL,
  at DATETIME NOT NULL,
  CONSTRAINT pk_online_photo PRIMARY KEY (id),
  CONSTRAINT fk_online_photo_booking_id FOREIGN KEY(booking_id) REFERENCES online_booking (id)
);

CREATE INDEX ix_online_photo_booking_id ON online_photo (booking_id);
