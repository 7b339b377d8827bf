"""The whole flow, from its one table."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import workshop
from tests.databases import Database
from tests.factories import AT, make_order, make_user
from tests.steps.settlement.factories import make_settled, make_settlement
from workshop.db import session
from workshop.desk import rules as desk
from workshop.errors import RuleBroken
from workshop.orders import service as orders
from workshop.orders.flow import (
    ALLOWED,
    OPEN,
    PERMITS,
    Action,
    Stage,
    Step,
    is_allowed,
    permits,
)
from workshop.orders.rows import Bucket, Facts, Milestone
from workshop.screen import rules
from workshop.staff.permissions import RoleName
from workshop.steps.handover import gates as handover

PACKAGE = Path(workshop.__file__).parent
PAIRS = list(itertools.product(Stage, Stage))


@pytest.mark.parametrize(("current", "wanted"), PAIRS, ids=lambda stage: stage.value)
def test_a_stage_follows_another_only_along_the_table(current: Stage, wanted: Stage) -> None:
    assert is_allowed(current, wanted) is (wanted in ALLOWED[current])


def test_every_stage_has_a_row_a_step_and_a_label() -> None:
    assert set(ALLOWED) == set(Stage)
    assert {stage for stage in Stage if stage.step is None} == {Stage.CLOSED, Stage.CANCELLED}
    assert all(stage.label for stage in Stage)


def test_every_action_has_a_row_and_every_step_a_label() -> None:
    assert set(PERMITS) == set(Action)
    assert all(PERMITS[action] for action in Action)
    assert all(step.label for step in Step)


def test_every_stage_can_be_reached_and_all_but_the_ends_can_be_left() -> None:
    reached, queue = {Stage.RECEPTION}, [Stage.RECEPTION]
    while queue:
        for following in ALLOWED[queue.pop()] - reached:
            reached.add(following)
            queue.append(following)
    assert reached == set(Stage)
    assert {stage for stage in Stage if not ALLOWED[stage]} == {Stage.CLOSED, Stage.CANCELLED}


def test_an_order_moves_along_every_legal_pair_and_is_refused_on_every_other(
    database: Database,
) -> None:
    # given
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    order = make_order(advisor=advisor)
    for current, wanted in PAIRS:
        order.stage = current
        before = len(orders.list_changes(order))
        if wanted in ALLOWED[current]:
            # when
            order.move_to(wanted, advisor, order.created_at)
            session.flush()
            # then
            assert order.stage is wanted
            assert len(orders.list_changes(order)) == before + 1
        else:
            with pytest.raises(RuleBroken):
                order.move_to(wanted, advisor, order.created_at)
            assert order.stage is current
            assert len(orders.list_changes(order)) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("paid", [True, False])
def test_desk_screen_and_link_never_contradict_the_gate(database: Database, paid: bool) -> None:
    """Whatever the stage and the facts, nobody reads of a car what its gate then refuses."""
    order = make_settled() if paid else make_settlement().order
    order.advisor = make_user(RoleName.SERVICE_ADVISOR)
    order.authorised_at = AT
    for stage, ready, told in itertools.product(Stage, (True, False), (True, False)):
        order.stage, order.ready_at = stage, AT if ready else None
        # when
        gate = {each.code for each in handover.missing_to_leave(order)}
        look = stage.look(order.facts)
        facts = desk.Facts(stage, None, order.ready_at, is_billed=order.facts.paid, is_told=told)
        act = desk.act_of(facts, desk.need_of(facts, AT, 15))
        # then
        assert order.facts.paid is paid
        case = f"{stage.value}, ready {ready}, paid {paid}, told {told}: {gate}, {look}, {act}"
        may_leave = permits(stage, Action.HAND_OVER) and not gate
        hands_over = act is not None and act[0] == "Hand the car over"
        assert hands_over == (may_leave and (told or stage is Stage.SETTLED)), case
        assert may_leave or "You can collect your car" not in str(look.words), case
        is_ready = look.screen is Bucket.READY
        assert is_ready == (look.milestone is Milestone.READY), case
        assert is_ready == (permits(stage, Action.PREPARE_HANDOVER) and "wash" not in gate), case
        assert ("wash" in gate) == (look.screen is Bucket.WASH), case
        assert ("wash" in gate) == (look.milestone is Milestone.WASH), case
        if stage in rules.SHOWN:
            assert rules.bucket_of(stage, order.ready_at) is look.screen, case


def test_no_stage_is_on_the_screen_but_not_at_its_milestone() -> None:
    for stage in Stage:
        look = stage.look(Facts())
        assert look.words, stage
        assert (look.act is None) == (stage.step is None) or look.opens is None, stage
        assert stage in OPEN or look.screen is None, stage


def list_stage_lists(tree: ast.AST) -> Iterator[int]:
    """The lines where a set, list, tuple or dict, or an `or`, names two stages or more."""
    known = {"Stage"} | {
        ast.unparse(node.targets[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == "Stage"
    }

    def is_stage(node: ast.AST | None) -> bool:
        return isinstance(node, ast.Attribute) and ast.unparse(node.value) in known

    def names_stage(node: ast.AST) -> bool:
        return isinstance(node, ast.Compare) and any(map(is_stage, node.comparators))

    for node in ast.walk(tree):
        found: list[bool] = []
        if isinstance(node, ast.Set | ast.List | ast.Tuple):
            found = [is_stage(each) for each in node.elts]
        elif isinstance(node, ast.Dict):
            found = [
                is_stage(key) or is_stage(value)
                for key, value in zip(node.keys, node.values, strict=True)
            ]
        elif isinstance(node, ast.BoolOp):
            found = [names_stage(each) for each in node.values]
        if sum(found) > 1:
            yield node.lineno


def test_the_flow_is_the_only_place_that_lists_stages() -> None:
    """Every file but the flow itself and the migrations, which keep frozen copies."""
    files = {path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts}
    found = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in sorted(files - {PACKAGE / "orders" / "flow.py"})
        for line in list_stage_lists(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found


@pytest.mark.parametrize(
    "line",
    [
        "LATE = {Stage.WASH, Stage.READY}",
        "LATE = frozenset((Stage.WASH, Stage.READY))",
        "WORDS = {Stage.WASH: 'a', Stage.READY: 'b'}",
        "S = Stage\nLATE = [S.WASH, S.READY]",
        "late = stage is Stage.WASH or stage is Stage.READY",
    ],
)
def test_a_list_of_stages_is_found(line: str) -> None:
    assert list(list_stage_lists(ast.parse(line)))
    assert not list(list_stage_lists(ast.parse("late = stage is Stage.WASH")))


def test_no_template_asks_for_a_list_of_stages() -> None:
    values = "|".join(stage.value for stage in Stage)
    listed = re.compile(rf"stage\S* in [\[(]|[\[(][\"'](?:{values})[\"'], ?[\"'](?:{values})[\"']")
    for path in sorted((PACKAGE.parent / "templates").rglob("*.html")):
        assert not listed.search(path.read_text(encoding="utf-8")), path
