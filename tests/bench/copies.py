"""What the columns of a copied row hold, in the words of each engine."""

from __future__ import annotations

import sqlalchemy as sa

from workshop import db

# A busy branch's day; more orders are more years, and no fuller days.
PER_DAY = 40
# How often a car has come in all.
VISITS = 8
# Rows above an order that its copies refer to, and do not take along each time.
CARS = ("customer", "customer_contact", "vehicle")
# Tables whose rows name the table that they are about.
NAMED = {"audit_entry": ("subject", "subject_id"), "capacity_take": ("source", "source_id")}


_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_SURNAME_LETTERS = "wlzlcyzhzwxshzglhgmrlszxhtfydxccydxfszpl"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文斌宇浩凯健俊帆雪荣"
_GIVEN_LETTERS = "wfnmjlqljyyyjjtmcxxpggyhylhjwbyhkjjfxr"
_PROVINCES = "皖鄂湘赣闽豫冀鲁晋辽"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def keys_of(table: sa.Table) -> dict[str, str]:
    """The columns that refer to one other row, and its table."""
    return {
        column.name: each.column.table.name
        for column in table.columns
        for each in column.foreign_keys
        if each.column.name == "id"
    }


class Values:
    """The SQL expression of each column of a copy."""

    def __init__(self, dialect: str, table: sa.Table, steps: dict[str, int]) -> None:
        self._is_sqlite = dialect == "sqlite"
        self._table = table
        self._steps = steps
        self._is_car = table.name in CARS
        keys = {column: name for column, name in keys_of(table).items() if name in steps}
        self.references = [
            (column, name, f"f{number}") for number, (column, name) in enumerate(keys.items())
        ]
        self._number = f"(t.id * 100003 + c.n * {steps.get(table.name, 1)})"

    def of(self, column: sa.Column[object]) -> str:
        name, value = column.name, f't."{column.name}"'
        if name == "id":
            return f"t.id + c.n * {self._steps[self._table.name]}"
        for key, target, alias in self.references:
            if key == name:
                moved = self._moved(target, value)
                return f"CASE WHEN {alias}.id IS NULL THEN {value} ELSE {moved} END"
        if (named := NAMED.get(self._table.name)) and name == named[1]:
            return self._named(named[0], value)
        special = getattr(self, f"_{self._table.name}_{name}", None) or getattr(
            self, f"_any_{name}", None
        )
        if special is not None:
            return str(special(value))
        return self._later(column, value)

    def _later(self, column: sa.Column[object], value: str) -> str:
        if isinstance(column.type, db.UtcDateTime) and not self._is_car:
            if self._is_sqlite:
                return f"strftime('%Y-%m-%d %H:%M:%f', {value}, (-c.days) || ' days') || '000'"
            return f"{value} - make_interval(days => c.days)"
        if isinstance(column.type, sa.Date) and not self._is_car:
            return (
                f"date({value}, (-c.days) || ' days')" if self._is_sqlite else f"{value} - c.days"
            )
        return value

    def _moved(self, target: str, value: str) -> str:
        copy = "c.n"
        if target in CARS and not self._is_car:
            copy = f"(1 + (c.n - 1) / {VISITS})"
        return f"{value} + {copy} * {self._steps[target]}"

    def _named(self, kind: str, value: str) -> str:
        cases = "".join(
            f"WHEN '{name}' THEN {self._moved(name, value)} " for name in sorted(self._steps)
        )
        return f'CASE t."{kind}" {cases}ELSE {value} END'

    # Numbers of papers: their kind, the day, and what is left of them on that day.

    def _any_no(self, value: str) -> str:
        day = "strftime('%Y%m%d', c.day)" if self._is_sqlite else "to_char(c.day, 'YYYYMMDD')"
        return f"substr({value}, 1, 2) || {day} || '-' || (1000 + c.place * 10 + r.rank % 10)"

    def _any_client_id(self, value: str) -> str:
        return f"substr({value}, 1, 20) || '-' || c.n"

    # One day has more work than eight people can do in full: the places in the plan are short.

    def _slot(self, minutes: str) -> str:
        if self._is_sqlite:
            return f"datetime(c.day, ({minutes}) || ' minutes') || '.000000'"
        return f"c.day::timestamp AT TIME ZONE 'UTC' + make_interval(mins => ({minutes})::int)"

    def _allocation_starts_at(self, _value: str) -> str:
        return self._slot("c.place * 15 + r.rank % 5 * 3")

    def _allocation_lead_starts_at(self, value: str) -> str:
        return f"CASE WHEN {value} IS NULL THEN NULL ELSE {self._allocation_starts_at('')} END"

    def _allocation_ends_at(self, _value: str) -> str:
        return self._slot("c.place * 15 + r.rank % 5 * 3 + 2")

    def _allocation_blocked_until(self, _value: str) -> str:
        return self._slot("c.place * 15 + r.rank % 5 * 3 + 3")

    def _appointment_slot_at(self, _value: str) -> str:
        return self._slot("c.place * 15")

    def _appointment_day(self, _value: str) -> str:
        return "c.day"

    # People and cars who are told apart.

    def _sign(self, signs: str, divisor: int) -> str:
        return f"substr('{signs}', 1 + {self._number} / {divisor} % {len(signs)}, 1)"

    def _customer_name(self, value: str) -> str:
        surname = self._sign(_SURNAMES, 1)
        given = self._sign(_GIVEN, len(_SURNAMES)) + " || " + self._sign(_GIVEN, 7919)
        company = f"{value} || {self._number}"
        return f"CASE WHEN t.kind = 'company' THEN {company} ELSE {surname} || {given} END"

    def _customer_initials(self, value: str) -> str:
        surname = self._sign(_SURNAME_LETTERS, 1)
        letters = (
            f"{self._sign(_GIVEN_LETTERS, len(_SURNAMES))} || {self._sign(_GIVEN_LETTERS, 7919)}"
        )
        return f"CASE WHEN t.kind = 'company' THEN {value} ELSE {surname} || {letters} END"

    def _customer_phone(self, _value: str) -> str:
        return f"'15' || substr(cast(1000000000 + {self._number} * 7 % 1000000000 AS text), 2)"

    def _customer_contact_phone(self, _value: str) -> str:
        return f"'18' || substr(cast(1000000000 + {self._number} * 7 % 1000000000 AS text), 2)"

    def _vehicle_plate(self, value: str) -> str:
        tail = f"substr(cast(100000 + {self._number} % 100000 AS text), 2)"
        plate = f"{self._sign(_PROVINCES, 2400000)} || {self._sign(_LETTERS, 100000)} || {tail}"
        return f"CASE WHEN {value} IS NULL THEN NULL ELSE {plate} END"

    def _vehicle_vin(self, value: str) -> str:
        vin = f"'LGRWX' || substr(cast(1000000000000 + {self._number} AS text), 2)"
        return f"CASE WHEN {value} IS NULL THEN NULL ELSE {vin} END"
