-- What a file brought may go, while that file is taken back. Frozen.

DROP TRIGGER appointment_change_append_only ON appointment_change;

CREATE TRIGGER appointment_change_append_only BEFORE UPDATE OR DELETE ON appointment_change
FOR EACH ROW EXECUTE FUNCTION refuse_change_but_undoing();
