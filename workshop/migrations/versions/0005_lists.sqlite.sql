-- Lists and words as data, in versions; records know which line of which version they answer.

CREATE TABLE checklist (
  id INTEGER NOT NULL,
  use VARCHAR(40) NOT NULL,
  topic VARCHAR(40) NOT NULL,
  codes VARCHAR(200) NOT NULL,
  position INTEGER NOT NULL,
  active BOOLEAN NOT NULL,
  name_zh VARCHAR(80) NOT NULL,
  name_en VARCHAR(80) NOT NULL,
  CONSTRAINT pk_checklist PRIMARY KEY (id),
  CONSTRAINT uq_checklist_use_topic UNIQUE (use, topic)
);

CREATE TRIGGER checklist_use_known_insert BEFORE INSERT ON "checklist" WHEN NEW."use" NOT IN ('self_check', 'quality_check', 'final_check', 'inspection', 'lounge_round', 'handover', 'follow_up', 'script', 'forbidden', 'closing') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_checklist_use_known'); END;

CREATE TRIGGER checklist_use_known_update BEFORE UPDATE OF "use" ON "checklist" WHEN NEW."use" NOT IN ('self_check', 'quality_check', 'final_check', 'inspection', 'lounge_round', 'handover', 'follow_up', 'script', 'forbidden', 'closing') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_checklist_use_known'); END;

CREATE TABLE checklist_version (
  id INTEGER NOT NULL,
  checklist_id INTEGER NOT NULL,
  no INTEGER NOT NULL,
  state VARCHAR(40) NOT NULL,
  note VARCHAR(200) NOT NULL,
  made_at DATETIME NOT NULL,
  made_by_id INTEGER,
  published_at DATETIME,
  published_by_id INTEGER,
  replaced_at DATETIME,
  CONSTRAINT pk_checklist_version PRIMARY KEY (id),
  CONSTRAINT uq_checklist_version_checklist_id_no UNIQUE (checklist_id, no),
  CONSTRAINT ck_checklist_version_published CHECK ((state = 'draft') = (published_at IS NULL)),
  CONSTRAINT ck_checklist_version_replaced CHECK ((state = 'past') = (replaced_at IS NOT NULL)),
  CONSTRAINT fk_checklist_version_checklist_id FOREIGN KEY(checklist_id) REFERENCES checklist (id),
  CONSTRAINT fk_checklist_version_made_by_id FOREIGN KEY(made_by_id) REFERENCES user (id),
  CONSTRAINT fk_checklist_version_published_by_id FOREIGN KEY(published_by_id) REFERENCES user (id)
);

CREATE INDEX ix_checklist_version_checklist_id ON checklist_version (checklist_id);

CREATE UNIQUE INDEX uq_checklist_version_current ON checklist_version (checklist_id) WHERE state = 'current';

CREATE UNIQUE INDEX uq_checklist_version_draft ON checklist_version (checklist_id) WHERE state = 'draft';

CREATE TRIGGER checklist_version_state_known_insert BEFORE INSERT ON "checklist_version" WHEN NEW."state" NOT IN ('draft', 'current', 'past') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_checklist_version_state_known'); END;

CREATE TRIGGER checklist_version_state_known_update BEFORE UPDATE OF "state" ON "checklist_version" WHEN NEW."state" NOT IN ('draft', 'current', 'past') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_checklist_version_state_known'); END;

