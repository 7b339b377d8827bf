"""The whole flow, from its one table."""

from __future__ import annotations

import itertools

import pytest

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
