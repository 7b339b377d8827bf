"""The blueprint that the pages of the step hang on."""

from __future__ import annotations

from workshop import web
from workshop.attendance import car_clock as asked
from workshop.steps.repair import car_clock

bp = web.blueprint("repair", __name__)
# Attendance lies below the steps: with the pages it gets its answers about the clock on cars.
bp.record_once(lambda _state: asked.plug_in(car_clock.ANSWERS))
