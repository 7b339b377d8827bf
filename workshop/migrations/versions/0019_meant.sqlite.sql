-- What is twice only when it is meant. Frozen once released.

-- Who asks for a credit approves it only as a named exception.
CREATE TRIGGER credit_request_two_people_insert BEFORE INSERT ON credit_request
WHEN NEW.decided_by_id = NEW.asked_by_id
BEGIN SELECT RAISE(ABORT, 'two-people:credit_request'); END;

CREATE TRIGGER credit_request_two_people_update BEFORE UPDATE ON credit_request
WHEN NEW.decided_by_id = NEW.asked_by_id
BEGIN
  SELECT RAISE(ABORT, 'two-people:credit_request') WHERE NOT EXISTS (
    SELECT 1 FROM named_exception
    WHERE subject = 'credit_request' AND subject_id = NEW.id AND rule = 'credit'
  );
END;

-- Money comes in under one slip once, unless somebody says why it does again.
CREATE TRIGGER payment_used_before BEFORE INSERT ON payment
WHEN NEW.amount_fen > 0 AND NEW.reference <> '' AND NEW.repeat_reason = ''
BEGIN
  SELECT RAISE(ABORT, 'used-before:payment') WHERE EXISTS (
    SELECT 1 FROM payment WHERE branch_id = NEW.branch_id AND amount_fen > 0
      AND upper(reference) = upper(NEW.reference)
  );
END;

-- One invoice is for one order, unless somebody says why it is for several.
CREATE TRIGGER settlement_invoice_used_insert BEFORE INSERT ON settlement
WHEN NEW.invoice_no <> '' AND NEW.invoice_repeat_reason = ''
BEGIN
  SELECT RAISE(ABORT, 'used-before:settlement') WHERE EXISTS (
    SELECT 1 FROM settlement WHERE branch_id = NEW.branch_id AND order_id <> NEW.order_id
      AND upper(invoice_no) = upper(NEW.invoice_no)
  );
END;

CREATE TRIGGER settlement_invoice_used_update BEFORE UPDATE OF invoice_no, invoice_repeat_reason ON settlement
WHEN NEW.invoice_no <> '' AND NEW.invoice_repeat_reason = ''
  AND (NEW.invoice_no <> OLD.invoice_no OR OLD.invoice_repeat_reason <> '')
BEGIN
  SELECT RAISE(ABORT, 'used-before:settlement') WHERE EXISTS (
    SELECT 1 FROM settlement WHERE branch_id = NEW.branch_id AND order_id <> NEW.order_id
      AND upper(invoice_no) = upper(NEW.invoice_no)
  );
END;
