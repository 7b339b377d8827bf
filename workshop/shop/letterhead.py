"""What the head and the foot of every paper show: lines, slogan, logo, and the sheet's size."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import select

from workshop import db, paper
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.shop import past
from workshop.shop.models import Branch, HeadLine, Letterhead, PaperSize
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.web import versions
from workshop.web.versions import State

# Enough for sharp print at the size that the head gives it.
LOGO_PIXELS = (1000, 400)
LARGEST_LOGO = 5 * 2**20
_MOST_PIXELS = 40_000_000
# One line below the page holds so many Chinese characters.
FOOT_LENGTH = 60

_USUAL_LINES = (HeadLine.ADDRESS, HeadLine.PHONE)


@dataclass(frozen=True)
class Look:
    """What somebody may choose of the head."""

    paper_size: PaperSize = PaperSize.A4
    lines: tuple[HeadLine, ...] = _USUAL_LINES
    slogan: str = ""
    foot: str = ""


def find(branch: Branch) -> Letterhead | None:
    """The branch's own head, if somebody has changed it."""
    query = select(Letterhead).where(Letterhead.branch_id == branch.id)
    found: Letterhead | None = session.scalars(query).one_or_none()
    return found


def look_of(branch: Branch) -> Look:
    """What the head shows now."""
    return _look(find(branch))


def _look(kept: Letterhead | None) -> Look:
    if kept is None:
        return Look()
    lines = tuple(line for line in HeadLine if line.value in kept.lines)
    return Look(kept.paper_size, lines, kept.slogan, kept.foot)


def state_of(look: Look) -> State:
    """What people see of the head, to notice a stale page."""
    return {
        N_("Sheet of paper"): look.paper_size,
        N_("Lines of the head"): list(look.lines),
        N_("Slogan"): look.slogan,
        N_("Line at the foot"): look.foot,
    }


def change(
    branch: Branch, look: Look, *, seen: str | None = None, by: User, at: datetime
) -> Letterhead:
    """Change what the head of papers made from now on shows. Raises Conflict when stale."""
    staff.require_permission(by, Permission.MANAGE_SHOP)
    was = look_of(branch)
    versions.refuse_stale(seen, state_of(was), state_of(look))
    kept = _kept(branch)
    kept.paper_size, kept.lines = look.paper_size, [line.value for line in look.lines]
    kept.slogan, kept.foot = look.slogan.strip(), look.foot.strip()
    audit.write(by, "shop.change_letterhead", kept, at, **_told(look), was=_told(was))
    return kept


def _kept(branch: Branch) -> Letterhead:
    # Two who change the usual head at once would both make the branch's own.
    db.lock("letterhead", branch.id)
    kept = find(branch)
    if kept is None:
        kept = Letterhead(branch_id=branch.id, lines=[line.value for line in _USUAL_LINES])
        session.add(kept)
    return kept


def _told(look: Look) -> dict[str, object]:
    return {
        "paper_size": look.paper_size.value,
        "lines": [line.value for line in look.lines],
        "slogan": look.slogan.strip(),
        "foot": look.foot.strip(),
    }


def set_logo(branch: Branch, data: bytes, *, by: User, at: datetime) -> Letterhead:
    """Put a picture into the head; it is drawn again as a small PNG, so nothing hidden stays in it.

    Raises Invalid for what is no PNG or JPEG, and for one that is too large.
    """
    staff.require_permission(by, Permission.MANAGE_SHOP)
    picture = _made_again(data)
    kept = _kept(branch)
    was, kept.logo = _mark(kept.logo), picture
    audit.write(by, "shop.set_logo", kept, at, logo=_mark(picture), was=was)
    return kept


def take_logo_off(branch: Branch, *, by: User, at: datetime) -> None:
    """Leave the picture out again. Raises RuleBroken when there is none."""
    staff.require_permission(by, Permission.MANAGE_SHOP)
    kept = find(branch)
    if kept is None or kept.logo is None:
        raise RuleBroken(N_("There is no logo."), code="no_logo")
    audit.write(by, "shop.take_logo_off", kept, at, was=_mark(kept.logo))
    kept.logo = None


def _mark(picture: bytes | None) -> str | None:
    return hashlib.sha256(picture).hexdigest()[:16] if picture else None


def _made_again(data: bytes) -> bytes:
    if len(data) > LARGEST_LOGO:
        raise Invalid(N_("The picture is larger than 5 MB."), field="logo")
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise Invalid(N_("The picture has too many pixels."), field="logo")
            turned = ImageOps.exif_transpose(opened).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Invalid(N_("This is no picture: send a PNG or a JPEG."), field="logo") from error
    turned.thumbnail(LOGO_PIXELS)
    out = io.BytesIO()
    turned.save(out, "PNG", optimize=True)
    return out.getvalue()


Translate = Callable[[str], str]

# How a line reads on paper; what is not named here stands as it was entered.
_READS = {
    HeadLine.COMPLAINT_PHONE: N_("Complaints: %(phone)s"),
    HeadLine.LICENCE_NO: N_("Filing number %(no)s"),
    HeadLine.CREDIT_CODE: N_("Credit code %(no)s"),
    HeadLine.TAX_NO: N_("Tax number %(no)s"),
}


def head_of(
    branch: Branch, translate: Translate, *always: HeadLine, at: datetime | None = None
) -> paper.ShopHead:
    """The head of a paper in the language of `translate`; `always` are lines that it must have.

    What was signed at an earlier minute names the shop as it was then, in today's layout.
    """
    kept, said = find(branch), past.stood(branch, at)
    look = _look(kept)
    shown = {*look.lines, *always}
    below = (line for line in HeadLine if line in shown and line not in _USUAL_LINES)
    texts = [_text(said[line.value], line, translate) for line in below]
    return paper.ShopHead(
        said["name"],
        said["address"] if HeadLine.ADDRESS in shown else "",
        said["phone"] if HeadLine.PHONE in shown else "",
        tuple(_in_rows([text for text in texts if text])),
        slogan=look.slogan,
        foot=look.foot,
        logo=kept.logo if kept else None,
        sheet=look.paper_size.value,
    )


def _text(value: str, line: HeadLine, translate: Translate) -> str:
    if not value or line not in _READS:
        return str(value)
    return translate(_READS[line]) % {"no": value, "phone": value}


def _in_rows(texts: list[str], most: int = 3) -> list[str]:
    """Three lines beside one another, so that a full head stays low."""
    return ["  ·  ".join(texts[start : start + most]) for start in range(0, len(texts), most)]
