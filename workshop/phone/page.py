"""The edge of a phone's acts: a form of its page, or the same form from the phone's queue.

The queue asks for JSON, sends the time of the tap and who tapped, and may send an act again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Response, current_app, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf

from workshop import clock, web
from workshop.errors import N_, Invalid, NotAllowed
from workshop.phone import applied, rules
from workshop.staff.access import me


def once(
    name: str,
    do: Callable[[datetime], Mapping[str, Any] | None],
    *,
    after: Callable[[], datetime | None],
    url: str = "",
) -> dict[str, Any]:
    """Apply what the phone has sent, however often it comes; the first answer is the answer.

    `do` gets the time of the act: that of the tap, unless it lies before `after()`, the latest
    thing known of what is acted on; it may give more for the answer. Raises NotAllowed when
    somebody else has signed in since the tap.
    """
    now, client_id = clock.now(), request.form.get("client_id", "")
    _require_same_person()
    known = applied.find_answer(client_id, name, by=me())
    if known is not None:
        return known
    tapped = tapped_at()
    at = now if tapped is None else rules.act_time(tapped, after(), now)
    answer = {"act": name, "at": at.isoformat(), "url": url, **(do(at) or {})}
    applied.keep(client_id, name, answer, tapped_at=tapped, received_at=now, by=me(), at=at)
    return answer


def _require_same_person() -> None:
    whose = request.form.get("user", "")
    if whose and whose != str(me().id):
        raise NotAllowed(
            N_("Somebody else has signed in. It is sent when the one who pressed it is back."),
            code="other_person",
        )


def tapped_at() -> datetime | None:
    """When the act was tapped, as the phone says; None for an act of the page itself."""
    return moment_of(request.form.get("tapped_at", ""))


def moment_of(text: str) -> datetime | None:
    """A moment as the phone writes it; None for what is none."""
    try:
        sent_at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return sent_at.astimezone(UTC) if sent_at.tzinfo is not None else None


def reply(answer: dict[str, Any]) -> ResponseReturnValue:
    """Say that an act is done: lead to the page that it stood on, or answer the queue."""
    return jsonify(answer) if is_queue() else redirect(answer["url"])


def is_queue() -> bool:
    """Whether the phone's queue asks, which reads no pages."""
    return request.accept_mimetypes.best == "application/json"


def tell_queue(form: web.Form) -> None:
    """Raise why a form is refused, when the queue has sent it; a page shows the form instead."""
    if is_queue():
        raise form.refusal or Invalid(_first_wrong(form) or N_("What was sent cannot be read."))


def _first_wrong(form: web.Form) -> str:
    """What is wrong first, after the words of its line: alone nobody would find the line."""
    wrong = ((each.label.text, text) for each in form for text in each.errors)
    told = next((f"{gettext(str(label))}: {text}" for label, text in wrong), "")
    return told or next((str(text) for text in form.form_errors), "")


def line() -> ResponseReturnValue:
    """For the queue, when the line is back: who is signed in, the shop's clock, a fresh token."""
    return jsonify(
        user=me().id,
        now=clock.now().isoformat(),
        speed=clock.speed(),
        csrf_token=generate_csrf(),
    )


def worker(scope: str) -> ResponseReturnValue:
    """The script that shows the pages under `scope` while the line is down, and no others."""
    script = Path(str(current_app.static_folder)) / "phone" / "worker.js"
    answer = Response(script.read_bytes(), mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = scope
    answer.headers["Cache-Control"] = "no-cache"
    return answer
