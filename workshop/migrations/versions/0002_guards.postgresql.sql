-- What must never be false, in the words of PostgreSQL. Frozen with release 0.1.0: a new guard is a new
-- migration.

-- ---- append_only ----
-- Histories and ledgers take new lines only; an update or a delete is refused.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'append-only:' || TG_TABLE_NAME,
    ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER stage_change_append_only BEFORE UPDATE OR DELETE ON stage_change
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER promise_change_append_only BEFORE UPDATE OR DELETE ON promise_change
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER stock_entry_append_only BEFORE UPDATE OR DELETE ON stock_entry
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER odometer_reading_append_only BEFORE UPDATE OR DELETE ON odometer_reading
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER case_entry_append_only BEFORE UPDATE OR DELETE ON case_entry
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- ---- attendance ----
-- A stay in the shop is written once: open ones are ended, wrong ones replaced, nothing rewritten.
--
-- Nobody is here twice at one moment, and a break lies within its stay and beside no other.

CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER TABLE attendance ADD CONSTRAINT ex_attendance_overlap
        EXCLUDE USING gist (technician_id WITH =, tstzrange(started_at, ended_at, '[)') WITH &&)
        WHERE (replaced_at IS NULL);

ALTER TABLE attendance_break ADD CONSTRAINT ex_attendance_break_overlap
        EXCLUDE USING gist (attendance_id WITH =, tstzrange(started_at, ended_at, '[)') WITH &&);

CREATE FUNCTION attendance_frozen_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.technician_id <> OLD.technician_id OR NEW.started_at <> OLD.started_at
  OR NEW.made_at <> OLD.made_at OR NEW.made_by_id <> OLD.made_by_id
 
    OR NEW.reason <> OLD.reason OR OLD.replaced_at IS NOT NULL OR (OLD.ended_at IS NOT NULL AND (NEW.ended_at IS DISTINCT FROM OLD.ended_at
      OR NEW.ended_by_id IS DISTINCT FROM OLD.ended_by_id OR NEW.is_end_assumed <> OLD.is_end_assumed)) THEN
    RAISE EXCEPTION USING MESSAGE = 'frozen:attendance', ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attendance_frozen_update BEFORE UPDATE ON attendance
FOR EACH ROW EXECUTE FUNCTION attendance_frozen_update();

CREATE FUNCTION attendance_break_frozen_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.attendance_id <> OLD.attendance_id
    OR NEW.started_at <> OLD.started_at OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at) THEN
    RAISE EXCEPTION USING MESSAGE = 'frozen:attendance_break',
      ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attendance_break_frozen_update BEFORE UPDATE ON attendance_break
FOR EACH ROW EXECUTE FUNCTION attendance_break_frozen_update();

CREATE FUNCTION attendance_frozen_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TRUE THEN
    RAISE EXCEPTION USING MESSAGE = 'frozen:attendance', ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attendance_frozen_delete BEFORE DELETE ON attendance
FOR EACH ROW EXECUTE FUNCTION attendance_frozen_delete();

CREATE FUNCTION attendance_break_frozen_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TRUE THEN
    RAISE EXCEPTION USING MESSAGE = 'frozen:attendance_break',
      ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attendance_break_frozen_delete BEFORE DELETE ON attendance_break
FOR EACH ROW EXECUTE FUNCTION attendance_break_frozen_delete();

CREATE FUNCTION attendance_order_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM attendance_break AS pause WHERE pause.attendance_id = NEW.id
      AND NEW.ended_at IS NOT NULL
      AND (pause.ended_at IS NULL OR pause.ended_at > NEW.ended_at)) THEN
    RAISE EXCEPTION USING MESSAGE = 'order:attendance', ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attendance_order_update BEFORE UPDATE ON attendance
FOR EACH ROW EXECUTE FUNCTION attendance_order_update();

CREATE FUNCTION attendance_break_order_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM attendance AS stay WHERE stay.id = NEW.attendance_id
      AND (NEW.started_at < stay.started_at OR (stay.ended_at IS NOT NULL
        AND (NEW.ended_at IS NULL OR NEW.ended_at > stay.ended_at)))) THEN
    RAISE EXCEPTION USING MESSAGE = 'order:attendance_break',
      ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attendance_break_order_insert BEFORE INSERT OR UPDATE ON attendance_break
