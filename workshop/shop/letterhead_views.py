"""The head of the shop's papers: what it shows, the logo, and how it comes out of the printer."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from workshop import clock, db, paper, web
from workshop.errors import N_, NotFound
from workshop.shop import forms, letterhead
from workshop.shop.blueprint import bp
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.web import versions


@bp.get("/shop/papers")
@requires(Permission.MANAGE_SHOP)
def papers() -> ResponseReturnValue:
    """What stands on every paper."""
    return _page()


@bp.post("/shop/papers")
@requires(Permission.MANAGE_SHOP)
def save_letterhead() -> ResponseReturnValue:
    """Other lines, another sheet."""
    form = forms.LetterheadForm.posted()
    look, seen = form.look(), form.seen.data
    return _answer(
        form.carry_out(
            lambda: letterhead.change(g.branch, look, seen=seen, by=me(), at=clock.now())
        ),
        head=form,
    )


@bp.post("/shop/papers/logo")
@requires(Permission.MANAGE_SHOP)
def save_logo() -> ResponseReturnValue:
    """A picture for the head."""
    form = forms.LogoForm.posted()
    return _answer(
        form.carry_out(
            lambda: letterhead.set_logo(g.branch, form.data_of(), by=me(), at=clock.now())
        ),
        logo=form,
    )


@bp.post("/shop/papers/logo/off")
@requires(Permission.MANAGE_SHOP)
def take_logo_off() -> ResponseReturnValue:
    """No picture in the head."""
    letterhead.take_logo_off(g.branch, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("shop.papers"))


@bp.get("/shop/papers/logo.png")
@requires(Permission.MANAGE_SHOP)
def logo() -> ResponseReturnValue:
    """The picture as it stands in the head."""
    kept = letterhead.find(g.branch)
    if kept is None or kept.logo is None:
        raise NotFound(N_("There is no logo."))
    return Response(kept.logo, mimetype="image/png")


@bp.get("/shop/papers/sample")
@requires(Permission.MANAGE_SHOP)
def sample() -> ResponseReturnValue:
    """An empty paper with the head, to hold beside the shop's own."""
    made = paper.document(
        gettext("Sample"),
        letterhead.head_of(g.branch, gettext),
        [paper.note(gettext("So the head and the foot of every paper look."))],
        page_of=gettext("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"),
        language=str(get_locale() or "zh_CN"),
    )
    return web.paper(made, "sample")


def _answer(is_done: bool, **form: web.Form) -> ResponseReturnValue:
    if is_done:
        flash(gettext("Saved."), "good")
        return redirect(url_for("shop.papers"))
    (refused,) = form.values()
    return _page(refused.status, **form)


def _page(status: int = 200, **refused: web.Form) -> ResponseReturnValue:
    look, kept = letterhead.look_of(g.branch), letterhead.find(g.branch)
    shown: dict[str, Any] = {
        "head": forms.LetterheadForm.of(look, versions.mark(letterhead.state_of(look))),
        "logo": forms.LogoForm.blank(),
        **refused,
    }
    return web.page(
        "shop/papers.html", status, has_logo=kept is not None and kept.logo is not None, **shown
    )
