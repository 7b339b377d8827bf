-- What must never be false, in the words of SQLite. Frozen with release 0.1.0: a new guard is a new
-- migration.

-- ---- append_only ----
-- Histories and ledgers take new lines only; an update or a delete is refused.

CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'append-only:audit_entry'); END;

CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'append-only:audit_entry'); END;

CREATE TRIGGER stage_change_no_update BEFORE UPDATE ON stage_change
BEGIN SELECT RAISE(ABORT, 'append-only:stage_change'); END;

CREATE TRIGGER stage_change_no_delete BEFORE DELETE ON stage_change
BEGIN SELECT RAISE(ABORT, 'append-only:stage_change'); END;

CREATE TRIGGER promise_change_no_update BEFORE UPDATE ON promise_change
BEGIN SELECT RAISE(ABORT, 'append-only:promise_change'); END;

CREATE TRIGGER promise_change_no_delete BEFORE DELETE ON promise_change
BEGIN SELECT RAISE(ABORT, 'append-only:promise_change'); END;

CREATE TRIGGER stock_entry_no_update BEFORE UPDATE ON stock_entry
BEGIN SELECT RAISE(ABORT, 'append-only:stock_entry'); END;

CREATE TRIGGER stock_entry_no_delete BEFORE DELETE ON stock_entry
BEGIN SELECT RAISE(ABORT, 'append-only:stock_entry'); END;

CREATE TRIGGER odometer_reading_no_update BEFORE UPDATE ON odometer_reading
BEGIN SELECT RAISE(ABORT, 'append-only:odometer_reading'); END;

CREATE TRIGGER odometer_reading_no_delete BEFORE DELETE ON odometer_reading
BEGIN SELECT RAISE(ABORT, 'append-only:odometer_reading'); END;

CREATE TRIGGER case_entry_no_update BEFORE UPDATE ON case_entry
BEGIN SELECT RAISE(ABORT, 'append-only:case_entry'); END;

CREATE TRIGGER case_entry_no_delete BEFORE DELETE ON case_entry
BEGIN SELECT RAISE(ABORT, 'append-only:case_entry'); END;

-- ---- attendance ----
-- A stay in the shop is written once: open ones are ended, wrong ones replaced, nothing rewritten.
--
-- Nobody is here twice at one moment, and a break lies within its stay and beside no other.

CREATE TRIGGER attendance_overlap_insert BEFORE INSERT ON attendance
WHEN NEW.replaced_at IS NULL
BEGIN
  SELECT RAISE(ABORT, 'overlap:attendance') WHERE EXISTS (
    SELECT 1 FROM attendance AS other
    WHERE other.technician_id = NEW.technician_id AND other.id IS NOT NEW.id
      AND other.replaced_at IS NULL
      AND other.started_at IS NOT other.ended_at AND NEW.started_at IS NOT NEW.ended_at
      AND (NEW.ended_at IS NULL OR other.started_at < NEW.ended_at)
      AND (other.ended_at IS NULL OR other.ended_at > NEW.started_at));
END;

CREATE TRIGGER attendance_overlap_update BEFORE UPDATE ON attendance
WHEN NEW.replaced_at IS NULL
BEGIN
  SELECT RAISE(ABORT, 'overlap:attendance') WHERE EXISTS (
    SELECT 1 FROM attendance AS other
    WHERE other.technician_id = NEW.technician_id AND other.id IS NOT NEW.id
      AND other.replaced_at IS NULL
      AND other.started_at IS NOT other.ended_at AND NEW.started_at IS NOT NEW.ended_at
      AND (NEW.ended_at IS NULL OR other.started_at < NEW.ended_at)
      AND (other.ended_at IS NULL OR other.ended_at > NEW.started_at));
END;

CREATE TRIGGER attendance_break_overlap_insert BEFORE INSERT ON attendance_break
WHEN 1
BEGIN
  SELECT RAISE(ABORT, 'overlap:attendance_break') WHERE EXISTS (
    SELECT 1 FROM attendance_break AS other
    WHERE other.attendance_id = NEW.attendance_id AND other.id IS NOT NEW.id
      AND 1
      AND other.started_at IS NOT other.ended_at AND NEW.started_at IS NOT NEW.ended_at
      AND (NEW.ended_at IS NULL OR other.started_at < NEW.ended_at)
      AND (other.ended_at IS NULL OR other.ended_at > NEW.started_at));
END;

