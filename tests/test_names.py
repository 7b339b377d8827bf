"""One function says how a car is called: no page and no message reads its plate by itself."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
_PLATE = re.compile(r"\bvehicle\.plate\b")
# Where the plate itself is meant: it is compared, masked, cut for a key, or judged.
_MEANT = {
    "workshop/customers",
    # A line of the inbox is plain values, of which the plate is painted.
    "workshop/desk/inbox/",
    "workshop/desk/labels/pdf.py",
    "workshop/steps/booking/board_page.py",
    "workshop/steps/booking/callers.py",
    "workshop/demo",
    "workshop/track/page.py",
    "templates/customers/vehicle.html",
}


def test_whoever_names_a_car_asks_it_how_it_is_called() -> None:
    files = [*ROOT.glob("workshop/**/*.py"), *ROOT.glob("templates/**/*.html")]
    found = {
        str(file.relative_to(ROOT))
        for file in files
        if _PLATE.search(file.read_text(encoding="utf-8"))
    }
    assert not {name for name in found if not any(name.startswith(each) for each in _MEANT)}
