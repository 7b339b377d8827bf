"""What the manager sets for the booking page: open or not, its limits, its sites, its services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urlsplit

from workshop import db
from workshop.catalogue import queries as catalogue
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid, RuleBroken, Way
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.booking.online import queries
from workshop.steps.booking.online.models import OnlineRules, OnlineService

LIMITS = {"cutoff_minutes": (0, 10_080), "days_ahead": (1, 60), "share_percent": (1, 100)}


@dataclass(frozen=True)
class Values:
    """The rules of the booking page."""

    is_open: bool
    cutoff_minutes: int = 120
    days_ahead: int = 30
    share_percent: int = 50
    origins: str = ""


def set_rules(
    branch: Branch, values: Values, *, seen_version: int | None = None, by: User, at: datetime
) -> OnlineRules:
    """Open or close the page and set its limits.

    Raises Invalid at the field for a number out of range or a site that is no address,
    RuleBroken for a page that would offer nothing to reach the shop by, Conflict when stale.
    """
    staff.require_permission(by, Permission.MANAGE_SHOP)
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(values, name) <= most:
            raise Invalid(N_("Between %(least)s and %(most)s."), field=name, least=least, most=most)
    origins = "\n".join(_origin(each) for each in values.origins.split())
    if values.is_open and not branch.phone:
        raise RuleBroken(
            N_("Enter the shop's phone first: whoever cannot book online has to reach you."),
            code="no_phone",
            way=Way("shop.papers", N_("Open the head of the papers")),
        )
    db.lock("online_rules", branch.id)
    kept = queries.rules_of(branch)
    if seen_version is not None and seen_version != (kept.version or 0):
        raise Conflict(
            N_("Somebody else changed this meanwhile. Look at both versions and save again."),
            theirs={N_("Open for online booking"): kept.is_open},
            version=kept.version,
        )
    was = {name: getattr(kept, name) for name in asdict(values)}
    changed = asdict(values) | {"origins": origins}
    if kept.id is None:
        kept = OnlineRules(branch_id=branch.id)
        session.add(kept)
    for name, value in changed.items():
        setattr(kept, name, value)
    session.flush()
    told = {name: value for name, value in changed.items() if value != was[name]}
    audit.write(by, "booking.set_online", kept, at, changed=told, was=was)
    return kept


def _origin(text: str) -> str:
    """A site as a browser names it; raises Invalid for what is none."""
    parts = urlsplit(text if "://" in text else f"https://{text}")
    host = parts.hostname or ""
    is_plain = all(each.isalnum() or each in "-." for each in host) and host.isascii()
    if parts.scheme not in ("http", "https") or not host or not is_plain:
        raise Invalid(
            N_("Write each site as its address, such as https://www.example.com."), field="origins"
        )
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")


def offer(
    branch: Branch, words: Mapping[int, tuple[str, str]], *, by: User | None, at: datetime
) -> None:
    """Offer these packages, each with its words in Chinese and English, and no others."""
    if by is not None:
        staff.require_permission(by, Permission.MANAGE_SHOP)
    known = {each.package_id: each for each in queries.list_services(branch)}
    packages = {each.id: each for each in catalogue.list_packages()}
    was = sorted(each.package.code for each in known.values())
    for package_id, (words_zh, words_en) in words.items():
        if package_id not in packages:
            continue
        service = known.pop(package_id, None)
        if service is None:
            service = OnlineService(branch_id=branch.id, package_id=package_id)
            session.add(service)
        service.words_zh, service.words_en = words_zh.strip()[:200], words_en.strip()[:200]
    for gone in known.values():
        session.delete(gone)
    session.flush()
    codes = sorted(packages[each].code for each in words if each in packages)
    audit.write(by, "booking.offer_online", branch, at, packages=codes, was=was)
