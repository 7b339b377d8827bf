-- Whose a car was, and which records were joined. Frozen once released.

CREATE TABLE owner_change (
  id SERIAL NOT NULL,
  vehicle_id INTEGER NOT NULL,
  owner_id INTEGER NOT NULL,
  until TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  CONSTRAINT pk_owner_change PRIMARY KEY (id),
  CONSTRAINT fk_owner_change_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id),
  CONSTRAINT fk_owner_change_owner_id FOREIGN KEY(owner_id) REFERENCES customer (id),
  CONSTRAINT fk_owner_change_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_owner_change_owner_id ON owner_change (owner_id);

CREATE INDEX ix_owner_change_vehicle_id ON owner_change (vehicle_id);

CREATE TABLE customer_merge (
  id SERIAL NOT NULL,
  gone_id INTEGER NOT NULL,
  kept_id INTEGER NOT NULL,
  moved JSON NOT NULL,
  newest JSON NOT NULL,
  before JSON NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  undone_at TIMESTAMP WITH TIME ZONE,
  undone_by_id INTEGER,
  CONSTRAINT pk_customer_merge PRIMARY KEY (id),
  CONSTRAINT ck_customer_merge_two CHECK (gone_id <> kept_id),
  CONSTRAINT ck_customer_merge_undone CHECK ((undone_at IS NULL) = (undone_by_id IS NULL)),
  CONSTRAINT fk_customer_merge_gone_id FOREIGN KEY(gone_id) REFERENCES customer (id),
  CONSTRAINT fk_customer_merge_kept_id FOREIGN KEY(kept_id) REFERENCES customer (id),
  CONSTRAINT fk_customer_merge_by_id FOREIGN KEY(by_id) REFERENCES "user" (id),
  CONSTRAINT fk_customer_merge_undone_by_id FOREIGN KEY(undone_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_customer_merge_kept_id ON customer_merge (kept_id);

CREATE UNIQUE INDEX uq_customer_merge_gone ON customer_merge (gone_id) WHERE undone_at IS NULL;

CREATE TABLE vehicle_merge (
  id SERIAL NOT NULL,
  gone_id INTEGER NOT NULL,
  kept_id INTEGER NOT NULL,
  moved JSON NOT NULL,
  newest JSON NOT NULL,
  before JSON NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  undone_at TIMESTAMP WITH TIME ZONE,
  undone_by_id INTEGER,
  CONSTRAINT pk_vehicle_merge PRIMARY KEY (id),
  CONSTRAINT ck_vehicle_merge_two CHECK (gone_id <> kept_id),
  CONSTRAINT ck_vehicle_merge_undone CHECK ((undone_at IS NULL) = (undone_by_id IS NULL)),
  CONSTRAINT fk_vehicle_merge_gone_id FOREIGN KEY(gone_id) REFERENCES vehicle (id),
  CONSTRAINT fk_vehicle_merge_kept_id FOREIGN KEY(kept_id) REFERENCES vehicle (id),
  CONSTRAINT fk_vehicle_merge_by_id FOREIGN KEY(by_id) REFERENCES "user" (id),
  CONSTRAINT fk_vehicle_merge_undone_by_id FOREIGN KEY(undone_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_vehicle_merge_kept_id ON vehicle_merge (kept_id);

CREATE UNIQUE INDEX uq_vehicle_merge_gone ON vehicle_merge (gone_id) WHERE undone_at IS NULL;

-- Whose a car was is written once.

CREATE TRIGGER owner_change_append_only BEFORE UPDATE OR DELETE ON owner_change
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_unplain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'plain:' || TG_TABLE_NAME,
    ERRCODE = 'integrity_constraint_violation';
END $$;
