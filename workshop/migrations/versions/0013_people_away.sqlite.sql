CREATE INDEX ix_absence_user_id ON absence (user_id);

CREATE INDEX ix_shift_user_id ON shift (user_id);

-- Nobody is away twice at one moment; an absence that was called off has no length.

CREATE TRIGGER absence_overlap_insert BEFORE INSERT ON absence
WHEN NEW.starts_at < NEW.ends_at
BEGIN
  SELECT RAISE(ABORT, 'overlap:absence') WHERE EXISTS (
    SELECT 1 FROM absence AS other
    WHERE other.user_id = NEW.user_id AND other.id IS NOT NEW.id
      AND other.starts_at < other.ends_at
      AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at);
END;

CREATE TRIGGER absence_overlap_update BEFORE UPDATE ON absence
WHEN NEW.starts_at < NEW.ends_at
BEGIN
  SELECT RAISE(ABORT, 'overlap:absence') WHERE EXISTS (
    SELECT 1 FROM absence AS other
    WHERE other.user_id = NEW.user_id AND other.id IS NOT NEW.id
      AND other.starts_at < other.ends_at
      AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at);
END;