CREATE TABLE checklist_item (
  id INTEGER NOT NULL,
  version_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  code VARCHAR(40) NOT NULL,
  group_zh VARCHAR(80) NOT NULL,
  group_en VARCHAR(80) NOT NULL,
  title_zh VARCHAR(200) NOT NULL,
  title_en VARCHAR(200) NOT NULL,
  standard_zh VARCHAR(500) NOT NULL,
  standard_en VARCHAR(500) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  unit VARCHAR(20) NOT NULL,
  red_low_milli INTEGER,
  green_low_milli INTEGER,
  green_high_milli INTEGER,
  red_high_milli INTEGER,
  law_low_milli INTEGER,
  law_high_milli INTEGER,
  needs_photo BOOLEAN NOT NULL,
  required BOOLEAN NOT NULL,
  bond VARCHAR(40) NOT NULL,
  CONSTRAINT pk_checklist_item PRIMARY KEY (id),
  CONSTRAINT uq_checklist_item_version_id_code UNIQUE (version_id, code),
  CONSTRAINT ck_checklist_item_title CHECK (title_zh <> '' AND title_en <> ''),
  CONSTRAINT ck_checklist_item_measured CHECK (kind = 'measured' OR (red_low_milli IS NULL AND green_low_milli IS NULL AND green_high_milli IS NULL AND red_high_milli IS NULL)),
  CONSTRAINT ck_checklist_item_limits CHECK (red_low_milli <= green_low_milli AND green_low_milli <= green_high_milli AND green_high_milli <= red_high_milli),
  CONSTRAINT ck_checklist_item_law_low CHECK (law_low_milli IS NULL OR (red_low_milli IS NOT NULL AND red_low_milli >= law_low_milli)),
  CONSTRAINT ck_checklist_item_law_high CHECK (law_high_milli IS NULL OR (red_high_milli IS NOT NULL AND red_high_milli <= law_high_milli)),
  CONSTRAINT fk_checklist_item_version_id FOREIGN KEY(version_id) REFERENCES checklist_version (id)
);

CREATE TRIGGER checklist_item_kind_known_insert BEFORE INSERT ON "checklist_item" WHEN NEW."kind" NOT IN ('look', 'measured') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_checklist_item_kind_known'); END;

CREATE TRIGGER checklist_item_kind_known_update BEFORE UPDATE OF "kind" ON "checklist_item" WHEN NEW."kind" NOT IN ('look', 'measured') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_checklist_item_kind_known'); END;

CREATE TRIGGER checklist_item_bond_known_insert BEFORE INSERT ON "checklist_item" WHEN NEW."bond" NOT IN ('free', 'program', 'law') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_checklist_item_bond_known'); END;

CREATE TRIGGER checklist_item_bond_known_update BEFORE UPDATE OF "bond" ON "checklist_item" WHEN NEW."bond" NOT IN ('free', 'program', 'law') BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_checklist_item_bond_known'); END;

-- The lists of release 0.1.0 as data, as the program asked them: the first version of each.

INSERT INTO checklist (use, topic, codes, position, active, name_zh, name_en)
VALUES ('self_check', '', '', 0, 1, '自检：每项作业', 'Self-check: every job');

INSERT INTO checklist_version (checklist_id, no, state, note, made_at)
SELECT id, 1, 'draft', '', '2026-11-30 00:00:00.000000' FROM checklist WHERE use = 'self_check' AND topic = '';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 1, 'complete', '', '',
  '作业项目全部完成，无漏项', 'Everything on the job is done, nothing left out', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'self_check';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 2, 'works', '', '',
  '故障已排除，功能正常', 'The fault is gone and the function works', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'self_check';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 3, 'torque', '', '',
  '紧固件已按手册扭矩拧紧', 'Fasteners tightened to the torque of the manual', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'self_check';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 4, 'tight', '', '',
  '油液到位，无渗漏', 'Fluids at the mark, nothing leaks', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'self_check';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 5, 'tidy', '', '',
  '车内无遗留工具、抹布或旧件', 'No tools, rags or old parts left in the car', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'self_check';

INSERT INTO checklist (use, topic, codes, position, active, name_zh, name_en)
VALUES ('quality_check', '', '', 0, 1, '质检：每台车', 'Quality check: every car');

