"""How values look on a page: the filters that all templates use."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

from flask_babel import get_locale, gettext

from workshop import clock, money
from workshop.web.fields import attributes
from workshop.web.lengths import DASH
from workshop.web.lengths import show_minutes as show_minutes
from workshop.web.times import local
from workshop.web.words import RefusalWords, show_value


def show_money(fen: int | None) -> str:
    """Fen as ¥1,234.00."""
    return DASH if fen is None else money.format_fen(fen)


def show_time(at: datetime | None) -> str:
    """The shop's wall-clock time, HH:MM."""
    return DASH if at is None else local(at).strftime("%H:%M")


def show_datetime(at: datetime | None) -> str:
    """Day and wall-clock time, MM-DD HH:MM."""
    return DASH if at is None else local(at).strftime("%m-%d %H:%M")


def show_printed(at: datetime | None) -> str:
    """Day and wall-clock time with the year, YYYY-MM-DD HH:MM: a paper is read years later."""
    return DASH if at is None else local(at).strftime("%Y-%m-%d %H:%M")


def show_moment(at: datetime | None) -> str:
    """The time, with its day before it unless that is today."""
    if at is None or local(at).date() == local(clock.now()).date():
        return show_time(at)
    return show_datetime(at)


def show_date(day: date | datetime | None) -> str:
    """YYYY-MM-DD, a datetime by the shop's day."""
    if day is None:
        return DASH
    return (local(day) if isinstance(day, datetime) else day).strftime("%Y-%m-%d")


def show_quantity(milli: int | None) -> str:
    """Thousandths of a unit without useless zeros: 4500 → 4.5."""
    if milli is None:
        return DASH
    return f"{milli / 1000:.3f}".rstrip("0").rstrip(".")


# The shop writes its units in Chinese; these are the usual ones in English.
_UNITS = {"件": "pc", "个": "pc", "只": "pc", "条": "pc", "套": "set", "副": "pair", "对": "pair"}
_UNITS |= {
    "升": "L",
    "瓶": "bottle",
    "桶": "can",
    "盒": "box",
    "米": "m",
    "千克": "kg",
    "公斤": "kg",
    "克": "g",
    "份": "portion",
}


def show_km(km: int | None) -> str:
    """A mileage: 52,000 km."""
    return DASH if km is None else str(gettext("%(km)s km", km=f"{km:,}"))


def show_unit(unit: str | None) -> str:
    """The unit of a part in the reader's language; one that we do not know stays as written."""
    text = unit or ""
    return text if str(get_locale()).startswith("zh") else _UNITS.get(text, text)


def translate(value: Any) -> str:
    """A msgid, or the label of an enum, in the reader's language; a refusal is so already."""
    if value is None:
        return DASH
    if isinstance(value, RefusalWords):
        return value
    message = getattr(value, "label", None) if isinstance(value, Enum) else value
    return str(gettext(message if message is not None else value.value)) if value != "" else ""


def show_name(record: Any) -> str:
    """The name or title of something that has one in both languages."""
    if record is None:
        return DASH
    locale = str(get_locale())
    namer = getattr(record, "name_in", None) or record.title_in
    return str(namer(locale))


def show_standard(record: Any) -> str:
    """What a line of a list must be, in the reader's language."""
    return str(record.standard_in(str(get_locale())))


FILTERS = {
    "attributes": attributes,
    "money": show_money,
    "time": show_time,
    "datetime": show_datetime,
    "moment": show_moment,
    "date": show_date,
    "minutes": show_minutes,
    "quantity": show_quantity,
    "unit": show_unit,
    "km": show_km,
    "t": translate,
    "named": show_name,
    "shown": show_value,
    "standard": show_standard,
}
