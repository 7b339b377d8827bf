"""The command line, as somebody types it."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner

from tests.factories import make_operation, make_rate
from workshop import db
from workshop.app import create_app
from workshop.cli import main
from workshop.config import Settings
from workshop.setup.backups import jobs as backup_jobs


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("WORKSHOP_DATABASE_URL", raising=False)
    monkeypatch.delenv("WORKSHOP_REDIS_URL", raising=False)
    return CliRunner()


INIT = ["init", "--branch", "示例店", "--manager", "周敏", "--username", "boss"]


def test_init_makes_a_branch_and_a_manager_with_a_link_that_works_once(
    run: CliRunner, tmp_path: Path
) -> None:
    # given
    answer = run.invoke(main, INIT)
    assert answer.exit_code == 0, answer.output
    found = re.search(r"/welcome/\S+", answer.output)
    assert found is not None
    app = create_app(Settings.from_env({"WORKSHOP_DATA_DIR": str(tmp_path)}))
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    # when
    assert browser.get(found.group()).status_code == 200
    short = browser.post(found.group(), data={"password": "short", "again": "short"})
    good = {"password": "long enough 1", "again": "long enough 1"}
    entered = browser.post(found.group(), data=good)
    # then
    assert short.status_code == 422
    assert entered.status_code == 302
    assert browser.get("/").status_code == 200
    assert app.test_client().get(found.group()).status_code == 404
    assert app.test_client().post(found.group(), data=good).status_code == 404


def link_in(output: str) -> str:
    found = re.search(r"/welcome/\S+", output)
    assert found is not None, output
    return found.group()


def visit(tmp_path: Path, link: str, **data: str) -> int:
    """The status that a one-time link answers; with a password it is used up."""
    app = create_app(Settings.from_env({"WORKSHOP_DATA_DIR": str(tmp_path)}))
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    return (browser.post(link, data=data) if data else browser.get(link)).status_code


NEW = {"password": "long enough 1", "again": "long enough 1"}


def test_a_second_init_gives_a_fresh_link_to_a_manager_who_lost_the_first(
    run: CliRunner, tmp_path: Path
) -> None:
    # given
    lost = link_in(run.invoke(main, INIT).output)
    # when
    again = run.invoke(main, ["init", "--branch", "另一家店", "--manager", "王五"])
    # then
    assert again.exit_code == 0, again.output
    assert "The shop “示例店” is there, with 1 person." in again.output
    assert visit(tmp_path, lost) == 404
    assert visit(tmp_path, link_in(again.output), **NEW) == 302
    # when everybody has signed in
    third = run.invoke(main, ["init"])
    assert third.exit_code == 0
    assert "/welcome/" not in third.output
    assert "workshop user SIGN-IN-NAME --link" in third.output


def test_a_new_link_for_somebody_known_ends_the_old_one(run: CliRunner, tmp_path: Path) -> None:
    # given
    run.invoke(main, INIT)
    command = ["user", "zhao", "--name", "赵强", "--role", "technician"]
    old = link_in(run.invoke(main, command).output)
    # when
    new = link_in(run.invoke(main, ["user", "zhao", "--link"]).output)
    # then
    assert visit(tmp_path, old) == 404
    assert visit(tmp_path, new) == 200
    nobody = run.invoke(main, ["user", "nobody", "--link"])
    assert nobody.exit_code == 1
    assert "nobody who works here has the sign-in name nobody" in nobody.output
    half = run.invoke(main, ["user", "qian"])
    assert half.exit_code == 2
    assert "--name and --role" in half.output


def test_init_asks_for_two_names_and_nothing_that_has_a_default(
    run: CliRunner, tmp_path: Path
) -> None:
    # when
    answer = run.invoke(main, ["init", "--lang", "en"], input="示例店\n曾小敏\n")
    # then
    assert answer.exit_code == 0, answer.output
    assert answer.output.count("Name of the") == 2
    assert "曾小敏 (sign-in name zengxiaomin)" in answer.output
    app = create_app(Settings.from_env({"WORKSHOP_DATA_DIR": str(tmp_path)}))
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    entered = browser.post(link_in(answer.output), data=NEW)
    assert browser.get(entered.location).location == "/setup"
    assert "Set-up" in browser.get("/setup").text


def test_init_knows_a_wrong_zone(run: CliRunner) -> None:
    answer = run.invoke(main, [*INIT, "--zone", "Mars/Olympus"])
    assert answer.exit_code == 1
    assert "“Mars/Olympus” is no time zone" in answer.output
    assert run.invoke(main, INIT).exit_code == 0


def test_a_user_gets_a_link_and_a_taken_name_is_refused(run: CliRunner) -> None:
    run.invoke(main, INIT)
    command = ["user", "zhao", "--name", "赵强", "--role", "technician"]
    assert "/welcome/" in run.invoke(main, command).output
    again = run.invoke(main, command)
    assert again.exit_code == 1
    assert "taken" in again.output


def test_doctor_says_what_is_not_right_and_what_to_do(run: CliRunner) -> None:
    before = run.invoke(main, ["doctor"])
    run.invoke(main, INIT)
    after = run.invoke(main, ["doctor"])
    assert before.exit_code == 1
    assert "the database is not set up yet: run workshop init" in before.output
    assert after.exit_code == 1
    assert (
        "BAD  示例店, Booking: There is no bay: no work can be booked or planned." in after.output
    )
    assert "BAD  示例店, Quotation: There is no labour rate: quotations cannot" in after.output
    assert "Mend it on the page Set-up, /setup" in after.output
    assert "ok   1 branch\n" in after.output
    assert "ok   the database guards what must never be false" in after.output


def test_doctor_has_nothing_to_say_about_a_healthy_shop(run: CliRunner, tmp_path: Path) -> None:
    run.invoke(main, INIT)
    for name, role in (("chen", "service_advisor"), ("zhao", "technician")):
        run.invoke(main, ["user", name, "--name", name, "--role", role])
    with sqlite3.connect(tmp_path / "workshop.db") as database:
        database.execute(
            "INSERT INTO bay (branch_id, code, kind, active) VALUES (1, 'B1', 'lift', 1)"
        )
    database.close()
    with create_app(Settings.from_env({"WORKSHOP_DATA_DIR": str(tmp_path)})).app_context():
        make_rate()
        make_operation("H-OFF", skill_id=5, level=2, bay_kinds=[])
        db.commit()
        db.db.engine.dispose()
    without = run.invoke(main, ["doctor"])
    assert without.exit_code == 1
    assert "BAD  backups: No backup was ever made." in without.output
    run.invoke(main, ["backup"])
    answer = run.invoke(main, ["doctor"])
    assert answer.exit_code == 0, answer.output
    assert "BAD" not in answer.output
    assert "ok   示例店: a car can go through all ten steps" in answer.output
    assert "No technician has “High voltage” at level 2: operations like H-OFF" in answer.output


def test_doctor_misses_a_guard_that_is_gone(run: CliRunner, tmp_path: Path) -> None:
    run.invoke(main, INIT)
    with sqlite3.connect(tmp_path / "workshop.db") as database:
        database.execute("DROP TRIGGER payment_no_delete")
    database.close()
    answer = run.invoke(main, ["doctor"])
    assert "BAD  guards of the database are gone: payment_no_delete" in answer.output


def test_doctor_names_an_index_that_is_gone_and_a_table_that_is_not_known(
    run: CliRunner, tmp_path: Path
) -> None:
    run.invoke(main, INIT)
    assert (
        "ok   the database has its indexes and knows its tables"
        in run.invoke(main, ["doctor"]).output
    )
    with sqlite3.connect(tmp_path / "workshop.db") as database:
        database.execute("DROP INDEX ix_audit_entry_at")
        database.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001) "
            "INSERT INTO skill (code, name_zh, name_en) SELECT 'S' || i, 'S' || i, 'S' || i FROM n"
        )
    database.close()
    answer = run.invoke(main, ["doctor"])
    assert "BAD  indexes of the database are gone: ix_audit_entry_at;" in answer.output
    assert "BAD  the database has no statistics of skill: pages become slow" in answer.output
    with create_app(Settings.from_env({"WORKSHOP_DATA_DIR": str(tmp_path)})).app_context():
        backup_jobs.gather_statistics()
        db.commit()
        db.db.engine.dispose()
    assert "statistics" not in run.invoke(main, ["doctor"]).output


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "postgresql://a:b@127.0.0.1:1/nothing", "the database does not answer"),
        ("DATABASE_URL", "oracle-of-delphi://x", "WORKSHOP_DATABASE_URL is no address"),
        ("REDIS_URL", "hello", "WORKSHOP_REDIS_URL is no address"),
        ("DATA_DIR", "/dev/null/data", "/dev/null"),
    ],
)
@pytest.mark.parametrize("command", [INIT, ["doctor"], ["serve", "--port", "1"]])
def test_a_wrong_setting_is_said_in_a_line(
    run: CliRunner,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    name: str,
    value: str,
    words: str,
) -> None:
    monkeypatch.setenv(f"WORKSHOP_{name}", value)
    answer = run.invoke(main, command)
    assert answer.exit_code == 1
    assert isinstance(answer.exception, SystemExit), answer.exception
    assert words in answer.output
    assert "Traceback" not in answer.output


def test_doctor_says_that_redis_does_not_answer(
    run: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_REDIS_URL", "redis://127.0.0.1:1")
    assert "BAD  Redis does not answer" in run.invoke(main, ["doctor"]).output


def test_a_user_of_a_shop_that_is_not_set_up_is_refused_in_words(run: CliRunner) -> None:
    answer = run.invoke(main, ["user", "zhao", "--name", "赵强", "--role", "technician"])
    assert answer.exit_code == 1
    assert "the database is not set up yet: run workshop init" in answer.output


def test_a_link_of_last_week_opens_nothing(run: CliRunner, tmp_path: Path) -> None:
    answer = run.invoke(main, INIT)
    found = re.search(r"/welcome/\S+", answer.output)
    assert found is not None
    app = create_app(Settings.from_env({"WORKSHOP_DATA_DIR": str(tmp_path)}))
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3, minutes=1)):
        assert app.test_client().get(found.group()).status_code == 404


def test_the_usual_postgresql_addresses_mean_our_driver(tmp_path: Path) -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        env = {"WORKSHOP_DATA_DIR": str(tmp_path), "WORKSHOP_DATABASE_URL": f"{scheme}://u@h/d"}
        assert Settings.from_env(env).database_url == "postgresql+psycopg://u@h/d"


def test_several_workers_without_redis_are_refused(run: CliRunner) -> None:
    answer = run.invoke(main, ["serve", "--workers", "3"])
    assert answer.exit_code == 2
    assert "WORKSHOP_REDIS_URL" in answer.output


def test_the_demo_refuses_a_time_it_cannot_read(run: CliRunner) -> None:
    answer = run.invoke(main, ["demo", "--freeze", "yesterday"])
    assert answer.exit_code == 2
    assert "2026-11-23T10:00" in answer.output


PROBLEM = {
    "now": 0,
    "buffer_minutes": 15,
    "delivery_minutes": 15,
    "technicians": [{"id": "王伟", "skills": {"engine": 2}, "shifts": [[0, 240], [300, 540]]}],
    "bays": [{"id": "B1", "kind": "lift", "open": [[0, 540]]}],
    "orders": [{"id": "R1", "promised": 300}],
    "jobs": [
        {"id": "J1", "order": "R1", "minutes": 60, "skill": "engine", "bay_kinds": ["lift"]},
        {"id": "J2", "order": "R1", "minutes": 600, "bay_kinds": []},
    ],
}


def test_plan_prints_a_plan_of_a_file_and_of_standard_input(run: CliRunner, tmp_path: Path) -> None:
    # given
    text = json.dumps(PROBLEM)
    file = tmp_path / "problem.json"
    file.write_text(text, encoding="utf-8")
    # when
    read = run.invoke(main, ["plan", str(file), "--workers", "1"])
    piped = run.invoke(main, ["plan", "-", "--seconds", "9", "--workers", "1"], input=text)
    # then
    assert (read.exit_code, piped.exit_code) == (0, 0), read.output
    plan = json.loads(read.stdout)
    assert plan["assignments"] == [
        {"job": "J1", "technician": "王伟", "bay": "B1", "start": 0, "end": 60}
    ]
    assert plan["unplaced"] == ["J2"]
    assert plan["objective"]["customers_to_call"] == 1
    assert plan["proof"] == "optimal"
    assert "王伟" in read.stdout
    missing = "unplaced 'J2': takes 600 minutes; the longest shift has 240"
    assert read.stderr.splitlines() == [missing]
    assert json.loads(piped.stdout)["assignments"] == plan["assignments"]


def test_plan_names_each_fault_on_a_line_and_prints_no_plan(run: CliRunner) -> None:
    jobs = [dict(PROBLEM["jobs"][0], after=["J9"]), dict(PROBLEM["jobs"][1], minutes=-1)]
    answer = run.invoke(main, ["plan", "-"], input=json.dumps({**PROBLEM, "jobs": jobs}))
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.splitlines() == [
        "jobs[1].minutes: must be at least 1, not -1",
        "jobs[0].after: no job 'J9'",
    ]


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\x00"])
def test_plan_refuses_what_is_not_json(run: CliRunner, text: str) -> None:
    answer = run.invoke(main, ["plan", "-"], input=text)
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.startswith("problem: is not JSON: ")
    assert len(answer.stderr.splitlines()) == 1


def test_plan_refuses_pins_that_only_the_search_finds_wrong(run: CliRunner) -> None:
    jobs = [
        {"id": f"J{at}", "order": f"R{at}", "minutes": 60, "bay_kinds": [], "pinned": {"start": 0}}
        for at in (1, 2, 3)
    ]
    people = [{"id": name, "skills": {}, "shifts": [[0, 100]]} for name in ("T1", "T2")]
    orders = [{"id": f"R{at}"} for at in (1, 2, 3)]
    problem = {**PROBLEM, "jobs": jobs, "technicians": people, "orders": orders}
    answer = run.invoke(main, ["plan", "-"], input=json.dumps(problem))
    assert answer.exit_code == 2
    assert "jobs[2].pinned.start: cannot be kept beside the other pins" in answer.stderr


def test_plan_says_when_the_file_is_not_there(run: CliRunner) -> None:
    answer = run.invoke(main, ["plan", "nowhere.json"])
    assert answer.exit_code == 2
    assert "nowhere.json" in answer.stderr


def test_import_says_what_each_row_does_and_takes_over_what_can_be_taken(
    run: CliRunner, tmp_path: Path
) -> None:
    # given
    assert run.invoke(main, INIT).exit_code == 0
    file = tmp_path / "people.csv"
    file.write_text("姓名,手机,星座\n张伟,13800138001,天秤座\n李娜,1.38E+10,\n", "gb18030")
    command = ["import", str(file), "--kind", "customers"]
    # when
    dry = run.invoke(main, [*command, "--dry-run"])
    taken = run.invoke(main, [*command, "--yes"])
    again = run.invoke(main, [*command, "--yes"])
    # then
    assert "Not read: 星座" in dry.output
    assert "new 1, changed 0, same 0, doubtful 0, refused 1" in dry.output
    assert "line 3: “1.38E+10” has lost its last digits" in dry.output
    assert "1 rows are taken over" in taken.output, taken.output
    assert again.exit_code == 1
    assert "no row can be taken over" in again.output
    with sqlite3.connect(tmp_path / "workshop.db") as connection:
        assert connection.execute("SELECT name FROM customer").fetchall() == [("张伟",)]


def test_import_refuses_what_is_no_table_in_a_line(run: CliRunner, tmp_path: Path) -> None:
    assert run.invoke(main, INIT).exit_code == 0
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7 and so on")
    answer = run.invoke(main, ["import", str(tmp_path / "letter.pdf"), "--kind", "vehicles"])
    assert answer.exit_code == 1
    assert "no table but" in answer.output


def test_a_list_is_written_into_a_file(run: CliRunner, tmp_path: Path) -> None:
    assert run.invoke(main, INIT).exit_code == 0
    # given: what can be written is named
    named = run.invoke(main, ["export", "--lang", "en"])
    assert "suppliers" in named.output
    assert "All parts" in named.output
    # when
    file = tmp_path / "staff.csv"
    answer = run.invoke(main, ["export", "staff", "--to", str(file), "--lang", "en"])
    # then
    assert answer.exit_code == 0, answer.output
    assert "1 rows" in answer.output
    text = file.read_text(encoding="utf-8-sig")
    assert "Sign-in name" in text
    assert "周敏" in text
    assert [each.name for each in tmp_path.glob("*.part")] == []
    with sqlite3.connect(tmp_path / "workshop.db") as kept:
        query = "SELECT by_id, details FROM audit_entry WHERE action = 'trail.export'"
        ((by_id, details),) = kept.execute(query).fetchall()
    assert by_id is None
    assert json.loads(details)["rows"] == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nothing", "--to", "x.csv"], "There is no such list"),
        (["staff"], "--to FILE"),
        (["staff", "--to", "x.pdf"], ".csv or .xlsx"),
        (["staff", "today", "--to", "x.csv"], "day=2026-11-23"),
        (["staff", "--branch", "moon", "--to", "x.csv"], "There is no branch moon"),
    ],
)
def test_what_cannot_be_written_is_said_in_words(
    run: CliRunner, args: list[str], said: str
) -> None:
    assert run.invoke(main, INIT).exit_code == 0
    answer = run.invoke(main, ["export", *args])
    assert answer.exit_code != 0
    assert said in answer.output
