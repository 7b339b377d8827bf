-- Persons of a company; names as they stood when a paper was signed. Frozen.

CREATE TABLE customer_contact (
  id SERIAL NOT NULL,
  customer_id INTEGER NOT NULL,
  name VARCHAR(80) NOT NULL,
  phone VARCHAR(32) NOT NULL,
  orders BOOLEAN NOT NULL,
  authorises BOOLEAN NOT NULL,
  pays BOOLEAN NOT NULL,
  drives BOOLEAN NOT NULL,
  is_primary BOOLEAN NOT NULL,
  note VARCHAR(200) NOT NULL,
  retired_at TIMESTAMP WITH TIME ZONE,
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
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
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

CREATE TRIGGER signed_names_append_only BEFORE UPDATE OR DELETE ON signed_names
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION refuse_signed_quotation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.signed_at IS NOT NULL AND
    (TG_OP = 'DELETE'
    OR NEW.order_id IS DISTINCT FROM OLD.order_id
    OR NEW.no IS DISTINCT FROM OLD.no
    OR NEW.version_no IS DISTINCT FROM OLD.version_no
    OR NEW.kind IS DISTINCT FROM OLD.kind
    OR NEW.total_fen IS DISTINCT FROM OLD.total_fen
    OR NEW.offered_promise_at IS DISTINCT FROM OLD.offered_promise_at
    OR NEW.signed_at IS DISTINCT FROM OLD.signed_at
    OR NEW.signer_name IS DISTINCT FROM OLD.signer_name
    OR NEW.signature_id IS DISTINCT FROM OLD.signature_id
    OR NEW.channel IS DISTINCT FROM OLD.channel
    OR NEW.evidence IS DISTINCT FROM OLD.evidence
    OR NEW.authority IS DISTINCT FROM OLD.authority
    OR NEW.device IS DISTINCT FROM OLD.device
    OR (NEW.state <> OLD.state AND NEW.state <> 'superseded'))
  THEN RAISE EXCEPTION USING MESSAGE = 'signed:' || TG_TABLE_NAME,
ERRCODE = 'integrity_constraint_violation'; END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
