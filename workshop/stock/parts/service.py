"""Parts are made, changed and retired; what they cost us."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from workshop import db
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid
from workshop.money import LARGEST_TYPED_FEN
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock import queries as stock
from workshop.stock import rules, shelf
from workshop.stock.models import Part, PartClass
from workshop.stock.pricing import queries as prices
from workshop.stock.pricing import rules as markup
from workshop.stock.pricing import service as pricing
from workshop.web import versions
from workshop.web.versions import State, Unit, quantity

MOST_DAYS = 365


@dataclass(frozen=True)
class Particulars:
    """What is known of a part; quantities in thousandths, tax in basis points, money in fen."""

    no: str
    name_zh: str
    name_en: str
    part_class: PartClass
    choice_group: str | None = None
    brand: str = ""
    oe_no: str = ""
    barcode: str = ""
    unit: str = "件"
    pack_milli: int = 1000
    lead_days: int = 1
    tax_basis_points: int | None = None
    fits: str = ""
    core_deposit_fen: int | None = None


@dataclass(frozen=True)
class Money:
    """What a part costs us and what it is sold for, in fen a unit, tax included.

    Without a price it follows the cost, by the mark-up.
    """

    price_fen: int | None
    cost_fen: int | None = None
    is_meant: bool = False


LABELS = {
    "no": N_("Part number"),
    "name_zh": N_("Name (Chinese)"),
    "name_en": N_("Name (English)"),
    "part_class": N_("Class"),
    "choice_group": N_("Kind of part"),
    "brand": N_("Brand"),
    "oe_no": N_("OE number"),
    "barcode": N_("Barcode"),
    "unit": N_("Unit"),
    "pack_milli": N_("Package holds"),
    "lead_days": N_("Lead time in days"),
    "tax_basis_points": N_("Tax rate (percent)"),
    "fits": N_("Fits"),
    "core_deposit_fen": N_("Core deposit of a unit"),
}
"""What people call a part's values."""


def particulars_of(part: Part) -> Particulars:
    """The particulars as they are kept."""
    return Particulars(**{each.name: getattr(part, each.name) for each in fields(Particulars)})


def state_of(values: Particulars) -> State:
    """What people see of them, to notice a stale page."""
    found = {LABELS[name]: value for name, value in asdict(values).items()}
    found[LABELS["tax_basis_points"]] = quantity(values.tax_basis_points, Unit.BASIS_POINTS)
    found[LABELS["core_deposit_fen"]] = quantity(values.core_deposit_fen, Unit.FEN)
    found[LABELS["pack_milli"]] = shelf.plain(values.pack_milli)
    return found


def make(values: Particulars, money: Money, branch_id: int, *, by: User, at: datetime) -> Part:
    """Add a part to the register. `branch_id` is the branch whose mark-up counts without a price.

    Raises Invalid for what is missing or taken, RuleBroken (`below_cost`) for a price below the
    cost that is not meant.
    """
    staff.require_permission(by, Permission.MANAGE_PARTS)
    plain = _plain(values)
    _check(plain, None)
    price_fen = _first_price(money, branch_id)
    pricing.refuse_below_cost(price_fen, money.cost_fen, is_meant=money.is_meant)
    part = Part(
        **asdict(plain),
        price_fen=price_fen,
        cost_fen=money.cost_fen,
        is_marked_up=money.price_fen is None,
    )
    session.add(part)
    told = {"no": part.no, "price_fen": price_fen, "cost_fen": money.cost_fen}
    audit.write(by, "stock.make_part", part, at, **told)
    session.flush()
    return part


def _first_price(money: Money, branch_id: int) -> int:
    if money.price_fen is not None:
        _check_amount(money.price_fen, "price")
        return money.price_fen
    if money.cost_fen is None:
        raise Invalid(
            N_("Enter a selling price, or the cost for the mark-up to work on."), field="price"
        )
    _check_amount(money.cost_fen, "cost")
    return markup.marked_up(money.cost_fen, prices.list_tiers(branch_id))


def _check_amount(fen: int, field: str) -> None:
    if not 0 <= fen < LARGEST_TYPED_FEN:
        raise Invalid(N_("A price cannot be negative."), field=field)


def change(
    part: Part, values: Particulars, *, seen: str | None = None, by: User, at: datetime
) -> None:
    """Change what is known of a part; quotations and bills keep what they were made with.

    Raises what `make` raises, Conflict when the page was stale.
    """
    staff.require_permission(by, Permission.MANAGE_PARTS)
    shelf.lock_parts([part.id])
    db.reread(part)
    plain = _plain(values)
    versions.refuse_stale(seen, state_of(particulars_of(part)), state_of(plain))
    _check(plain, part)
    _refuse_other_unit(part, plain)
    changed: dict[str, Any] = {}
    was: dict[str, Any] = {}
    for name, new in asdict(plain).items():
        old = getattr(part, name)
        if new != old:
            changed[name], was[name] = _told(new), _told(old)
            setattr(part, name, new)
    audit.write(by, "stock.change_part", part, at, **changed, was=was)
    session.flush()


