-- What a file brought may go, while that file is taken back. Frozen.

DROP TRIGGER appointment_change_no_delete;

CREATE TRIGGER appointment_change_no_delete BEFORE DELETE ON appointment_change
WHEN NOT EXISTS (SELECT 1 FROM import_change
  JOIN import_batch ON import_batch.id = import_change.batch_id
  WHERE import_change.table_name = 'appointment_change' AND import_change.row_id = OLD.id
  AND import_change.is_new AND import_batch.state = 'undoing')
BEGIN SELECT RAISE(ABORT, 'append-only:appointment_change'); END;
