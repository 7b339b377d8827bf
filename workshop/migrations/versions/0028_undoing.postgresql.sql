-- The name of a table has a type and an order of its own, which no index on text serves: each row
-- that went was looked for among all that the import had made.

CREATE OR REPLACE FUNCTION refuse_change_but_undoing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  own_table text := TG_TABLE_NAME;
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
    SELECT 1 FROM import_change JOIN import_batch ON import_batch.id = import_change.batch_id
    WHERE import_change.table_name = own_table AND import_change.row_id = OLD.id
    AND import_change.is_new AND import_batch.state = 'undoing') THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION USING MESSAGE = 'append-only:' || own_table,
    ERRCODE = 'integrity_constraint_violation';
END $$;
