CREATE TABLE order_thread (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  waits_since TIMESTAMP WITH TIME ZONE,
  due_at TIMESTAMP WITH TIME ZONE,
  claimed_by_id INTEGER,
  claimed_at TIMESTAMP WITH TIME ZONE,
  wrong_tries INTEGER NOT NULL,
  wrong_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_order_thread PRIMARY KEY (id),
  CONSTRAINT ck_order_thread_due CHECK ((waits_since IS NULL) = (due_at IS NULL)),
  CONSTRAINT ck_order_thread_claimed CHECK ((claimed_by_id IS NULL) = (claimed_at IS NULL)),
  CONSTRAINT fk_order_thread_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT uq_order_thread_order_id UNIQUE (order_id),
  CONSTRAINT fk_order_thread_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_order_thread_claimed_by_id FOREIGN KEY(claimed_by_id) REFERENCES "user" (id)
);

CREATE INDEX ix_order_thread_waits ON order_thread (branch_id, due_at) WHERE waits_since IS NOT NULL;

CREATE TABLE thread_message (
  id SERIAL NOT NULL,
  order_id INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id INTEGER,
  wish VARCHAR(40) NOT NULL,
  words TEXT NOT NULL,
  photo_id INTEGER,
  CONSTRAINT pk_thread_message PRIMARY KEY (id),
  CONSTRAINT ck_thread_message_says CHECK (words <> '' OR photo_id IS NOT NULL OR wish <> 'words'),
  CONSTRAINT fk_thread_message_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_thread_message_by_id FOREIGN KEY(by_id) REFERENCES "user" (id),
  CONSTRAINT fk_thread_message_photo_id FOREIGN KEY(photo_id) REFERENCES attachment (id)
);

CREATE INDEX ix_thread_message_order_id ON thread_message (order_id);

CREATE TRIGGER thread_message_append_only BEFORE UPDATE OR DELETE ON thread_message
FOR EACH ROW EXECUTE FUNCTION refuse_change();
