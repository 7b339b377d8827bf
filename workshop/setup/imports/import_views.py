"""The pages of imports: bring a file, see its columns and its dry run, take it over and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.errors import N_, NotAllowed, WorkshopError
from workshop.setup.blueprint import bp
from workshop.setup.imports import background, gates, listed, queries, service
from workshop.setup.imports.forms import FileForm, ReadingForm, chosen, mapping_form
from workshop.setup.imports.kind import Kind
from workshop.setup.imports.models import ImportBatch
from workshop.setup.imports.page import TONES, ImportPage
from workshop.setup.imports.rules import ImportState, Verdict
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission

_IMPORT = requires(Permission.IMPORT_DATA)
S = ImportState
_BRING = "setup.bring_import"
# The file, and the form around it.
_MOST_SENT = service.LARGEST + 1024 * 1024


@bp.url_value_preprocessor
def take_large_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Only this address takes files of this size."""
    if endpoint == _BRING:
        request.max_content_length = _MOST_SENT


def _kinds() -> list[Kind]:
    """The kinds that the reader may bring."""
    return [kind for kind in listed.KINDS if all(me().may(right) for right in kind.rights)]


@bp.get("/setup/imports")
@_IMPORT
def list_imports() -> ResponseReturnValue:
    """Bring a file, and what was brought before."""
    return _list()


def _list(form: FileForm | None = None) -> ResponseReturnValue:
    kinds = _kinds()
    if not kinds:
        raise NotAllowed(N_("You may see none of what could be brought in."))
    chosen_kind = request.args.get("kind", "")
    return web.page(
        "setup/imports/index.html",
        form.status if form else 200,
        form=form or FileForm.of(kinds, posted=False, chosen=chosen_kind),
        kinds=kinds,
        batches=queries.list_batches(g.branch, web.whole(request.args.get("page"), 1)),
        kind_of=listed.get_kind,
    )


@bp.post("/setup/imports")
@_IMPORT
def bring_import() -> ResponseReturnValue:
    """Take a file in and look at its columns."""
    form = FileForm.of(_kinds(), posted=True)

    def act() -> ImportBatch:
        kind, name, data = form.read()
        return service.bring(g.branch, kind, name, data, by=me(), at=clock.now())

    if form.carry_out(act):
        return _to(form.outcome.id)
    return _list(form)


def _to(import_id: int, **more: Any) -> ResponseReturnValue:
    return redirect(url_for("setup.show_import", import_id=import_id, **more))


def _get(import_id: int) -> ImportBatch:
    batch = queries.get_batch(g.branch, import_id)
    service.require_rights(listed.get_kind(batch.kind), me())
    return batch


@bp.get("/setup/imports/<int:import_id>")
@_IMPORT
def show_import(import_id: int) -> ResponseReturnValue:
    """How far a file is, and what is to do."""
    return _page(_get(import_id))


def _page(
    batch: ImportBatch, *, columns: Any = None, refusal: WorkshopError | None = None
) -> ResponseReturnValue:
    verdict = web.member(Verdict, request.args.get("show"))
    page = ImportPage(batch, verdict, web.whole(request.args.get("page"), 1))
    form = columns or mapping_form(page.kind, page.header, batch.mapping, batch.version)
    reading = ReadingForm.blank(
        seen=batch.version, encoding=batch.encoding, delimiter=batch.delimiter
    )
    return web.page(
        "setup/imports/show.html",
        web.status_of(refusal) if refusal else form.status,
        page=page,
        batch=batch,
        form=form,
        reading=reading,
        tones=TONES,
        missing=gates.missing_for_check(page.kind, batch.mapping),
        refusal=web.error_words(refusal) if refusal else None,
    )


@bp.post("/setup/imports/<int:import_id>/reading")
@_IMPORT
def read_again(import_id: int) -> ResponseReturnValue:
    """Read the file with another encoding or separator."""
    batch, form = _get(import_id), ReadingForm.posted()
    seen = web.whole(form.seen.data)
    encoding, delimiter = form.encoding.data or "", form.delimiter.data or ""

    def act() -> None:
        service.choose_reading(batch, seen, encoding, delimiter, by=me())

    if form.carry_out(act):
        return _to(import_id)
    return _page(_get(import_id), refusal=form.refusal)


