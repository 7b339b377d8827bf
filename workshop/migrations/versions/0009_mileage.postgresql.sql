-- A mistyped mileage is corrected by a further reading. Frozen once released.

ALTER TABLE odometer_reading ADD COLUMN order_id INTEGER
  CONSTRAINT fk_odometer_reading_order_id REFERENCES repair_order (id);

ALTER TABLE odometer_reading ADD COLUMN corrects_id INTEGER
  CONSTRAINT fk_odometer_reading_corrects_id REFERENCES odometer_reading (id);

ALTER TABLE odometer_reading ADD COLUMN is_withdrawn BOOLEAN DEFAULT false NOT NULL
  CONSTRAINT ck_odometer_reading_withdrawn CHECK (corrects_id IS NOT NULL OR NOT is_withdrawn);

ALTER TABLE odometer_reading ADD COLUMN reason VARCHAR(200) DEFAULT '' NOT NULL
  CONSTRAINT ck_odometer_reading_reason CHECK (corrects_id IS NULL OR reason <> '');

CREATE INDEX ix_odometer_reading_order_id ON odometer_reading (order_id);

CREATE UNIQUE INDEX ix_odometer_reading_corrects_id ON odometer_reading (corrects_id);
