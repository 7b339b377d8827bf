"""The televisions as a list that may be taken along."""

from __future__ import annotations

from workshop.errors import N_
from workshop.listing import Column, ListSheet, Msgid
from workshop.screen import queries
from workshop.screen.models import ScreenDevice


def _language(device: ScreenDevice) -> Msgid:
    return Msgid(N_("Chinese") if device.locale == "zh_CN" else N_("English"))


SHEETS = (
    ListSheet(
        "screens",
        N_("Lounge screens"),
        "screen.devices",
        (
            Column(N_("Screen"), lambda device: device.name),
            Column(N_("In use"), lambda device: device.is_live),
            Column(N_("Language"), _language),
            Column(N_("Paired"), lambda device: device.paired_at),
            Column(N_("Last seen"), lambda device: device.last_seen_at),
        ),
        lambda asked: queries.list_devices(asked.branch.id),
    ),
)