@bp.post("/setup/imports/<int:import_id>/columns")
@_IMPORT
def change_columns(import_id: int) -> ResponseReturnValue:
    """Go back to the columns of a file that was checked."""
    batch = _get(import_id)
    refusal = web.carry_out(
        lambda: service.map_columns(batch, batch.version, batch.mapping, by=me())
    )
    return _page(_get(import_id), refusal=refusal) if refusal else _to(import_id)


@bp.post("/setup/imports/<int:import_id>/check")
@_IMPORT
def check_import(import_id: int) -> ResponseReturnValue:
    """Keep the columns, and begin the dry run."""
    batch = _get(import_id)
    kind = listed.get_kind(batch.kind)
    form = mapping_form(kind, batch.found["header"])
    seen = web.whole(form.seen.data)

    def act() -> str:
        service.map_columns(batch, seen, chosen(kind, form), by=me())
        db.session.flush()
        return service.begin(batch, S.CHECKING, by=me(), at=clock.now())

    if form.carry_out(act):
        background.launch(import_id, form.outcome)
        return _to(import_id)
    return _page(_get(import_id), columns=form)


@bp.post("/setup/imports/<int:import_id>/days")
@_IMPORT
def say_day_first(import_id: int) -> ResponseReturnValue:
    """Say of a column whether the day stands before the month; the file is checked once more."""
    batch = _get(import_id)
    key, order = request.form.get("column", ""), request.form.get("order", "")

    def act() -> str:
        service.say_day_first(batch, key, order == "day", by=me())
        db.session.flush()
        return service.begin(batch, S.CHECKING, by=me(), at=clock.now())

    return _run(import_id, act)


@bp.post("/setup/imports/<int:import_id>/answer")
@_IMPORT
def answer_import(import_id: int) -> ResponseReturnValue:
    """Answer a question of a row, or of all rows that ask it."""
    batch = _get(import_id)
    sent = request.form
    row_id = web.whole(sent["row"]) if sent.get("row") else None
    question, choice = sent.get("question", ""), sent.get("choice", "")
    refusal = web.carry_out(lambda: service.answer(batch, question, choice, row_id, by=me()))
    if refusal is not None:
        return _page(_get(import_id), refusal=refusal)
    return _to(import_id, show=Verdict.DOUBTFUL.value, page=web.whole(sent.get("page"), 1))


@bp.post("/setup/imports/<int:import_id>/apply")
@_IMPORT
def apply_import(import_id: int) -> ResponseReturnValue:
    """Take the rows over that can be taken."""
    batch = _get(import_id)
    return _run(import_id, lambda: service.begin(batch, S.APPLYING, by=me(), at=clock.now()))


@bp.post("/setup/imports/<int:import_id>/take-back")
@_IMPORT
def take_back_import(import_id: int) -> ResponseReturnValue:
    """Take the import back."""
    batch = _get(import_id)
    return _run(import_id, lambda: service.begin(batch, S.UNDOING, by=me(), at=clock.now()))


def _run(import_id: int, begin: Callable[[], str]) -> ResponseReturnValue:
    """Let a run begin, once it is committed."""
    begun: list[str] = []
    refusal = web.carry_out(lambda: begun.append(begin()))
    if refusal is not None:
        return _page(_get(import_id), refusal=refusal)
    background.launch(import_id, begun[0])
    return _to(import_id)


@bp.post("/setup/imports/<int:import_id>/stop")
@_IMPORT
def stop_import(import_id: int) -> ResponseReturnValue:
    """Stop what runs for the file."""
    batch = _get(import_id)
    refusal = web.carry_out(lambda: service.stop(batch, by=me(), at=clock.now()))
    return _page(_get(import_id), refusal=refusal) if refusal else _to(import_id)


@bp.post("/setup/imports/<int:import_id>/give-up")
@_IMPORT
def give_up_import(import_id: int) -> ResponseReturnValue:
    """Put a file away that was not taken over."""
    batch = _get(import_id)
    refusal = web.carry_out(lambda: service.give_up(batch, by=me(), at=clock.now()))
    if refusal is not None:
        return _page(_get(import_id), refusal=refusal)
    flash(gettext("Nothing of the file was taken over."), "good")
    return redirect(url_for("setup.list_imports"))