FOR EACH ROW EXECUTE FUNCTION attendance_break_order_insert();

-- ---- booking ----
-- The history of an appointment, and who overbooked a day, take new lines only.

CREATE TRIGGER appointment_change_append_only BEFORE UPDATE OR DELETE ON appointment_change
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER overbooking_append_only BEFORE UPDATE OR DELETE ON overbooking
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- ---- decided ----
-- What was decided, ended or closed stays so, and no such record is ever deleted.
--
-- Of a closed case, a closed pick list and a plan only the state is meant: other columns of theirs
-- still change. A plan that was accepted may only be undone.

CREATE FUNCTION refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'frozen:' || TG_TABLE_NAME,
    ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER case_frozen BEFORE UPDATE ON "case"
FOR EACH ROW
WHEN (OLD.state = 'closed' AND NEW.state <> 'closed')
EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER case_kept BEFORE DELETE ON "case"
FOR EACH ROW EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER credit_request_frozen BEFORE UPDATE ON credit_request
FOR EACH ROW
WHEN (OLD.approved IS NOT NULL)
EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER credit_request_kept BEFORE DELETE ON credit_request
FOR EACH ROW EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER follow_up_frozen BEFORE UPDATE ON follow_up
FOR EACH ROW
WHEN (OLD.state <> 'planned')
EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER follow_up_kept BEFORE DELETE ON follow_up
FOR EACH ROW EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER gate_pass_frozen BEFORE UPDATE ON gate_pass
FOR EACH ROW
WHEN (OLD.left_at IS NOT NULL)
EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER gate_pass_kept BEFORE DELETE ON gate_pass
FOR EACH ROW EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER pick_list_frozen BEFORE UPDATE ON pick_list
FOR EACH ROW
WHEN (OLD.state IN ('closed', 'cancelled') AND NEW.state <> OLD.state)
EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER pick_list_kept BEFORE DELETE ON pick_list
FOR EACH ROW EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER plan_run_frozen BEFORE UPDATE ON plan_run
FOR EACH ROW
WHEN (NEW.state <> OLD.state AND (NEW.state = 'running'
    OR OLD.state IN ('failed', 'cancelled', 'undone', 'outdated')
    OR (OLD.state = 'accepted' AND NEW.state <> 'undone')
    OR (OLD.state = 'partly_accepted' AND NEW.state NOT IN ('accepted', 'undone'))))
EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER plan_run_kept BEFORE DELETE ON plan_run
FOR EACH ROW EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER reservation_frozen BEFORE UPDATE ON reservation
FOR EACH ROW
WHEN (OLD.state <> 'held')
EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER reservation_kept BEFORE DELETE ON reservation
FOR EACH ROW EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER time_change_frozen BEFORE UPDATE ON time_change
FOR EACH ROW
WHEN (OLD.state <> 'open')
EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER time_change_kept BEFORE DELETE ON time_change
FOR EACH ROW EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER work_session_frozen BEFORE UPDATE ON work_session
FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL)
EXECUTE FUNCTION refuse_frozen();

CREATE TRIGGER work_session_kept BEFORE DELETE ON work_session
FOR EACH ROW EXECUTE FUNCTION refuse_frozen();

-- ---- lounge ----
-- What a customer was told stays told.

CREATE TRIGGER progress_report_append_only BEFORE UPDATE OR DELETE ON progress_report
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- ---- overlap ----
-- No two live allocations of one technician or one bay overlap, buffer included (N1).
--
-- The times are [starts_at, blocked_until). SQLite looks back 24 hours only, so that the index
-- serves: an allocation is always shorter.

CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER TABLE allocation ADD CONSTRAINT ex_allocation_technician_overlap
EXCLUDE USING gist (technician_id WITH =, tstzrange(starts_at, blocked_until, '[)') WITH &&)
WHERE (status <> 'cancelled') DEFERRABLE INITIALLY IMMEDIATE;

ALTER TABLE allocation ADD CONSTRAINT ex_allocation_bay_overlap
EXCLUDE USING gist (bay_id WITH =, tstzrange(starts_at, blocked_until, '[)') WITH &&)
WHERE (status <> 'cancelled') DEFERRABLE INITIALLY IMMEDIATE;

