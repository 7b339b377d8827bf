-- Persons of a company; names as they stood when a paper was signed. Frozen.

CREATE TABLE customer_contact (
  id INTEGER NOT NULL,
  customer_id INTEGER NOT NULL,
  name VARCHAR(80) NOT NULL,
  phone VARCHAR(32) NOT NULL,
  orders BOOLEAN NOT NULL,
  authorises BOOLEAN NOT NULL,
  pays BOOLEAN NOT NULL,
  drives BOOLEAN NOT NULL,
  is_primary BOOLEAN NOT NULL,
  note VARCHAR(200) NOT NULL,
  retired_at DATETIME,
  version INTEGER NOT NULL,
  CONSTRAINT pk_customer_contact PRIMARY KEY (id),
  CONSTRAINT ck_customer_contact_reached CHECK (name <> '' AND phone <> ''),
  CONSTRAINT ck_customer_contact_primary_in_use CHECK (retired_at IS NULL OR NOT is_primary),
  CONSTRAINT fk_customer_contact_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id)
);

CREATE INDEX ix_customer_contact_customer_id ON customer_contact (customer_id);

CREATE INDEX ix_customer_contact_name ON customer_contact (name);

CREATE INDEX ix_customer_contact_phone ON customer_contact (phone);

CREATE UNIQUE INDEX uq_customer_contact_primary ON customer_contact (customer_id) WHERE is_primary;

CREATE TABLE signed_names (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  plate VARCHAR(16),
  vin VARCHAR(17),
  title VARCHAR(130) NOT NULL,
  customer_name VARCHAR(80) NOT NULL,
  customer_phone VARCHAR(32) NOT NULL,
  bringer_name VARCHAR(80) NOT NULL,
  bringer_phone VARCHAR(32) NOT NULL,
  CONSTRAINT pk_signed_names PRIMARY KEY (id),
  CONSTRAINT fk_signed_names_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id)
);

CREATE INDEX ix_signed_names_order_id ON signed_names (order_id);

-- What stood on a signed paper is never rewritten.

CREATE TRIGGER signed_names_no_update BEFORE UPDATE ON signed_names
BEGIN SELECT RAISE(ABORT, 'append-only:signed_names'); END;

CREATE TRIGGER signed_names_no_delete BEFORE DELETE ON signed_names
BEGIN SELECT RAISE(ABORT, 'append-only:signed_names'); END;

DROP TRIGGER quotation_signed_update;

CREATE TRIGGER quotation_signed_update BEFORE UPDATE ON quotation
WHEN OLD.signed_at IS NOT NULL AND (NEW.order_id IS NOT OLD.order_id
    OR NEW.no IS NOT OLD.no
    OR NEW.version_no IS NOT OLD.version_no
    OR NEW.kind IS NOT OLD.kind
    OR NEW.total_fen IS NOT OLD.total_fen
    OR NEW.offered_promise_at IS NOT OLD.offered_promise_at
    OR NEW.signed_at IS NOT OLD.signed_at
    OR NEW.signer_name IS NOT OLD.signer_name
    OR NEW.signature_id IS NOT OLD.signature_id
    OR NEW.channel IS NOT OLD.channel
    OR NEW.evidence IS NOT OLD.evidence
    OR NEW.authority IS NOT OLD.authority
    OR NEW.device IS NOT OLD.device
    OR (NEW.state <> OLD.state AND NEW.state <> 'superseded'))
BEGIN SELECT RAISE(ABORT, 'signed:quotation'); END;
