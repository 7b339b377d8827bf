"""What the page shows on which two records are joined to one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from wtforms import HiddenField

from workshop import web
from workshop.customers import queries as customers
from workshop.customers.merging import queries, references
from workshop.customers.merging import service as merging
from workshop.customers.models import Customer, Vehicle
from workshop.errors import N_


class JoinForm(web.Form):
    """Which record goes and how both looked; the button is all that is pressed."""

    gone_id = HiddenField()
    seen = HiddenField()


@dataclass(frozen=True)
class Row:
    """One fact of both records: its words, of the one that is kept, of the one that goes."""

    words: str
    kept: str
    gone: str


@dataclass(frozen=True)
class JoinPage:
    """The record that is kept, whom it may be joined with, and what would go over."""

    kept: Customer | Vehicle
    gone: Customer | Vehicle | None
    found: list[Customer] | list[Vehicle]
    text: str
    rows: list[Row] = field(default_factory=list)
    moving: list[tuple[str, int]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return "customer" if isinstance(self.kept, Customer) else "vehicle"

    @property
    def is_of_car(self) -> bool:
        return isinstance(self.kept, Vehicle)

    @property
    def seen(self) -> str:
        """Both records as they are shown."""
        return merging.seen_of(self.gone, self.kept) if self.gone else ""

    @property
    def address(self) -> str:
        """This page without a second record."""
        return url_for(f"booking.join_{self.kind}", **self._own)

    @property
    def back(self) -> str:
        """The page of the record that is kept."""
        return url_for(f"booking.show_{self.kind}", **self._own)

    @property
    def other_way(self) -> str:
        """The same page with the other record kept."""
        values: dict[str, Any] = {f"{self.kind}_id": self.gone.id if self.gone else 0}
        values["with"] = self.kept.id
        return url_for(f"booking.join_{self.kind}", **values)

    @property
    def _own(self) -> dict[str, Any]:
        return {f"{self.kind}_id": self.kept.id}

    def name_of(self, record: Customer | Vehicle) -> str:
        """What the record is called."""
        return record.name if isinstance(record, Customer) else record.called


def of_customer(kept: Customer, gone: Customer | None, text: str) -> JoinPage:
    """The page for a customer."""
    wanted = customers.search_customers(text, 8) if text else queries.list_alike(kept)
    found = [each for each in wanted if each.id != kept.id]
    if gone is None:
        return JoinPage(kept, None, found, text)
    rows = [
        Row(N_("Name"), kept.name, gone.name),
        Row(N_("Phone"), kept.phone, gone.phone),
        Row(N_("Address"), kept.address, gone.address),
        Row(N_("Unified social credit code"), kept.credit_code or "", gone.credit_code or ""),
    ]
    return JoinPage(kept, gone, found, text, rows, references.count("customer", gone.id))


def of_vehicle(kept: Vehicle, gone: Vehicle | None, text: str) -> JoinPage:
    """The page for a car."""
    wanted = customers.search_vehicles(text, 8) if text else queries.list_cars_alike(kept)
    found = [each for each in wanted if each.id != kept.id]
    if gone is None:
        return JoinPage(kept, None, found, text)
    rows = [
        Row(N_("Plate"), kept.plate or "", gone.plate or ""),
        Row(N_("VIN"), kept.vin or "", gone.vin or ""),
        Row(N_("Vehicle"), kept.title, gone.title),
        Row(N_("Vehicle owner"), kept.customer.name, gone.customer.name),
        Row(N_("Last mileage"), _km(kept), _km(gone)),
    ]
    return JoinPage(kept, gone, found, text, rows, references.count("vehicle", gone.id))


def _km(vehicle: Vehicle) -> str:
    return "" if vehicle.mileage_km is None else f"{vehicle.mileage_km} km"
