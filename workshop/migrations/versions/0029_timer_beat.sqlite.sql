CREATE TABLE timer_beat (
  id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  CONSTRAINT pk_timer_beat PRIMARY KEY (id),
  CONSTRAINT ck_timer_beat_only_one CHECK (id = 1)
);
