"""The whole flow, from its one table."""

from __future__ import annotations

import itertools

import pytest

from tests.databases import Database
from tests.factories import make_order, make_user
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.orders import service as orders
from workshop.orders.flow import ALLOWED, PERMITS, Action, Stage, Step, is_allowed
from workshop.staff.permissions import RoleName

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
