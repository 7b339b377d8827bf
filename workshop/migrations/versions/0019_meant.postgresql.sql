-- What is twice only when it is meant. Frozen once released.

ALTER TABLE payment ALTER COLUMN repeat_reason DROP DEFAULT;
ALTER TABLE settlement ALTER COLUMN invoice_repeat_reason DROP DEFAULT;

-- What lies with a person who has left may belong to no order, and nobody has to be signed in.
ALTER TABLE call_list ALTER COLUMN by_id DROP NOT NULL;
ALTER TABLE touched_thing ALTER COLUMN subject TYPE VARCHAR(60);
ALTER TABLE touched_thing ADD COLUMN name VARCHAR(120) DEFAULT '' NOT NULL;
ALTER TABLE touched_thing ALTER COLUMN name DROP DEFAULT;
ALTER TABLE touched_thing DROP CONSTRAINT ck_touched_thing_one_record;
ALTER TABLE touched_thing ADD CONSTRAINT ck_touched_thing_one_record
  CHECK (appointment_id IS NULL OR order_id IS NULL);
ALTER TABLE touched_thing ADD CONSTRAINT ck_touched_thing_named
  CHECK (appointment_id IS NOT NULL OR order_id IS NOT NULL OR name <> '');

-- Who asks for a credit approves it only as a named exception.
ALTER TABLE credit_request DROP CONSTRAINT ck_credit_request_two_people;

CREATE FUNCTION refuse_own_credit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.decided_by_id = NEW.asked_by_id AND NOT EXISTS (
    SELECT 1 FROM named_exception
    WHERE subject = 'credit_request' AND subject_id = NEW.id AND rule = 'credit'
  ) THEN
    RAISE EXCEPTION 'two-people:credit_request' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER credit_request_two_people BEFORE INSERT OR UPDATE ON credit_request
FOR EACH ROW EXECUTE FUNCTION refuse_own_credit();

-- Money comes in under one slip once, unless somebody says why it does again.
CREATE FUNCTION refuse_used_reference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.amount_fen > 0 AND NEW.reference <> '' AND NEW.repeat_reason = '' AND EXISTS (
    SELECT 1 FROM payment WHERE branch_id = NEW.branch_id AND amount_fen > 0
      AND upper(reference) = upper(NEW.reference)
  ) THEN
    RAISE EXCEPTION 'used-before:payment' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER payment_used_before BEFORE INSERT ON payment
FOR EACH ROW EXECUTE FUNCTION refuse_used_reference();

-- One invoice is for one order, unless somebody says why it is for several.
CREATE FUNCTION refuse_used_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.invoice_no = OLD.invoice_no AND NEW.invoice_repeat_reason = OLD.invoice_repeat_reason THEN
      RETURN NEW;
    END IF;
  END IF;
  IF NEW.invoice_no <> '' AND NEW.invoice_repeat_reason = '' AND EXISTS (
    SELECT 1 FROM settlement WHERE branch_id = NEW.branch_id AND order_id <> NEW.order_id
      AND upper(invoice_no) = upper(NEW.invoice_no)
  ) THEN
    RAISE EXCEPTION 'used-before:settlement' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER settlement_invoice_used BEFORE INSERT OR UPDATE OF invoice_no, invoice_repeat_reason ON settlement
FOR EACH ROW EXECUTE FUNCTION refuse_used_invoice();
