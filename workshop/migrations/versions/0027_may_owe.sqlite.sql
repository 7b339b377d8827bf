-- SQLAlchemy cannot read an index of an expression back; the start bounds both sides now.
DROP INDEX ix_allocation_until;
DROP INDEX ix_allocation_buffer_until;

ALTER TABLE repair_order ADD COLUMN may_owe BOOLEAN DEFAULT 0 NOT NULL;

-- Each order with money begins as one that may owe; the program lowers what is even.
UPDATE repair_order SET may_owe = 1
WHERE EXISTS (SELECT 1 FROM settlement WHERE settlement.order_id = repair_order.id)
OR EXISTS (SELECT 1 FROM payment WHERE payment.order_id = repair_order.id)
OR EXISTS (SELECT 1 FROM core_return WHERE core_return.order_id = repair_order.id);

CREATE INDEX ix_repair_order_may_owe ON repair_order (branch_id) WHERE may_owe IS 1;

CREATE INDEX ix_repair_order_no_begins ON repair_order (no);

-- With each bill, payment and old part that came back the order may owe, or be owed.

CREATE TRIGGER payment_may_owe_insert AFTER INSERT ON payment BEGIN
  UPDATE repair_order SET may_owe = 1 WHERE id = NEW.order_id AND NOT may_owe;
END;

CREATE TRIGGER settlement_may_owe_insert AFTER INSERT ON settlement BEGIN
  UPDATE repair_order SET may_owe = 1 WHERE id = NEW.order_id AND NOT may_owe;
END;

CREATE TRIGGER settlement_may_owe_update AFTER UPDATE ON settlement BEGIN
  UPDATE repair_order SET may_owe = 1 WHERE id = NEW.order_id AND NOT may_owe;
END;

CREATE TRIGGER settlement_line_may_owe_insert AFTER INSERT ON settlement_line BEGIN
  UPDATE repair_order SET may_owe = 1 WHERE id = (SELECT order_id FROM settlement WHERE id = NEW.settlement_id) AND NOT may_owe;
END;

CREATE TRIGGER settlement_line_may_owe_update AFTER UPDATE ON settlement_line BEGIN
  UPDATE repair_order SET may_owe = 1 WHERE id = (SELECT order_id FROM settlement WHERE id = NEW.settlement_id) AND NOT may_owe;
END;

CREATE TRIGGER settlement_line_may_owe_delete AFTER DELETE ON settlement_line BEGIN
  UPDATE repair_order SET may_owe = 1 WHERE id = (SELECT order_id FROM settlement WHERE id = OLD.settlement_id) AND NOT may_owe;
END;

CREATE TRIGGER core_return_may_owe_insert AFTER INSERT ON core_return BEGIN
  UPDATE repair_order SET may_owe = 1 WHERE id = NEW.order_id AND NOT may_owe;
END;

CREATE TRIGGER core_return_may_owe_update AFTER UPDATE ON core_return BEGIN
  UPDATE repair_order SET may_owe = 1 WHERE id = NEW.order_id AND NOT may_owe;
END;
