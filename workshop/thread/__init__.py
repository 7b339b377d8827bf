"""Messages between a customer and the shop about one order, both ways."""

from __future__ import annotations

from workshop.thread import views
from workshop.thread.blueprint import bp
from workshop.thread.service import ANSWERS
from workshop.web.face import Face

FACE = Face(bp, pages=(views,), permissions=ANSWERS)