ALTER TABLE allocation ADD CONSTRAINT ck_allocation_short
CHECK (blocked_until <= starts_at + interval '24 hours');

-- ---- parts ----
-- What was done with the parts of a line takes new lines only.

CREATE TRIGGER pick_move_append_only BEFORE UPDATE OR DELETE ON pick_move
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- ---- quotation ----
-- What was signed stays as it was signed: its lines and its terms take no change.
--
-- Signing writes the lines first and the signature last, in one transaction. Only the state of a
-- signed quotation may still change, to superseded.

CREATE FUNCTION refuse_signed_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM quotation WHERE signed_at IS NOT NULL AND id =
             CASE WHEN TG_OP = 'INSERT' THEN NEW.quotation_id ELSE OLD.quotation_id END)
  THEN RAISE EXCEPTION USING MESSAGE = 'signed:' || TG_TABLE_NAME,
ERRCODE = 'integrity_constraint_violation'; END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER quotation_line_signed BEFORE INSERT OR UPDATE OR DELETE ON quotation_line
FOR EACH ROW EXECUTE FUNCTION refuse_signed_line();

CREATE FUNCTION refuse_signed_quotation() RETURNS trigger LANGUAGE plpgsql AS $$
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
    OR NEW.device IS DISTINCT FROM OLD.device
    OR (NEW.state <> OLD.state AND NEW.state <> 'superseded'))
  THEN RAISE EXCEPTION USING MESSAGE = 'signed:' || TG_TABLE_NAME,
ERRCODE = 'integrity_constraint_violation'; END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER quotation_signed BEFORE UPDATE OR DELETE ON quotation
FOR EACH ROW EXECUTE FUNCTION refuse_signed_quotation();

-- ---- reception ----
-- What the customer said and signed is never rewritten.

CREATE TRIGGER concern_correction_append_only BEFORE UPDATE OR DELETE ON concern_correction
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER walkaround_signing_append_only BEFORE UPDATE OR DELETE ON walkaround_signing
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- ---- scheduling ----
-- A consent, an accepted plan, a hold and a closed day are records: nobody rewrites them.
--
-- A hold is released once and a closed day opened again once; of both nothing else ever changes.
-- Nothing is planned into a closed day, and no day is closed over work that is planned in it and not
-- finished.

CREATE TRIGGER day_consent_append_only BEFORE UPDATE OR DELETE ON day_consent
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER plan_step_append_only BEFORE UPDATE OR DELETE ON plan_step
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER job_hold_no_rewrite BEFORE UPDATE ON job_hold
FOR EACH ROW
WHEN (OLD.released_at IS NOT NULL
    OR NEW.released_at IS NULL
    OR NEW.id IS DISTINCT FROM OLD.id
    OR NEW.job_id IS DISTINCT FROM OLD.job_id
    OR NEW.day IS DISTINCT FROM OLD.day
    OR NEW.reason IS DISTINCT FROM OLD.reason
    OR NEW.note IS DISTINCT FROM OLD.note
    OR NEW.held_at IS DISTINCT FROM OLD.held_at
    OR NEW.held_by_id IS DISTINCT FROM OLD.held_by_id)
EXECUTE FUNCTION refuse_change();

CREATE TRIGGER job_hold_no_delete BEFORE DELETE ON job_hold
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER day_close_no_rewrite BEFORE UPDATE ON day_close
FOR EACH ROW
WHEN (OLD.reopened_at IS NOT NULL
    OR NEW.reopened_at IS NULL
    OR NEW.id IS DISTINCT FROM OLD.id
    OR NEW.branch_id IS DISTINCT FROM OLD.branch_id
    OR NEW.day IS DISTINCT FROM OLD.day
    OR NEW.begins_at IS DISTINCT FROM OLD.begins_at
    OR NEW.ends_at IS DISTINCT FROM OLD.ends_at
    OR NEW.finished IS DISTINCT FROM OLD.finished
    OR NEW.carried IS DISTINCT FROM OLD.carried
    OR NEW.held IS DISTINCT FROM OLD.held
    OR NEW.closed_at IS DISTINCT FROM OLD.closed_at
    OR NEW.closed_by_id IS DISTINCT FROM OLD.closed_by_id)