INSERT INTO checklist_version (checklist_id, no, state, note, made_at)
SELECT id, 1, 'draft', '', '2026-11-30 00:00:00.000000' FROM checklist WHERE use = 'quality_check' AND topic = '';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 1, 'order', '', '',
  '工单全部作业已完成', 'All jobs of the repair order are done', '按维修委托书', 'As on the authorisation',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'quality_check';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 2, 'concern', '', '',
  '客户描述的问题不再出现', 'The customer''s concern cannot be reproduced', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'quality_check';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 3, 'torque', '', '',
  '关键紧固件扭矩', 'Torque of critical fasteners', '按维修手册', 'As in the manual',
  'measured', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'quality_check';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 4, 'brakes', '', '',
  '制动片最薄处', 'Brake pads, thinnest', '不少于 3 mm', 'At least 3 mm',
  'measured', 'mm', 3000, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'quality_check';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 5, 'tyres', '', '',
  '轮胎花纹最浅处', 'Tyre tread, thinnest', '不少于 1.6 mm', 'At least 1.6 mm',
  'measured', 'mm', 1600, 1600, 0, 0, 'law'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'quality_check';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 6, 'fluids', '', '',
  '油液液位及渗漏', 'Fluid levels and leaks', '液位在刻度之间，无渗漏', 'Between the marks, dry',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'quality_check';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 7, 'codes', '', '',
  '读取故障码', 'Fault codes read out', '无故障码', 'None stored',
  'measured', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'quality_check';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 8, 'battery', '', '',
  '蓄电池静态电压', 'Battery voltage at rest', '不低于 12.4 V', 'At least 12.4 V',
  'measured', 'V', 12400, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'quality_check';

INSERT INTO checklist (use, topic, codes, position, active, name_zh, name_en)
VALUES ('final_check', '', '', 0, 1, '终检：每台车', 'Final check: every car');

INSERT INTO checklist_version (checklist_id, no, state, note, made_at)
SELECT id, 1, 'draft', '', '2026-11-30 00:00:00.000000' FROM checklist WHERE use = 'final_check' AND topic = '';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 1, 'concern', '', '',
  '对照客户原话，问题已解决', 'The concern is solved, in the customer''s own words', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'final_check';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 2, 'order', '', '',
  '作业与工单及增项一致', 'The work matches the repair order and its additions', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'final_check';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 3, 'walkaround', '', '',
  '与环车检查相比无新增损伤', 'No new damage against the walk-around inspection', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'final_check';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 4, 'clean', '', '',
  '内外清洁，防护套已取下，座椅和收音机已复位', 'Clean inside and out, covers taken off, seat and radio as before', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'final_check';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 5, 'promise', '', '',
  '能按预计交车时间交车', 'The promised time can be kept', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'final_check';

INSERT INTO checklist (use, topic, codes, position, active, name_zh, name_en)
VALUES ('lounge_round', '', '', 0, 1, '休息室巡检', 'Lounge round');

INSERT INTO checklist_version (checklist_id, no, state, note, made_at)
SELECT id, 1, 'draft', '', '2026-11-30 00:00:00.000000' FROM checklist WHERE use = 'lounge_round' AND topic = '';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 1, 'clean', '环境', 'Room',
  '地面、桌椅和角落干净', 'Floor, tables, chairs and corners are clean', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 2, 'air', '环境', 'Room',
  '气味、温度舒适', 'Smell and temperature are pleasant', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 3, 'toilets', '环境', 'Room',
  '洗手间干净、用品齐全', 'Toilets are clean and stocked', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 4, 'tv', '影音与商务', 'Media and work',
  '电视、影片播放正常', 'TV and films run', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 5, 'internet', '影音与商务', 'Media and work',
  '电脑和无线网络正常', 'Computers and Wi-Fi work', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 6, 'magazines', '影音与商务', 'Media and work',
  '最新杂志不少于 5 本', 'At least 5 current magazines', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 7, 'newspapers', '影音与商务', 'Media and work',
  '当天报纸 3 份，已上夹', '3 newspapers of today, clipped', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 8, 'phone', '影音与商务', 'Media and work',
  '商务电话、传真正常', 'Business phone and fax work', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 9, 'water', '饮品', 'Drinks',
  '饮水机正常', 'Water machine works', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 10, 'cups', '饮品', 'Drinks',
  '一次性水杯充足', 'Disposable cups are there', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 11, 'tissues', '饮品', 'Drinks',
  '纸巾充足', 'Tissues are there', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 12, 'drinks', '饮品', 'Drinks',
  '饮品已补充', 'Drinks are filled up', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 13, 'children', '区域与公示', 'Areas and notices',
  '儿童区整洁安全', 'Children''s area is tidy and safe', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 14, 'smoking', '区域与公示', 'Areas and notices',
  '吸烟区独立、通风', 'Smoking area is separate and aired', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 15, 'new_cars', '区域与公示', 'Areas and notices',
  '新车资料已摆放', 'New-car information is laid out', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 16, 'promotion', '区域与公示', 'Areas and notices',
  '活动宣传资料有效', 'Promotion material is current', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 17, 'notices', '区域与公示', 'Areas and notices',
  '价目表、质保公示和投诉电话已公示', 'Price list, guarantee notice and complaint phone are displayed', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 18, 'staff', '区域与公示', 'Areas and notices',
  '没有员工在此休息', 'No staff are resting here', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 19, 'screen', '区域与公示', 'Areas and notices',
  '客休室显示屏正常', 'The lounge screen works', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round';