CREATE TRIGGER attendance_break_overlap_update BEFORE UPDATE ON attendance_break
WHEN 1
BEGIN
  SELECT RAISE(ABORT, 'overlap:attendance_break') WHERE EXISTS (
    SELECT 1 FROM attendance_break AS other
    WHERE other.attendance_id = NEW.attendance_id AND other.id IS NOT NEW.id
      AND 1
      AND other.started_at IS NOT other.ended_at AND NEW.started_at IS NOT NEW.ended_at
      AND (NEW.ended_at IS NULL OR other.started_at < NEW.ended_at)
      AND (other.ended_at IS NULL OR other.ended_at > NEW.started_at));
END;

CREATE TRIGGER attendance_frozen BEFORE UPDATE ON attendance
WHEN NEW.technician_id <> OLD.technician_id
    OR NEW.started_at <> OLD.started_at
  OR NEW.made_at <> OLD.made_at OR NEW.made_by_id <> OLD.made_by_id
 
    OR NEW.reason <> OLD.reason OR OLD.replaced_at IS NOT NULL OR (OLD.ended_at IS NOT NULL AND (NEW.ended_at IS NOT OLD.ended_at
      OR NEW.ended_by_id IS NOT OLD.ended_by_id OR NEW.is_end_assumed <> OLD.is_end_assumed))
BEGIN SELECT RAISE(ABORT, 'frozen:attendance'); END;

CREATE TRIGGER attendance_break_frozen BEFORE UPDATE ON attendance_break
WHEN NEW.attendance_id <> OLD.attendance_id
    OR NEW.started_at <> OLD.started_at OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NOT OLD.ended_at)
BEGIN SELECT RAISE(ABORT, 'frozen:attendance_break'); END;

CREATE TRIGGER attendance_kept BEFORE DELETE ON attendance WHEN 1
BEGIN SELECT RAISE(ABORT, 'frozen:attendance'); END;

CREATE TRIGGER attendance_break_kept BEFORE DELETE ON attendance_break WHEN 1
BEGIN SELECT RAISE(ABORT, 'frozen:attendance_break'); END;

CREATE TRIGGER attendance_outlasted BEFORE UPDATE ON attendance WHEN EXISTS (SELECT 1 FROM attendance_break AS pause WHERE pause.attendance_id = NEW.id
      AND NEW.ended_at IS NOT NULL
      AND (pause.ended_at IS NULL OR pause.ended_at > NEW.ended_at))
BEGIN SELECT RAISE(ABORT, 'order:attendance'); END;

CREATE TRIGGER attendance_break_outside_insert BEFORE INSERT ON attendance_break WHEN EXISTS (SELECT 1 FROM attendance AS stay WHERE stay.id = NEW.attendance_id
      AND (NEW.started_at < stay.started_at OR (stay.ended_at IS NOT NULL
        AND (NEW.ended_at IS NULL OR NEW.ended_at > stay.ended_at))))
BEGIN SELECT RAISE(ABORT, 'order:attendance_break'); END;

CREATE TRIGGER attendance_break_outside_update BEFORE UPDATE ON attendance_break WHEN EXISTS (SELECT 1 FROM attendance AS stay WHERE stay.id = NEW.attendance_id
      AND (NEW.started_at < stay.started_at OR (stay.ended_at IS NOT NULL
        AND (NEW.ended_at IS NULL OR NEW.ended_at > stay.ended_at))))
BEGIN SELECT RAISE(ABORT, 'order:attendance_break'); END;

-- ---- booking ----
-- The history of an appointment, and who overbooked a day, take new lines only.

CREATE TRIGGER appointment_change_no_update BEFORE UPDATE ON appointment_change
BEGIN SELECT RAISE(ABORT, 'append-only:appointment_change'); END;

CREATE TRIGGER appointment_change_no_delete BEFORE DELETE ON appointment_change
BEGIN SELECT RAISE(ABORT, 'append-only:appointment_change'); END;

CREATE TRIGGER overbooking_no_update BEFORE UPDATE ON overbooking
BEGIN SELECT RAISE(ABORT, 'append-only:overbooking'); END;

CREATE TRIGGER overbooking_no_delete BEFORE DELETE ON overbooking
BEGIN SELECT RAISE(ABORT, 'append-only:overbooking'); END;

-- ---- decided ----
-- What was decided, ended or closed stays so, and no such record is ever deleted.
--
-- Of a closed case, a closed pick list and a plan only the state is meant: other columns of theirs
-- still change. A plan that was accepted may only be undone.