EXECUTE FUNCTION refuse_change();

CREATE TRIGGER day_close_no_delete BEFORE DELETE ON day_close
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_closed_day() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (
SELECT 1 FROM day_close AS closed
WHERE closed.branch_id = NEW.branch_id AND closed.reopened_at IS NULL
  AND NEW.starts_at >= closed.begins_at AND NEW.starts_at < closed.ends_at) THEN
        RAISE EXCEPTION 'closed-day' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;

CREATE TRIGGER allocation_closed_day BEFORE INSERT OR UPDATE ON allocation
FOR EACH ROW
WHEN (NEW.status = 'planned') EXECUTE FUNCTION refuse_closed_day();

CREATE FUNCTION refuse_unfinished_day() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (
SELECT 1 FROM allocation
  JOIN job ON job.id = allocation.job_id
  JOIN repair_order ON repair_order.id = job.order_id
WHERE allocation.branch_id = NEW.branch_id AND allocation.status = 'planned'
  AND allocation.starts_at >= NEW.begins_at AND allocation.starts_at < NEW.ends_at
  AND job.state IN ('waiting', 'running', 'paused')
  AND repair_order.stage IN ('authorised', 'scheduled', 'repair', 'paused', 'rework')) THEN
        RAISE EXCEPTION 'unfinished-day' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;

CREATE TRIGGER day_close_unfinished_day BEFORE INSERT ON day_close
FOR EACH ROW  EXECUTE FUNCTION refuse_unfinished_day();

-- ---- settlement ----
-- A settled bill stays as it was: no change of its lines or figures, no deletion of any document.
--
-- Lines are written while their settlement is open; a red letter is closed in the same transaction.
-- Payments take new lines only: a refund is a negative entry.

CREATE TRIGGER payment_append_only BEFORE UPDATE OR DELETE ON payment
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_settled_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM settlement WHERE state <> 'open' AND id =
             CASE WHEN TG_OP = 'INSERT' THEN NEW.settlement_id ELSE OLD.settlement_id END)
  THEN RAISE EXCEPTION USING MESSAGE = 'settled:' || TG_TABLE_NAME,
ERRCODE = 'integrity_constraint_violation'; END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER settlement_line_locked BEFORE INSERT OR UPDATE OR DELETE ON settlement_line
FOR EACH ROW EXECUTE FUNCTION refuse_settled_line();

CREATE FUNCTION refuse_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN RAISE EXCEPTION USING MESSAGE = 'settled:' || TG_TABLE_NAME,
ERRCODE = 'integrity_constraint_violation'; END IF;
  IF (OLD.state <> 'open' AND (NEW.order_id IS DISTINCT FROM OLD.order_id
    OR NEW.no IS DISTINCT FROM OLD.no
    OR NEW.version_no IS DISTINCT FROM OLD.version_no
    OR NEW.kind IS DISTINCT FROM OLD.kind
    OR NEW.authorised_fen IS DISTINCT FROM OLD.authorised_fen
    OR NEW.total_fen IS DISTINCT FROM OLD.total_fen
    OR NEW.customer_fen IS DISTINCT FROM OLD.customer_fen
    OR NEW.labour_fen IS DISTINCT FROM OLD.labour_fen
    OR NEW.parts_fen IS DISTINCT FROM OLD.parts_fen
    OR NEW.other_fen IS DISTINCT FROM OLD.other_fen
    OR NEW.discount_fen IS DISTINCT FROM OLD.discount_fen
    OR NEW.tax_fen IS DISTINCT FROM OLD.tax_fen
    OR NEW.made_at IS DISTINCT FROM OLD.made_at
    OR NEW.reverses_id IS DISTINCT FROM OLD.reverses_id)) OR (OLD.state = 'reversed' AND NEW.state <> 'reversed')
OR (OLD.state IN ('paid', 'credited') AND NEW.state = 'open')
OR (OLD.state = 'paid' AND NEW.state = 'credited')
  THEN RAISE EXCEPTION USING MESSAGE = 'settled:' || TG_TABLE_NAME,
ERRCODE = 'integrity_constraint_violation'; END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER settlement_locked BEFORE UPDATE OR DELETE ON settlement
FOR EACH ROW EXECUTE FUNCTION refuse_settled();
