-- Sessions on the server, shared devices, second factors, and what a role and a person need
-- for them. Frozen.

ALTER TABLE role ADD COLUMN name_zh VARCHAR(40);

ALTER TABLE role ADD COLUMN name_en VARCHAR(40);

ALTER TABLE role ADD COLUMN copied_from VARCHAR(40);

ALTER TABLE role ADD COLUMN retired_at DATETIME;

ALTER TABLE role ADD COLUMN needs_second_factor BOOLEAN DEFAULT 0 NOT NULL;

ALTER TABLE "user" ADD COLUMN pin_hash VARCHAR(255);

ALTER TABLE "user" ADD COLUMN tf_primary_method VARCHAR(64);

ALTER TABLE "user" ADD COLUMN tf_totp_secret VARCHAR(255);

ALTER TABLE "user" ADD COLUMN totp_counter BIGINT;

ALTER TABLE "user" ADD COLUMN mf_recovery_codes JSON;

ALTER TABLE "user" ADD COLUMN fs_webauthn_user_handle VARCHAR(64);

ALTER TABLE "user" ADD COLUMN reset_note VARCHAR(200);

ALTER TABLE "user" ADD COLUMN reset_at DATETIME;

CREATE UNIQUE INDEX ix_user_fs_webauthn_user_handle ON "user" (fs_webauthn_user_handle);

CREATE TABLE floor_device (
  id INTEGER NOT NULL,
  branch_id INTEGER,
  name VARCHAR(60) NOT NULL,
  token_hash VARCHAR(64) NOT NULL,
  pairing_code VARCHAR(8),
  offered_at DATETIME NOT NULL,
  paired_at DATETIME,
  paired_by_id INTEGER,
  revoked_at DATETIME,
  revoked_by_id INTEGER,
  last_seen_at DATETIME,
  CONSTRAINT pk_floor_device PRIMARY KEY (id),
  CONSTRAINT ck_floor_device_paired_to_a_branch CHECK (paired_at IS NULL OR branch_id IS NOT NULL),
  CONSTRAINT fk_floor_device_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_floor_device_token_hash UNIQUE (token_hash),
  CONSTRAINT uq_floor_device_pairing_code UNIQUE (pairing_code),
  CONSTRAINT fk_floor_device_paired_by_id FOREIGN KEY(paired_by_id) REFERENCES user (id),
  CONSTRAINT fk_floor_device_revoked_by_id FOREIGN KEY(revoked_by_id) REFERENCES user (id)
);

CREATE INDEX ix_floor_device_branch_id ON floor_device (branch_id);

CREATE TABLE sign_in (
  id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  token_hash VARCHAR(64) NOT NULL,
  way VARCHAR(40) NOT NULL,
  agent VARCHAR(200) NOT NULL,
  address VARCHAR(64) NOT NULL,
  device_id INTEGER,
  started_at DATETIME NOT NULL,
  seen_at DATETIME NOT NULL,
  ended_at DATETIME,
  ended_by_id INTEGER,
  CONSTRAINT pk_sign_in PRIMARY KEY (id),
  CONSTRAINT fk_sign_in_user_id FOREIGN KEY(user_id) REFERENCES user (id),
  CONSTRAINT uq_sign_in_token_hash UNIQUE (token_hash),
  CONSTRAINT fk_sign_in_device_id FOREIGN KEY(device_id) REFERENCES floor_device (id),
  CONSTRAINT fk_sign_in_ended_by_id FOREIGN KEY(ended_by_id) REFERENCES user (id)
);

CREATE INDEX ix_sign_in_device_id ON sign_in (device_id);

CREATE INDEX ix_sign_in_user_id ON sign_in (user_id);

CREATE TABLE sign_in_failure (
  id INTEGER NOT NULL,
  name_hash VARCHAR(64) NOT NULL,
  place_hash VARCHAR(64) NOT NULL,
  count INTEGER NOT NULL,
  last_at DATETIME NOT NULL,
  CONSTRAINT pk_sign_in_failure PRIMARY KEY (id),
  CONSTRAINT uq_sign_in_failure_name_hash_place_hash UNIQUE (name_hash, place_hash),
  CONSTRAINT ck_sign_in_failure_count CHECK (count > 0)
);

CREATE INDEX ix_sign_in_failure_last_at ON sign_in_failure (last_at);

CREATE TABLE passkey (
  id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  credential_id BLOB NOT NULL,
  public_key BLOB NOT NULL,
  sign_count INTEGER NOT NULL,
  transports JSON,
  backup_state BOOLEAN NOT NULL,
  device_type VARCHAR(64) NOT NULL,
  extensions VARCHAR(255),
  lastuse_datetime DATETIME NOT NULL,
  name VARCHAR(64) NOT NULL,
  usage VARCHAR(16) NOT NULL,
  CONSTRAINT pk_passkey PRIMARY KEY (id),
  CONSTRAINT uq_passkey_user_id_name UNIQUE (user_id, name),
  CONSTRAINT fk_passkey_user_id FOREIGN KEY(user_id) REFERENCES user (id),
  CONSTRAINT uq_passkey_credential_id UNIQUE (credential_id)
);

CREATE INDEX ix_passkey_user_id ON passkey (user_id);

-- A session that has ended never lives again.
CREATE TRIGGER sign_in_ended_once BEFORE UPDATE ON sign_in
WHEN OLD.ended_at IS NOT NULL AND (NEW.ended_at IS NULL OR NEW.ended_at <> OLD.ended_at
  OR NEW.token_hash <> OLD.token_hash)
BEGIN SELECT RAISE(ABORT, 'ended:sign_in'); END;