CREATE TRIGGER case_frozen BEFORE UPDATE ON "case"
WHEN OLD.state = 'closed' AND NEW.state <> 'closed'
BEGIN SELECT RAISE(ABORT, 'frozen:case'); END;

CREATE TRIGGER case_kept BEFORE DELETE ON "case"
BEGIN SELECT RAISE(ABORT, 'frozen:case'); END;

CREATE TRIGGER credit_request_frozen BEFORE UPDATE ON credit_request
WHEN OLD.approved IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'frozen:credit_request'); END;

CREATE TRIGGER credit_request_kept BEFORE DELETE ON credit_request
BEGIN SELECT RAISE(ABORT, 'frozen:credit_request'); END;

CREATE TRIGGER follow_up_frozen BEFORE UPDATE ON follow_up
WHEN OLD.state <> 'planned'
BEGIN SELECT RAISE(ABORT, 'frozen:follow_up'); END;

CREATE TRIGGER follow_up_kept BEFORE DELETE ON follow_up
BEGIN SELECT RAISE(ABORT, 'frozen:follow_up'); END;

CREATE TRIGGER gate_pass_frozen BEFORE UPDATE ON gate_pass
WHEN OLD.left_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'frozen:gate_pass'); END;

CREATE TRIGGER gate_pass_kept BEFORE DELETE ON gate_pass
BEGIN SELECT RAISE(ABORT, 'frozen:gate_pass'); END;

CREATE TRIGGER pick_list_frozen BEFORE UPDATE ON pick_list
WHEN OLD.state IN ('closed', 'cancelled') AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'frozen:pick_list'); END;

CREATE TRIGGER pick_list_kept BEFORE DELETE ON pick_list
BEGIN SELECT RAISE(ABORT, 'frozen:pick_list'); END;

CREATE TRIGGER plan_run_frozen BEFORE UPDATE ON plan_run
WHEN NEW.state <> OLD.state AND (NEW.state = 'running'
    OR OLD.state IN ('failed', 'cancelled', 'undone', 'outdated')
    OR (OLD.state = 'accepted' AND NEW.state <> 'undone')
    OR (OLD.state = 'partly_accepted' AND NEW.state NOT IN ('accepted', 'undone')))
BEGIN SELECT RAISE(ABORT, 'frozen:plan_run'); END;

CREATE TRIGGER plan_run_kept BEFORE DELETE ON plan_run
BEGIN SELECT RAISE(ABORT, 'frozen:plan_run'); END;

CREATE TRIGGER reservation_frozen BEFORE UPDATE ON reservation
WHEN OLD.state <> 'held'
BEGIN SELECT RAISE(ABORT, 'frozen:reservation'); END;

CREATE TRIGGER reservation_kept BEFORE DELETE ON reservation
BEGIN SELECT RAISE(ABORT, 'frozen:reservation'); END;

CREATE TRIGGER time_change_frozen BEFORE UPDATE ON time_change
WHEN OLD.state <> 'open'
BEGIN SELECT RAISE(ABORT, 'frozen:time_change'); END;

CREATE TRIGGER time_change_kept BEFORE DELETE ON time_change
BEGIN SELECT RAISE(ABORT, 'frozen:time_change'); END;

CREATE TRIGGER work_session_frozen BEFORE UPDATE ON work_session
WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'frozen:work_session'); END;

CREATE TRIGGER work_session_kept BEFORE DELETE ON work_session
BEGIN SELECT RAISE(ABORT, 'frozen:work_session'); END;

-- ---- lounge ----
-- What a customer was told stays told.

CREATE TRIGGER progress_report_no_update BEFORE UPDATE ON progress_report
BEGIN SELECT RAISE(ABORT, 'append-only:progress_report'); END;

CREATE TRIGGER progress_report_no_delete BEFORE DELETE ON progress_report
BEGIN SELECT RAISE(ABORT, 'append-only:progress_report'); END;

-- ---- overlap ----
-- No two live allocations of one technician or one bay overlap, buffer included (N1).
--
-- The times are [starts_at, blocked_until). SQLite looks back 24 hours only, so that the index
-- serves: an allocation is always shorter.

CREATE TRIGGER allocation_technician_overlap_insert BEFORE INSERT ON allocation
WHEN NEW.status <> 'cancelled' AND NEW.technician_id IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'overlap:technician') WHERE EXISTS (
    SELECT 1 FROM allocation AS other
    WHERE other.technician_id = NEW.technician_id
      AND other.status <> 'cancelled'
      AND other.id IS NOT NEW.id
      AND other.starts_at < NEW.blocked_until
      AND other.starts_at > datetime(NEW.starts_at, '-25 hours')
      AND other.blocked_until > NEW.starts_at);
