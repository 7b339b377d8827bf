"""Every page that a role may open on a filled shop, and the text that people read there."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from workshop import clock, db
from workshop.cases.models import Case
from workshop.catalogue.checklists.models import Checklist
from workshop.catalogue.models import LabourRate, Operation, Package, PartKind
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import Attachment, Job, RepairOrder
from workshop.setup.imports.models import ImportBatch
from workshop.shop.models import Branch, Technician
from workshop.staff import access
from workshop.staff.models import Role, User
from workshop.staff.permissions import Permission, RoleName
from workshop.steps.booking.models import Appointment
from workshop.steps.parts.models import PickList
from workshop.steps.quotation.models import Quotation
from workshop.stock.models import Part
from workshop.stock.suppliers.models import Supplier
from workshop.touched import lists as touched

SignIn = Callable[[User], FlaskClient]

# No pages of the shop: files, health, signing in, and a link that only its owner has.
# One's own account counts how often the walk has signed in.
_NO_PAGES = re.compile(
    r"^/(static|fs-static|healthz|readyz|metrics|sign-in|verify|welcome|style|t/|book/|attachments|account"
    r"|screen/[^/]+/rows)"
)
# A form's own number, and what the browser proves itself with: new on each page.
_NEW_EACH_TIME = re.compile(
    r"\b[0-9a-f]{32}\b"
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|\bI[\w-]{40,}\.[\w-]{6}\.[\w-]{27}"
)
# Lists that stand behind a tab of their page.
_VIEWS: dict[str, list[dict[str, Any]]] = {
    "/": [{"whose": "all"}],
    "/parts": [{"view": view} for view in ("issue", "short", "back", "release")],
    "/scheduling": [{"by": "bay"}],
}
# Orders in these stages show every page of an order with something on it.
_STAGES = (Stage.QUOTED, Stage.AUTHORISED, Stage.REPAIR, Stage.SETTLEMENT, Stage.DELIVERED)


def read(answer: TestResponse) -> str:
    """What an answer says: the page as it was sent, or the words of a PDF."""
    if answer.mimetype == "application/pdf":
        return read_pdf(answer.get_data())
    return _NEW_EACH_TIME.sub("…", answer.get_data(as_text=True))


def read_pdf(data: bytes) -> str:
    """The words on a paper, laid out as printed."""
    tool = shutil.which("pdftotext")
    assert tool is not None
    done = subprocess.run([tool, "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode()


def words(page: str) -> str:
    """The page as people read it: no tags, one space between words."""
    body = re.sub(r"<(script|style|template|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def walk(app: Flask, sign_in: SignIn, branch: Branch) -> dict[tuple[str, str], str]:
    """The answers of every page, by role and address; the pages of one order for some stages."""
    seen = {}
    for user in list(one_of_each_role(branch)):
        role, client = user.roles[0].name, sign_in(user)
        for path in addresses(app, user, branch):
            answer = client.get(path)
            assert answer.status_code in (200, 302, 404, 409), (path, answer.status_code)
            seen[role, path] = f"{answer.status_code} {read(answer)}"
    return seen


def addresses(app: Flask, user: User, branch: Branch) -> list[str]:
    """Every page that this person may open."""
    return list(_paths(app, user, branch))


def first_difference(before: str, after: str) -> str:
    """The words of `after` where it begins to differ, for the person who reads the failure."""
    old, new = words(before).split(), words(after).split()
    place = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), 0)
    return " ".join(new[max(0, place - 8) : place + 12])


def one_of_each_role(branch: Branch) -> Iterator[User]:
    """The first user of each role."""
    users = session.scalars(select(User).where(User.branch_id == branch.id).order_by(User.id))
    known: set[str] = set()
    for user in users:
        if user.roles[0].name not in known:
            known.add(user.roles[0].name)
            yield user


def _paths(app: Flask, user: User, branch: Branch) -> Iterator[str]:
    urls = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if not _is_page(rule) or not _is_open(app, rule, user):
            continue
        if rule.arguments and not _sees_all(user, rule):
            continue
        for values in _values(rule, user, branch):
            yield urls.build(rule.endpoint, values)


def _is_page(rule: Rule) -> bool:
    return "GET" in (rule.methods or ()) and not _NO_PAGES.match(rule.rule)


def _is_open(app: Flask, rule: Rule, user: User) -> bool:
    wanted = access.declared(rule.endpoint, app)
    return wanted is None or bool(user.rights & wanted if isinstance(wanted, frozenset) else False)


def _sees_all(user: User, rule: Rule) -> bool:
    """One order looks alike to all who may see it; the phone shows the technician's own."""
    if rule.rule.startswith("/my-jobs"):
        return user.may(Permission.WORK)
    if rule.rule.startswith("/screens"):
        return user.is_(RoleName.ADMINISTRATOR)
    return user.is_(RoleName.SERVICE_MANAGER)


