"""What keeps the technician's phone going in a dead spot: its worker, and a look at the line."""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from workshop import clock
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.repair.blueprint import bp


@bp.get("/my-jobs/worker.js")
@requires(Permission.WORK)
def worker() -> ResponseReturnValue:
    """The script that shows the phone's pages while the line is down; it serves these only."""
    script = Path(str(current_app.static_folder)) / "repair" / "worker.js"
    answer = Response(script.read_bytes(), mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = "/my-jobs"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/my-jobs/line")
@requires(Permission.WORK)
def line() -> ResponseReturnValue:
    """For the queue, when the line is back: who is signed in, the shop's clock, a fresh token."""
    return jsonify(
        user=me().id,
        now=clock.now().isoformat(),
        speed=clock.speed(),
        csrf_token=generate_csrf(),
    )
