ALTER TABLE repair_order ADD COLUMN key_tag VARCHAR(20) DEFAULT '' NOT NULL;
ALTER TABLE repair_order ADD COLUMN parked_at VARCHAR(40) DEFAULT '' NOT NULL;
ALTER TABLE watch_alarm ADD COLUMN later_until TIMESTAMP WITH TIME ZONE;

CREATE TABLE order_note (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  text TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER NOT NULL,
  corrected_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_order_note PRIMARY KEY (id),
  CONSTRAINT ck_order_note_text CHECK (text <> ''),
  CONSTRAINT fk_order_note_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_order_note_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);
CREATE INDEX ix_order_note_order_id ON order_note (order_id);

CREATE TABLE note_mention (
  id SERIAL NOT NULL,
  note_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  seen_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_note_mention PRIMARY KEY (id),
  CONSTRAINT uq_note_mention_note_id_user_id UNIQUE (note_id, user_id),
  CONSTRAINT fk_note_mention_note_id FOREIGN KEY(note_id) REFERENCES order_note (id),
  CONSTRAINT fk_note_mention_user_id FOREIGN KEY(user_id) REFERENCES "user" (id)
);
CREATE INDEX ix_note_mention_open ON note_mention (user_id) WHERE seen_at IS NULL;

CREATE TABLE taken (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  subject VARCHAR(80) NOT NULL,
  by_id INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_taken PRIMARY KEY (id),
  CONSTRAINT fk_taken_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_taken_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX uq_taken_open ON taken (branch_id, subject) WHERE ended_at IS NULL;
