-- Duties in passing, and requests to who may. Frozen once released.

CREATE TABLE hand_over (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  from_id INTEGER NOT NULL,
  to_id INTEGER NOT NULL,
  reason VARCHAR(300) NOT NULL,
  state VARCHAR(40) NOT NULL,
  made_at DATETIME NOT NULL,
  made_by_id INTEGER NOT NULL,
  answered_at DATETIME,
  answered_by_id INTEGER,
  answer VARCHAR(300) NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_hand_over PRIMARY KEY (id),
  CONSTRAINT ck_hand_over_two_persons CHECK (from_id <> to_id),
  CONSTRAINT ck_hand_over_reason CHECK (reason <> ''),
  CONSTRAINT ck_hand_over_answered CHECK ((state = 'offered') = (answered_at IS NULL)),
  CONSTRAINT ck_hand_over_answered_by CHECK ((answered_at IS NULL) = (answered_by_id IS NULL)),
  CONSTRAINT fk_hand_over_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_hand_over_from_id FOREIGN KEY(from_id) REFERENCES user (id),
  CONSTRAINT fk_hand_over_to_id FOREIGN KEY(to_id) REFERENCES user (id),
  CONSTRAINT fk_hand_over_made_by_id FOREIGN KEY(made_by_id) REFERENCES user (id),
  CONSTRAINT fk_hand_over_answered_by_id FOREIGN KEY(answered_by_id) REFERENCES user (id)
);

CREATE INDEX ix_hand_over_branch_id ON hand_over (branch_id);

CREATE INDEX ix_hand_over_from_id ON hand_over (from_id);

CREATE INDEX ix_hand_over_to_id ON hand_over (to_id);

CREATE TABLE hand_over_item (
  id INTEGER NOT NULL,
  hand_over_id INTEGER NOT NULL,
  duty VARCHAR(40) NOT NULL,
  record_id INTEGER NOT NULL,
  name VARCHAR(120) NOT NULL,
  is_open BOOLEAN NOT NULL,
  is_handed BOOLEAN NOT NULL,
  CONSTRAINT pk_hand_over_item PRIMARY KEY (id),
  CONSTRAINT ck_hand_over_item_one_state CHECK (NOT (is_open AND is_handed)),
  CONSTRAINT fk_hand_over_item_hand_over_id FOREIGN KEY(hand_over_id) REFERENCES hand_over (id)
);

CREATE INDEX ix_hand_over_item_hand_over_id ON hand_over_item (hand_over_id);

CREATE UNIQUE INDEX uq_hand_over_item_open ON hand_over_item (duty, record_id) WHERE is_open;

CREATE TABLE permission_request (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  rights VARCHAR(300) NOT NULL,
  path VARCHAR(300) NOT NULL,
  words VARCHAR(300) NOT NULL,
  asked_at DATETIME NOT NULL,
  asked_by_id INTEGER NOT NULL,
  asked_of_id INTEGER,
  state VARCHAR(40) NOT NULL,
  answered_at DATETIME,
  answered_by_id INTEGER,
  answer VARCHAR(300) NOT NULL,
  CONSTRAINT pk_permission_request PRIMARY KEY (id),
  CONSTRAINT ck_permission_request_answered CHECK ((state = 'open') = (answered_at IS NULL)),
  CONSTRAINT ck_permission_request_answered_by CHECK ((answered_at IS NULL) = (answered_by_id IS NULL)),
  CONSTRAINT fk_permission_request_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_permission_request_asked_by_id FOREIGN KEY(asked_by_id) REFERENCES user (id),
  CONSTRAINT fk_permission_request_asked_of_id FOREIGN KEY(asked_of_id) REFERENCES user (id),
  CONSTRAINT fk_permission_request_answered_by_id FOREIGN KEY(answered_by_id) REFERENCES user (id)
);

CREATE INDEX ix_permission_request_branch_id ON permission_request (branch_id);

CREATE INDEX ix_permission_request_asked_by_id ON permission_request (asked_by_id);

CREATE INDEX ix_permission_request_asked_of_id ON permission_request (asked_of_id);

CREATE INDEX ix_permission_request_branch_state ON permission_request (branch_id, state);

CREATE UNIQUE INDEX uq_permission_request_open ON permission_request (asked_by_id, rights, path) WHERE state = 'open';