def _plain(values: Particulars) -> Particulars:
    plain: dict[str, Any] = {
        k: v.strip() if isinstance(v, str) else v for k, v in asdict(values).items()
    }
    plain["choice_group"] = plain["choice_group"] or None
    plain["oe_no"], plain["barcode"] = rules.plain_no(plain["oe_no"]), plain["barcode"].upper()
    plain["core_deposit_fen"] = plain["core_deposit_fen"] or None
    # One name will do; papers of the other language show it too.
    plain["name_zh"] = plain["name_zh"] or plain["name_en"]
    plain["name_en"] = plain["name_en"] or plain["name_zh"]
    return Particulars(**plain)


def _told(value: Any) -> Any:
    return getattr(value, "value", value)


def _check(values: Particulars, part: Part | None) -> None:
    if not rules.plain_no(values.no):
        raise Invalid(N_("Enter the part number."), field="no")
    if not values.name_zh:
        raise Invalid(N_("Enter a name for the part."), field="name_zh")
    if not values.unit:
        raise Invalid(N_("Say in which unit it is sold."), field="unit")
    if values.pack_milli <= 0:
        raise Invalid(N_("The quantity must be more than zero."), field="pack")
    if not 0 <= values.lead_days <= MOST_DAYS:
        raise Invalid(
            N_("Between %(least)s and %(most)s."), field="lead_days", least=0, most=MOST_DAYS
        )
    tax = values.tax_basis_points
    if tax is not None and not 0 <= tax <= 10_000:
        raise Invalid(N_("Between %(least)s and %(most)s."), field="tax", least=0, most=100)
    if values.core_deposit_fen is not None:
        _check_amount(values.core_deposit_fen, "core_deposit")
    _refuse_taken(values, part)


def _refuse_taken(values: Particulars, part: Part | None) -> None:
    db.lock("part_no", 0)
    same = select(Part).where(Part.search_no == rules.plain_no(values.no))
    taken = [each for each in session.scalars(same) if each is not part]
    if taken:
        raise Invalid(N_("There is a part %(no)s already."), field="no", no=taken[0].no)
    if values.barcode:
        other = select(Part).where(Part.barcode == values.barcode)
        scanned = [each for each in session.scalars(other) if each is not part]
        if scanned:
            raise Invalid(N_("Part %(no)s has this barcode."), field="barcode", no=scanned[0].no)


def _refuse_other_unit(part: Part, values: Particulars) -> None:
    if values.unit != part.unit and stock.was_moved(part.id):
        raise Invalid(
            N_("The unit stays: the ledger of the shelf counts in it. Make another part."),
            field="unit",
        )


def use(part: Part, active: bool, *, by: User, at: datetime) -> None:
    """Retire a part, or take it into use again. What is on the shelf, ordered or signed goes on."""
    staff.require_permission(by, Permission.MANAGE_PARTS)
    was, part.active = part.active, active
    audit.write(by, "stock.use_part", part, at, active=active, was=was)
    session.flush()


def set_cost(
    part: Part,
    cost_fen: int | None,
    branch_id: int,
    *,
    follows: bool,
    today: date,
    seen_fen: int | None,
    is_meant: bool = False,
    by: User,
    at: datetime,
) -> None:
    """Set what a unit costs us, in fen; when the price `follows`, the mark-up sets it from today.

    Raises RuleBroken (`below_cost`) when the price of today is below it and nobody means that,
    Conflict when the cost was another meanwhile.
    """
    staff.require_permission(by, Permission.MANAGE_PARTS)
    staff.require_permission(by, Permission.SEE_COST)
    shelf.lock_parts([part.id])
    db.reread(part)
    _refuse_stale_cost(part, seen_fen, cost_fen)
    if cost_fen is None and follows:
        raise Invalid(N_("The mark-up needs a cost to work on."), field="cost")
    if cost_fen is not None:
        _check_amount(cost_fen, "cost")
    if not follows:
        price_fen = prices.price_on(part, today)
        pricing.refuse_below_cost(price_fen, cost_fen, is_meant=is_meant)
    was = [part.cost_fen, part.is_marked_up]
    part.cost_fen, part.is_marked_up = cost_fen, follows
    pricing.follow_cost(part, branch_id, today=today, by=by, at=at)
    told = {"cost_fen": cost_fen, "is_marked_up": follows}
    audit.write(by, "stock.set_cost", part, at, **told, was=was)
    session.flush()


def _refuse_stale_cost(part: Part, seen_fen: int | None, wanted_fen: int | None) -> None:
    label = N_("Cost")
    if part.cost_fen not in (seen_fen, wanted_fen):
        raise Conflict(
            N_("Somebody else changed this meanwhile. Look at both versions and save again."),
            theirs={label: quantity(part.cost_fen, Unit.FEN)},
            yours={label: quantity(wanted_fen, Unit.FEN)},
            version=part.cost_fen,
        )