END;

CREATE TRIGGER allocation_technician_overlap_update BEFORE UPDATE ON allocation
WHEN NEW.status <> 'cancelled' AND NEW.technician_id IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'overlap:technician') WHERE EXISTS (
    SELECT 1 FROM allocation AS other
    WHERE other.technician_id = NEW.technician_id
      AND other.status <> 'cancelled'
      AND other.id IS NOT NEW.id
      AND other.starts_at < NEW.blocked_until
      AND other.starts_at > datetime(NEW.starts_at, '-25 hours')
      AND other.blocked_until > NEW.starts_at);
END;

CREATE TRIGGER allocation_bay_overlap_insert BEFORE INSERT ON allocation
WHEN NEW.status <> 'cancelled' AND NEW.bay_id IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'overlap:bay') WHERE EXISTS (
    SELECT 1 FROM allocation AS other
    WHERE other.bay_id = NEW.bay_id
      AND other.status <> 'cancelled'
      AND other.id IS NOT NEW.id
      AND other.starts_at < NEW.blocked_until
      AND other.starts_at > datetime(NEW.starts_at, '-25 hours')
      AND other.blocked_until > NEW.starts_at);
END;

CREATE TRIGGER allocation_bay_overlap_update BEFORE UPDATE ON allocation
WHEN NEW.status <> 'cancelled' AND NEW.bay_id IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'overlap:bay') WHERE EXISTS (
    SELECT 1 FROM allocation AS other
    WHERE other.bay_id = NEW.bay_id
      AND other.status <> 'cancelled'
      AND other.id IS NOT NEW.id
      AND other.starts_at < NEW.blocked_until
      AND other.starts_at > datetime(NEW.starts_at, '-25 hours')
      AND other.blocked_until > NEW.starts_at);
END;

CREATE TRIGGER allocation_short_insert BEFORE INSERT ON allocation
WHEN substr(NEW.blocked_until, 1, 19) > datetime(NEW.starts_at, '+24 hours')
BEGIN SELECT RAISE(ABORT, 'allocation longer than a day'); END;

CREATE TRIGGER allocation_short_update BEFORE UPDATE ON allocation
WHEN substr(NEW.blocked_until, 1, 19) > datetime(NEW.starts_at, '+24 hours')
BEGIN SELECT RAISE(ABORT, 'allocation longer than a day'); END;

-- ---- parts ----
-- What was done with the parts of a line takes new lines only.

CREATE TRIGGER pick_move_no_update BEFORE UPDATE ON pick_move
BEGIN SELECT RAISE(ABORT, 'append-only:pick_move'); END;

CREATE TRIGGER pick_move_no_delete BEFORE DELETE ON pick_move
BEGIN SELECT RAISE(ABORT, 'append-only:pick_move'); END;

-- ---- quotation ----
-- What was signed stays as it was signed: its lines and its terms take no change.
--
-- Signing writes the lines first and the signature last, in one transaction. Only the state of a
-- signed quotation may still change, to superseded.

CREATE TRIGGER quotation_line_signed_insert BEFORE INSERT ON quotation_line
BEGIN
  SELECT RAISE(ABORT, 'signed:quotation_line') WHERE EXISTS (
    SELECT 1 FROM quotation WHERE id = NEW.quotation_id AND signed_at IS NOT NULL);
END;

CREATE TRIGGER quotation_line_signed_update BEFORE UPDATE ON quotation_line
BEGIN
  SELECT RAISE(ABORT, 'signed:quotation_line') WHERE EXISTS (
    SELECT 1 FROM quotation WHERE id = OLD.quotation_id AND signed_at IS NOT NULL);
END;

CREATE TRIGGER quotation_line_signed_delete BEFORE DELETE ON quotation_line
BEGIN
  SELECT RAISE(ABORT, 'signed:quotation_line') WHERE EXISTS (
    SELECT 1 FROM quotation WHERE id = OLD.quotation_id AND signed_at IS NOT NULL);
END;

