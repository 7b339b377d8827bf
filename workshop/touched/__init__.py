"""What hangs on an act that takes away a person, a bay, a day or something of the catalogue.

Before it a list of what it touches, after it a call list that stays open until each thing is seen
to, and at any time what lies where it cannot be.
"""

from __future__ import annotations

from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.touched import sheets, views
from workshop.touched.blueprint import bp
from workshop.touched.duties import DUTIES
from workshop.web.face import FRONT_DESK, Entry, Face

SEE_TO = frozenset(
    {Permission.BOOK, Permission.SCHEDULE, Permission.PICK_PARTS, Permission.SUPERVISE}
)
FACE = Face(
    bp,
    pages=(views,),
    permissions=SEE_TO,
    menu=(Entry("touched.index", N_("Call list"), "phone-call", FRONT_DESK, SEE_TO),),
    duties=DUTIES,
    lists=sheets.SHEETS,
)