def _values(rule: Rule, user: User, branch: Branch) -> list[dict[str, Any]]:
    names = frozenset(rule.arguments)
    if rule.rule.startswith("/orders/<no>"):
        return [each for order in _order_of_some_stages(branch) for each in _of_order(order, names)]
    if rule.rule.startswith("/my-jobs/") and names:
        return [{"job_id": key} for key in _own_jobs(user)] if names == {"job_id"} else []
    if not names:
        return [{}, *_VIEWS.get(rule.rule, [])]
    return _of_branch(branch, names)


def _order_of_some_stages(branch: Branch) -> list[RepairOrder]:
    newest = (
        select(func.max(RepairOrder.id))
        .where(RepairOrder.branch_id == branch.id, RepairOrder.stage.in_(_STAGES))
        .group_by(RepairOrder.stage)
    )
    query = select(RepairOrder).where(RepairOrder.id.in_(newest))
    return list(session.scalars(query.order_by(RepairOrder.id)))


def _of_order(order: RepairOrder, names: frozenset[str]) -> list[dict[str, Any]]:
    further: dict[str, Any] = {
        "list_no": select(PickList.no).where(PickList.order_id == order.id),
        "quotation_id": select(Quotation.id).where(Quotation.order_id == order.id),
        "job_id": select(Job.id).where(Job.order_id == order.id),
    }
    found = names - {"no"}
    if not found:
        return [{"no": order.no}]
    (name,) = found
    return [{"no": order.no, name: value} for value in session.scalars(further[name])]


def _own_jobs(user: User) -> list[int]:
    query = select(Technician.id).where(Technician.user_id == user.id)
    technician = session.scalars(query).one_or_none()
    if technician is None:
        return []
    taken = db.Model.metadata.tables["allocation"]
    jobs = select(taken.c.job_id).where(taken.c.technician_id == technician)
    return list(session.scalars(jobs.order_by(taken.c.id.desc()).limit(3)))


def _of_branch(branch: Branch, names: frozenset[str]) -> list[dict[str, Any]]:
    if names == {"list_id", "no"}:
        return [{"list_id": key, "no": 1} for key in session.scalars(select(Checklist.id))][:4]
    if len(names) > 1:
        return []
    (name,) = names
    order = select(RepairOrder).where(RepairOrder.branch_id == branch.id).order_by(RepairOrder.id)
    people = select(User.id).where(User.branch_id == branch.id)
    known: dict[str, list[Any]] = {
        "code": [branch.code],
        "no": list(_numbers(branch)),
        "list_no": list(session.scalars(select(PickList.no).where(_is_of(PickList, branch)))),
        "key": [each.thing.address for each in touched.list_open(branch, clock.now())],
        "part_id": list(session.scalars(select(Part.id))),
        "technician_id": list(
            session.scalars(select(Technician.id).where(_is_of(Technician, branch)))
        ),
        "user_id": list(session.scalars(people)),
        "customer_id": [each.customer_id for each in session.scalars(order)],
        "vehicle_id": [each.vehicle_id for each in session.scalars(order)],
        "attachment_id": list(session.scalars(select(Attachment.id))),
        "operation_id": list(session.scalars(select(Operation.id))),
        "package_id": list(session.scalars(select(Package.id))),
        "rate_id": list(session.scalars(select(LabourRate.id).where(_is_of(LabourRate, branch)))),
        "kind_id": list(session.scalars(select(PartKind.id))),
        "list_id": list(session.scalars(select(Checklist.id))),
        "supplier_id": list(session.scalars(select(Supplier.id))),
        "import_id": list(
            session.scalars(select(ImportBatch.id).where(_is_of(ImportBatch, branch)))
        ),
        "role_id": list(session.scalars(select(Role.id))),
    }
    return [{name: value} for value in known.get(name, [])[-4:]]


def _is_of(kind: Any, branch: Branch) -> Any:
    return kind.branch_id == branch.id


def _numbers(branch: Branch) -> Iterator[str]:
    """Of appointments and cases; an address with the wrong kind answers that there is none."""
    for kind in (Appointment, Case):
        yield from list(session.scalars(select(kind.no).where(_is_of(kind, branch))))[-2:]