CREATE TRIGGER quotation_signed_update BEFORE UPDATE ON quotation
WHEN OLD.signed_at IS NOT NULL AND (NEW.order_id IS NOT OLD.order_id
    OR NEW.no IS NOT OLD.no
    OR NEW.version_no IS NOT OLD.version_no
    OR NEW.kind IS NOT OLD.kind
    OR NEW.total_fen IS NOT OLD.total_fen
    OR NEW.offered_promise_at IS NOT OLD.offered_promise_at
    OR NEW.signed_at IS NOT OLD.signed_at
    OR NEW.signer_name IS NOT OLD.signer_name
    OR NEW.signature_id IS NOT OLD.signature_id
    OR NEW.channel IS NOT OLD.channel
    OR NEW.evidence IS NOT OLD.evidence
    OR NEW.device IS NOT OLD.device
    OR (NEW.state <> OLD.state AND NEW.state <> 'superseded'))
BEGIN SELECT RAISE(ABORT, 'signed:quotation'); END;

CREATE TRIGGER quotation_signed_delete BEFORE DELETE ON quotation WHEN OLD.signed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'signed:quotation'); END;

-- ---- reception ----
-- What the customer said and signed is never rewritten.

CREATE TRIGGER concern_correction_no_update BEFORE UPDATE ON concern_correction
BEGIN SELECT RAISE(ABORT, 'append-only:concern_correction'); END;

CREATE TRIGGER concern_correction_no_delete BEFORE DELETE ON concern_correction
BEGIN SELECT RAISE(ABORT, 'append-only:concern_correction'); END;

CREATE TRIGGER walkaround_signing_no_update BEFORE UPDATE ON walkaround_signing
BEGIN SELECT RAISE(ABORT, 'append-only:walkaround_signing'); END;

CREATE TRIGGER walkaround_signing_no_delete BEFORE DELETE ON walkaround_signing
BEGIN SELECT RAISE(ABORT, 'append-only:walkaround_signing'); END;

-- ---- scheduling ----
-- A consent, an accepted plan, a hold and a closed day are records: nobody rewrites them.
--
-- A hold is released once and a closed day opened again once; of both nothing else ever changes.
-- Nothing is planned into a closed day, and no day is closed over work that is planned in it and not
-- finished.

CREATE TRIGGER day_consent_no_update BEFORE UPDATE ON day_consent
BEGIN SELECT RAISE(ABORT, 'append-only:day_consent'); END;

CREATE TRIGGER day_consent_no_delete BEFORE DELETE ON day_consent
BEGIN SELECT RAISE(ABORT, 'append-only:day_consent'); END;

CREATE TRIGGER plan_step_no_update BEFORE UPDATE ON plan_step
BEGIN SELECT RAISE(ABORT, 'append-only:plan_step'); END;

CREATE TRIGGER plan_step_no_delete BEFORE DELETE ON plan_step
BEGIN SELECT RAISE(ABORT, 'append-only:plan_step'); END;

CREATE TRIGGER job_hold_no_rewrite BEFORE UPDATE ON job_hold
WHEN OLD.released_at IS NOT NULL
    OR NEW.released_at IS NULL
    OR NEW.id IS NOT OLD.id
    OR NEW.job_id IS NOT OLD.job_id
    OR NEW.day IS NOT OLD.day
    OR NEW.reason IS NOT OLD.reason
    OR NEW.note IS NOT OLD.note
    OR NEW.held_at IS NOT OLD.held_at
    OR NEW.held_by_id IS NOT OLD.held_by_id
BEGIN SELECT RAISE(ABORT, 'append-only:job_hold'); END;

CREATE TRIGGER job_hold_no_delete BEFORE DELETE ON job_hold
BEGIN SELECT RAISE(ABORT, 'append-only:job_hold'); END;

CREATE TRIGGER day_close_no_rewrite BEFORE UPDATE ON day_close
WHEN OLD.reopened_at IS NOT NULL
    OR NEW.reopened_at IS NULL
    OR NEW.id IS NOT OLD.id
    OR NEW.branch_id IS NOT OLD.branch_id
    OR NEW.day IS NOT OLD.day
    OR NEW.begins_at IS NOT OLD.begins_at
    OR NEW.ends_at IS NOT OLD.ends_at
    OR NEW.finished IS NOT OLD.finished
    OR NEW.carried IS NOT OLD.carried
    OR NEW.held IS NOT OLD.held
    OR NEW.closed_at IS NOT OLD.closed_at
    OR NEW.closed_by_id IS NOT OLD.closed_by_id
BEGIN SELECT RAISE(ABORT, 'append-only:day_close'); END;

CREATE TRIGGER day_close_no_delete BEFORE DELETE ON day_close
BEGIN SELECT RAISE(ABORT, 'append-only:day_close'); END;