INSERT INTO checklist (use, topic, codes, position, active, name_zh, name_en)
VALUES ('handover', '', '', 0, 1, '交车检查单', 'Handover checklist');

INSERT INTO checklist_version (checklist_id, no, state, note, made_at)
SELECT id, 1, 'draft', '', '2026-11-30 00:00:00.000000' FROM checklist WHERE use = 'handover' AND topic = '';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 1, 'clean', '', '',
  '车内外已清洁', 'The car is clean, inside and outside', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'handover';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 2, 'covers', '', '',
  '当面取下防护件', 'Covers taken off in front of the customer', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'handover';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 3, 'settings', '', '',
  '座椅、后视镜、收音机已复位', 'Seat, mirrors and radio set back', '', '',
  'look', '', NULL, NULL, 0, 0, 'free'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'handover';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 4, 'work', '', '',
  '已展示并说明维修项目', 'Work shown and explained', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'handover';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 5, 'bill', '', '',
  '已逐项说明账单', 'Bill explained line by line', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'handover';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 6, 'old_parts', '', '',
  '旧件已展示、交还或处置', 'Old parts shown, handed over or disposed of', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'handover';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 7, 'guarantee', '', '',
  '已说明质量保证期（公里与天数）', 'Guarantee explained: kilometres and days', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'handover';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 8, 'deferred', '', '',
  '已告知未修项目及紧急程度', 'Deferred work told with its urgency', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'handover';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 9, 'papers', '', '',
  '证件资料已交还', 'Papers given back', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'handover';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 10, 'valuables', '', '',
  '代管贵重物品已交还', 'Kept valuables given back', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'handover';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 11, 'keys', '', '',
  '钥匙已交还', 'Keys given back', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'handover';

INSERT INTO checklist (use, topic, codes, position, active, name_zh, name_en)
VALUES ('follow_up', '', '', 0, 1, '回访问题', 'Follow-up questions');

INSERT INTO checklist_version (checklist_id, no, state, note, made_at)
SELECT id, 1, 'draft', '', '2026-11-30 00:00:00.000000' FROM checklist WHERE use = 'follow_up' AND topic = '';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 1, 'on_time', '', '',
  '车辆是否按承诺时间交付？', 'Was the car ready at the promised time?', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'follow_up';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 2, 'price_as_told', '', '',
  '价格是否与事先告知的一致？', 'Was the price as it had been told?', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'follow_up';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 3, 'explanation', '', '',
  '维修内容是否解释清楚？', 'Was the work explained clearly?', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'follow_up';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 4, 'cleanliness', '', '',
  '交车时车辆是否干净？', 'Was the car returned clean?', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'follow_up';

INSERT INTO checklist_item (version_id, position, code, group_zh, group_en, title_zh, title_en, standard_zh,
  standard_en, kind, unit, red_low_milli, law_low_milli, needs_photo, required, bond)
SELECT v.id, 5, 'advisor', '', '',
  '服务顾问的态度如何？', 'How was the service advisor?', '', '',
  'look', '', NULL, NULL, 0, 0, 'program'
FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'follow_up';

UPDATE checklist_version SET state = 'current', published_at = '2026-11-30 00:00:00.000000';

-- What was asked of old records are the lists' first versions.

ALTER TABLE inspection_item ADD COLUMN asked_id INTEGER CONSTRAINT fk_inspection_item_asked_id REFERENCES checklist_item (id);

DROP TRIGGER lounge_check_item_known_insert;

DROP TRIGGER lounge_check_item_known_update;

ALTER TABLE lounge_check ADD COLUMN asked_id INTEGER CONSTRAINT fk_lounge_check_asked_id REFERENCES checklist_item (id);

DROP TRIGGER handover_check_item_known_insert;

DROP TRIGGER handover_check_item_known_update;

ALTER TABLE handover_check ADD COLUMN asked_id INTEGER CONSTRAINT fk_handover_check_asked_id REFERENCES checklist_item (id);

DROP TRIGGER follow_up_answer_question_known_insert;

DROP TRIGGER follow_up_answer_question_known_update;

ALTER TABLE follow_up_answer ADD COLUMN asked_id INTEGER CONSTRAINT fk_follow_up_answer_asked_id REFERENCES checklist_item (id);

ALTER TABLE lounge_round ADD COLUMN version_id INTEGER CONSTRAINT fk_lounge_round_version_id REFERENCES checklist_version (id);

UPDATE lounge_round SET version_id = (
  SELECT v.id FROM checklist_version AS v JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round');

UPDATE inspection_item SET asked_id = (
  SELECT i.id FROM checklist_item AS i JOIN checklist_version AS v ON v.id = i.version_id
  JOIN checklist AS l ON l.id = v.checklist_id JOIN inspection AS s ON s.level = l.use
  WHERE s.id = inspection_item.inspection_id AND i.code = inspection_item.code);

UPDATE lounge_check SET asked_id = (
  SELECT i.id FROM checklist_item AS i JOIN checklist_version AS v ON v.id = i.version_id
  JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'lounge_round' AND i.code = lounge_check.item);

UPDATE handover_check SET asked_id = (
  SELECT i.id FROM checklist_item AS i JOIN checklist_version AS v ON v.id = i.version_id
  JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'handover' AND i.code = handover_check.item);

UPDATE follow_up_answer SET asked_id = (
  SELECT i.id FROM checklist_item AS i JOIN checklist_version AS v ON v.id = i.version_id
  JOIN checklist AS l ON l.id = v.checklist_id WHERE l.use = 'follow_up' AND i.code = follow_up_answer.question);

-- A published version is never changed: it is only replaced by a later one.

CREATE TRIGGER checklist_version_frozen BEFORE UPDATE ON checklist_version
WHEN OLD.state <> 'draft' AND NOT (OLD.state = 'current' AND NEW.state = 'past'
  AND NEW.checklist_id = OLD.checklist_id AND NEW.no = OLD.no AND NEW.published_at = OLD.published_at)
BEGIN SELECT RAISE(ABORT, 'frozen:checklist_version'); END;

CREATE TRIGGER checklist_version_kept BEFORE DELETE ON checklist_version
WHEN OLD.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'frozen:checklist_version'); END;

CREATE TRIGGER checklist_item_frozen_insert BEFORE INSERT ON checklist_item
WHEN (SELECT state FROM checklist_version WHERE id = NEW.version_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'frozen:checklist_item'); END;

CREATE TRIGGER checklist_item_frozen_update BEFORE UPDATE ON checklist_item
WHEN EXISTS (SELECT 1 FROM checklist_version WHERE id IN (OLD.version_id, NEW.version_id) AND state <> 'draft')
BEGIN SELECT RAISE(ABORT, 'frozen:checklist_item'); END;

CREATE TRIGGER checklist_item_frozen_delete BEFORE DELETE ON checklist_item
WHEN (SELECT state FROM checklist_version WHERE id = OLD.version_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'frozen:checklist_item'); END;
