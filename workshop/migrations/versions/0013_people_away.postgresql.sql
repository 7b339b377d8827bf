CREATE INDEX ix_absence_user_id ON absence (user_id);

CREATE INDEX ix_shift_user_id ON shift (user_id);

-- Nobody is away twice at one moment; an absence that was called off has no length.

ALTER TABLE absence ADD CONSTRAINT ex_absence_overlap
        EXCLUDE USING gist (user_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&);
