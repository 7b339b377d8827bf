-- SQLAlchemy cannot read an index of an expression back; the start bounds both sides now.
DROP INDEX ix_allocation_until;
DROP INDEX ix_allocation_buffer_until;

ALTER TABLE repair_order ADD COLUMN may_owe BOOLEAN DEFAULT false NOT NULL;

-- Each order with money begins as one that may owe; the program lowers what is even.
UPDATE repair_order SET may_owe = true
WHERE EXISTS (SELECT 1 FROM settlement WHERE settlement.order_id = repair_order.id)
OR EXISTS (SELECT 1 FROM payment WHERE payment.order_id = repair_order.id)
OR EXISTS (SELECT 1 FROM core_return WHERE core_return.order_id = repair_order.id);

CREATE INDEX ix_repair_order_may_owe ON repair_order (branch_id) WHERE may_owe IS TRUE;

CREATE INDEX ix_repair_order_no_begins ON repair_order (no varchar_pattern_ops);

-- With each bill, payment and old part that came back the order may owe, or be owed.

CREATE FUNCTION order_may_owe() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE repair_order SET may_owe = true WHERE id = NEW.order_id AND NOT may_owe;
  RETURN NULL;
END $$;

CREATE FUNCTION order_of_line_may_owe() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  bill integer := CASE WHEN TG_OP = 'DELETE' THEN OLD.settlement_id ELSE NEW.settlement_id END;
BEGIN
  UPDATE repair_order SET may_owe = true
  WHERE id = (SELECT order_id FROM settlement WHERE id = bill) AND NOT may_owe;
  RETURN NULL;
END $$;

CREATE TRIGGER payment_may_owe AFTER INSERT ON payment
FOR EACH ROW EXECUTE FUNCTION order_may_owe();

CREATE TRIGGER settlement_may_owe AFTER INSERT OR UPDATE ON settlement
FOR EACH ROW EXECUTE FUNCTION order_may_owe();

CREATE TRIGGER core_return_may_owe AFTER INSERT OR UPDATE ON core_return
FOR EACH ROW EXECUTE FUNCTION order_may_owe();

CREATE TRIGGER settlement_line_may_owe AFTER INSERT OR UPDATE OR DELETE ON settlement_line
FOR EACH ROW EXECUTE FUNCTION order_of_line_may_owe();
