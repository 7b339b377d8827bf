"""The cases of the catalogue and of the starter set."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tests.audit.act import LATER, Act, boss, collect
from tests.catalogue.factories import build, particulars
from tests.factories import (
    make_branch,
    make_kind,
    make_labour_price,
    make_operation,
    make_package,
    make_rate,
)
from tests.setup.imports import factories as imports
from tests.steps.quotation import factories as quotations
from workshop.catalogue import checking, grades, kinds, operations, packages, pricing, queries
from workshop.catalogue.models import Payer
from workshop.catalogue.packages import particulars_of
from workshop.db import session
from workshop.setup.imports import applying, life, listed
from workshop.setup.imports import service as giving
from workshop.setup.imports.rules import ImportState
from workshop.setup.imports.taking_back import undoing
from workshop.setup.starter import laying
from workshop.setup.starter.contents import Group
from workshop.steps.quotation.pricing import todays_prices

TODAY = date(2026, 11, 23)
NEXT = date(2026, 12, 1)


def catalogue_make_rate() -> Act:
    by, branch = boss(), make_branch()

    def do() -> Any:
        names = ("body", "钣金", "Body", 30_000)
        days = {"valid_from": TODAY, "today": TODAY}
        return grades.make(branch.id, *names, **days, by=by, at=LATER)

    return Act(by, do, None, {"code": "body"}, ("catalogue.set_rate",))


def catalogue_set_rate() -> Act:
    by, rate = boss(), make_rate(fen=24_000)

    def do() -> None:
        days = {"valid_from": NEXT, "today": TODAY}
        pricing.set_labour_price(
            rate, Payer.CUSTOMER, 26_000, **days, reason="年度", by=by, at=LATER
        )

    said = {"fen": 26_000, "was": 24_000, "valid_from": "2026-12-01", "reason": "年度"}
    return Act(by, do, rate, {**said, "payer": "customer"})


def catalogue_take_back_rate() -> Act:
    by, rate = boss(), make_rate()
    line = make_labour_price(rate, 26_000, valid_from=NEXT)

    def do() -> None:
        pricing.take_back_labour_price(rate, line.id, today=TODAY, by=by, at=LATER)

    return Act(by, do, rate, {"fen": 26_000, "valid_from": "2026-12-01", "payer": "customer"})


def catalogue_rename_rate() -> Act:
    by, rate = boss(), make_rate()
    said = {"changed": {"Name in Chinese": ["标准", "机修"]}}
    return Act(by, lambda: grades.rename(rate, "机修", "Standard", by=by, at=LATER), rate, said)


def catalogue_use_rate() -> Act:
    by, rate = boss(), make_rate()
    said = {"active": False, "was": True}
    return Act(by, lambda: grades.put_in_use(rate, False, by=by, at=LATER), rate, said)


def catalogue_make_operation() -> Act:
    by, branch = boss(), make_branch()

    def do() -> Any:
        return operations.make(particulars(), branch_id=branch.id, by=by, at=LATER)

    return Act(by, do, None, {"code": "B-PAD-F"})


def catalogue_change_operation() -> Act:
    by, operation, branch = boss(), build(), make_branch()

    def do() -> None:
        said = particulars(book_minutes=70)
        operations.change(operation, said, branch_id=branch.id, by=by, at=LATER)

    changed = {"Book minutes, mid-size car": ["60", "70"]}
    return Act(by, do, operation, {"code": "B-PAD-F", "changed": changed})


def catalogue_copy_operation() -> Act:
    by, operation = boss(), build()
    said = {"code": "B-PAD-F-2", "of": "B-PAD-F"}
    return Act(by, lambda: operations.copy(operation, by=by, at=LATER), None, said)


def catalogue_use_operation() -> Act:
    by, operation = boss(), build()
    said = {"active": False, "was": True}
    return Act(
        by, lambda: operations.put_in_use(operation, False, by=by, at=LATER), operation, said
    )


def catalogue_make_package() -> Act:
    by, operation = boss(), build()
    said = packages.Particulars("PK", "套餐", "Package", (operation.id,))
    return Act(by, lambda: packages.make(said, by=by, at=LATER), None, {"code": "PK"})


def catalogue_change_package() -> Act:
    by, package = boss(), make_package(build(), code="PK", interval_months=6)

    def do() -> None:
        said = replace(particulars_of(package), interval_months=12)
        packages.change(package, said, by=by, at=LATER)

    changed = {"Due again after months": ["6", "12"]}
    return Act(by, do, package, {"code": "PK", "changed": changed})


def catalogue_copy_package() -> Act:
    by, package = boss(), make_package(build(), code="PK")
    said = {"code": "PK-2", "of": "PK"}
    return Act(by, lambda: packages.copy(package, by=by, at=LATER), None, said)


def catalogue_use_package() -> Act:
    by, package = boss(), make_package(build())
    said = {"active": False, "was": True}
    return Act(by, lambda: packages.put_in_use(package, False, by=by, at=LATER), package, said)


def catalogue_set_package_price() -> Act:
    by, package = boss(), make_package(build(), fen=50_000)

    def do() -> None:
        days = {"valid_from": NEXT, "today": TODAY}
        pricing.set_package_price(package, 39_900, **days, by=by, at=LATER)

    said = {"fen": 39_900, "was": 50_000, "valid_from": "2026-12-01"}
    return Act(by, do, package, said)


def catalogue_take_back_package_price() -> Act:
    by, package = boss(), make_package(build())
    days = {"valid_from": NEXT, "today": TODAY}
    line = pricing.set_package_price(package, 39_900, **days, by=by, at=LATER)

    def do() -> None:
        pricing.take_back_package_price(package, line.id, today=TODAY, by=by, at=LATER)

    return Act(by, do, package, {"fen": 39_900, "valid_from": "2026-12-01"})


def catalogue_make_kind() -> Act:
    by = boss()
    words = ("pad-front", "前制动片", "Front pads", "套")
    return Act(by, lambda: kinds.make(*words, by=by, at=LATER), None, {"code": "pad-front"})


def catalogue_change_kind() -> Act:
    by, kind = boss(), make_kind()

    def do() -> None:
        kinds.change(kind, "前制动片", "Front pads", "副", by=by, at=LATER)

    return Act(by, do, kind, {"changed": {"Unit": ["套", "副"]}})


def catalogue_use_kind() -> Act:
    by, kind = boss(), make_kind()
    said = {"active": False, "was": True}
    return Act(by, lambda: kinds.put_in_use(kind, False, by=by, at=LATER), kind, said)


def catalogue_confirm() -> Act:
    by, operation = boss(), make_operation("NEW", starter_version="1")
    said = {"codes": ["NEW"], "number": 1}
    return Act(by, lambda: checking.confirm([operation], by=by, at=LATER), operation, said)


def setup_lay_starter() -> Act:
    by, branch = boss(), make_branch()
    laid = {"kinds": 0, "operations": 6, "packages": 3, "lists": 32}

    def do() -> object:
        return laying.lay(branch, [Group.INSPECTION], with_lists=True, by=by, at=LATER)

    said = {"groups": ["inspection"], "laid": laid}
    return Act(by, do, branch, said, ("catalogue.lay_lists",))


def setup_take_back_starter() -> Act:
    by, branch = boss(), make_branch()
    laying.lay(branch, [Group.INSPECTION], by=by, at=LATER)
    queries.find_operations(["M-12"])["m-12"].changed_at = LATER
    said = {"gone": {"kinds": 0, "operations": 5, "packages": 3}, "kept": ["M-12"]}
    return Act(by, lambda: laying.take_back(branch, by=by, at=LATER), branch, said)


def setup_import_file() -> Act:
    by, batch = boss(), imports.check("customers", imports.PEOPLE)
    life.begin(batch, ImportState.APPLYING, by=by, at=LATER)
    kind = listed.get_kind("customers")
    said = {"file": "旧系统.csv", "new": 3, "changed": 0, "decided": 0, "left": 0}
    return Act(by, lambda: applying.apply(batch, kind, by=by, at=LATER), batch, said)


def setup_take_back_import() -> Act:
    by, batch = boss(), imports.take_over("customers", imports.PEOPLE)
    life.begin(batch, ImportState.UNDOING, by=by, at=LATER)
    session.flush()
    said = {"file": "旧系统.csv", "gone": 6, "restored": 0, "kept": 0}
    return Act(by, lambda: undoing.undo(batch, by=by, at=LATER), batch, said)


def setup_stop_import() -> Act:
    by, batch = boss(), imports.bring("customers", imports.PEOPLE)
    life.begin(batch, ImportState.CHECKING, by=by, at=LATER)
    said = {"file": "旧系统.csv"}
    return Act(by, lambda: giving.stop(batch, by=by, at=LATER), batch, said)


def setup_give_up_import() -> Act:
    by, batch = boss(), imports.bring("customers", imports.PEOPLE)
    said = {"file": "旧系统.csv"}
    return Act(by, lambda: giving.give_up(batch, by=by, at=LATER), batch, said)


def quotation_take_prices() -> Act:
    written = quotations.make_draft(make_operation("ONE"))
    make_labour_price(make_rate(), 30_000, valid_from=TODAY)
    by = written.order.advisor
    said = {"was_fen": 24_000, "total_fen": 30_000}
    return Act(by, lambda: todays_prices.take(written, by=by, at=LATER), written, said)


ACTS = collect(__name__, globals())
