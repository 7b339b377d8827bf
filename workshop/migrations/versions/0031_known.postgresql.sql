ALTER TABLE customer ADD COLUMN birthday DATE;
ALTER TABLE customer ADD COLUMN source VARCHAR(40) DEFAULT '' NOT NULL;
ALTER TABLE customer ADD COLUMN tier VARCHAR(20) DEFAULT '' NOT NULL;
ALTER TABLE vehicle ADD COLUMN model_year INTEGER CONSTRAINT ck_vehicle_model_year CHECK (model_year BETWEEN 1900 AND 2100);
ALTER TABLE vehicle ADD COLUMN inspection_due_on DATE;
ALTER TABLE vehicle ADD COLUMN insurance_due_on DATE;
ALTER TABLE technician ADD COLUMN team VARCHAR(40) DEFAULT '' NOT NULL;

-- Whose word it is goes over when two records of one customer are joined.

CREATE TRIGGER consent_no_update BEFORE UPDATE OF purpose, channel, given, at, by_id ON consent
FOR EACH ROW EXECUTE FUNCTION refuse_change_but_undoing();

CREATE TRIGGER consent_no_delete BEFORE DELETE ON consent
FOR EACH ROW EXECUTE FUNCTION refuse_change_but_undoing();
