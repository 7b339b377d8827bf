-- What a shop says of itself, the head of its papers, and its set-up. Frozen.

ALTER TABLE branch ADD COLUMN short_name VARCHAR(20) DEFAULT '' NOT NULL;

ALTER TABLE branch ADD COLUMN licence_no VARCHAR(40) DEFAULT '' NOT NULL;

ALTER TABLE branch ADD COLUMN credit_code VARCHAR(18) DEFAULT '' NOT NULL;

ALTER TABLE "user" ADD COLUMN links_made INTEGER DEFAULT 0 NOT NULL;

CREATE TABLE letterhead (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  paper_size VARCHAR(40) NOT NULL,
  lines JSON NOT NULL,
  slogan VARCHAR(80) NOT NULL,
  foot VARCHAR(120) NOT NULL,
  logo BYTEA,
  CONSTRAINT pk_letterhead PRIMARY KEY (id),
  CONSTRAINT uq_letterhead_branch_id UNIQUE (branch_id),
  CONSTRAINT fk_letterhead_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id)
);

CREATE TABLE put_away (
  id SERIAL NOT NULL,
  branch_id INTEGER NOT NULL,
  step VARCHAR(40) NOT NULL,
  by_id INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_put_away PRIMARY KEY (id),
  CONSTRAINT uq_put_away_branch_id_step UNIQUE (branch_id, step),
  CONSTRAINT fk_put_away_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_put_away_by_id FOREIGN KEY(by_id) REFERENCES "user" (id)
);
