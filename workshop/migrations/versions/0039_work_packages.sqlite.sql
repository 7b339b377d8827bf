-- What one technician does in one go: skills of one group, in the shop's own words.
ALTER TABLE skill ADD COLUMN work_group VARCHAR(40);

-- The lines inside a job as they were signed; jobs from before have none and stay as they are.
ALTER TABLE job ADD COLUMN work_lines JSON NOT NULL DEFAULT '[]';

-- Which line of the job was at fault.
ALTER TABLE rework_order ADD COLUMN at_fault_line_id INTEGER
CONSTRAINT fk_rework_order_at_fault_line_id REFERENCES quotation_line (id);

-- A signed line stays as it was signed; only the job that does it may become another.
DROP TRIGGER quotation_line_signed_update;

CREATE TRIGGER quotation_line_signed_update BEFORE UPDATE OF
  id, quotation_id, position, kind, operation_id, part_id, part_class, ordered_no,
  parent_line_id, title_zh, title_en, unit, quantity_milli, book_minutes, unit_fen,
  discount_fen, discount_reason, discount_by_id, total_fen, tax_basis_points, payer,
  guarantee, urgency, deferred_id, package_id, package_fen, decision, decline_reason
ON quotation_line
BEGIN
  SELECT RAISE(ABORT, 'signed:quotation_line') WHERE EXISTS (
    SELECT 1 FROM quotation WHERE id = OLD.quotation_id AND signed_at IS NOT NULL);
END;
