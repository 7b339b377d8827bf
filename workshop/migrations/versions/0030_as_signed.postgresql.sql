-- What else a signed paper keeps saying. Frozen once released.

ALTER TABLE signed_names ADD COLUMN advisor_name VARCHAR(80);

ALTER TABLE signed_names ADD COLUMN engine_no VARCHAR(40);

ALTER TABLE signed_names ADD COLUMN mileage_km INTEGER;

ALTER TABLE signed_names ADD COLUMN car_km INTEGER;

ALTER TABLE signed_names ADD COLUMN promised_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE signed_names ADD COLUMN stays BOOLEAN;