CREATE TRIGGER allocation_closed_day_insert BEFORE INSERT ON allocation
WHEN NEW.status = 'planned' BEGIN SELECT RAISE(ABORT, 'closed-day') WHERE EXISTS (
    SELECT 1 FROM day_close AS closed
    WHERE closed.branch_id = NEW.branch_id AND closed.reopened_at IS NULL
      AND NEW.starts_at >= closed.begins_at AND NEW.starts_at < closed.ends_at); END;

CREATE TRIGGER allocation_closed_day_update BEFORE UPDATE ON allocation
WHEN NEW.status = 'planned' BEGIN SELECT RAISE(ABORT, 'closed-day') WHERE EXISTS (
    SELECT 1 FROM day_close AS closed
    WHERE closed.branch_id = NEW.branch_id AND closed.reopened_at IS NULL
      AND NEW.starts_at >= closed.begins_at AND NEW.starts_at < closed.ends_at); END;

CREATE TRIGGER day_close_unfinished_day_insert BEFORE INSERT ON day_close  BEGIN SELECT RAISE(ABORT, 'unfinished-day') WHERE EXISTS (
    SELECT 1 FROM allocation
      JOIN job ON job.id = allocation.job_id
      JOIN repair_order ON repair_order.id = job.order_id
    WHERE allocation.branch_id = NEW.branch_id AND allocation.status = 'planned'
      AND allocation.starts_at >= NEW.begins_at AND allocation.starts_at < NEW.ends_at
      AND job.state IN ('waiting', 'running', 'paused')
      AND repair_order.stage IN ('authorised', 'scheduled', 'repair', 'paused', 'rework')); END;

-- ---- settlement ----
-- A settled bill stays as it was: no change of its lines or figures, no deletion of any document.
--
-- Lines are written while their settlement is open; a red letter is closed in the same transaction.
-- Payments take new lines only: a refund is a negative entry.

CREATE TRIGGER payment_no_update BEFORE UPDATE ON payment
BEGIN SELECT RAISE(ABORT, 'append-only:payment'); END;

CREATE TRIGGER payment_no_delete BEFORE DELETE ON payment
BEGIN SELECT RAISE(ABORT, 'append-only:payment'); END;

CREATE TRIGGER settlement_line_locked_insert BEFORE INSERT ON settlement_line
BEGIN
  SELECT RAISE(ABORT, 'settled:settlement_line') WHERE EXISTS (
    SELECT 1 FROM settlement WHERE id = NEW.settlement_id AND state <> 'open');
END;

CREATE TRIGGER settlement_line_locked_update BEFORE UPDATE ON settlement_line
BEGIN
  SELECT RAISE(ABORT, 'settled:settlement_line') WHERE EXISTS (
    SELECT 1 FROM settlement WHERE id = OLD.settlement_id AND state <> 'open');
END;

CREATE TRIGGER settlement_line_locked_delete BEFORE DELETE ON settlement_line
BEGIN
  SELECT RAISE(ABORT, 'settled:settlement_line') WHERE EXISTS (
    SELECT 1 FROM settlement WHERE id = OLD.settlement_id AND state <> 'open');
END;

CREATE TRIGGER settlement_locked BEFORE UPDATE ON settlement
WHEN (OLD.state <> 'open' AND (NEW.order_id IS NOT OLD.order_id
    OR NEW.no IS NOT OLD.no
    OR NEW.version_no IS NOT OLD.version_no
    OR NEW.kind IS NOT OLD.kind
    OR NEW.authorised_fen IS NOT OLD.authorised_fen
    OR NEW.total_fen IS NOT OLD.total_fen
    OR NEW.customer_fen IS NOT OLD.customer_fen
    OR NEW.labour_fen IS NOT OLD.labour_fen
    OR NEW.parts_fen IS NOT OLD.parts_fen
    OR NEW.other_fen IS NOT OLD.other_fen
    OR NEW.discount_fen IS NOT OLD.discount_fen
    OR NEW.tax_fen IS NOT OLD.tax_fen
    OR NEW.made_at IS NOT OLD.made_at
    OR NEW.reverses_id IS NOT OLD.reverses_id)) OR (OLD.state = 'reversed' AND NEW.state <> 'reversed')
OR (OLD.state IN ('paid', 'credited') AND NEW.state = 'open')
OR (OLD.state = 'paid' AND NEW.state = 'credited')
BEGIN SELECT RAISE(ABORT, 'settled:settlement'); END;

CREATE TRIGGER settlement_kept BEFORE DELETE ON settlement
BEGIN SELECT RAISE(ABORT, 'settled:settlement'); END;
