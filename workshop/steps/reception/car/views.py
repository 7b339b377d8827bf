"""The walk round the car: sides confirmed, damage marked, photos added."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.reception import queries, walkaround
from workshop.steps.reception.blueprint import bp
from workshop.steps.reception.car import damage, photos
from workshop.steps.reception.car import forms as car_forms
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.car.zones import DamageKind
from workshop.steps.reception.rules import PhotoOf
from workshop.steps.reception.sections import page as section_page


@bp.post("/orders/<no>/reception/views")
@requires(Permission.RECEIVE)
def check_view(no: str) -> ResponseReturnValue:
    """Confirm one side of the car."""
    view = section_page.member(CarView, "view")
    checked = section_page.is_on("on")
    return section_page.do(
        no,
        "car",
        lambda order, at: walkaround.check_view(order, view, checked, by=me(), at=at),
    )


@bp.post("/orders/<no>/reception/marks")
@requires(Permission.RECEIVE)
def add_mark(no: str) -> ResponseReturnValue:
    """Mark damage on the drawn car."""
    form = car_forms.MarkForm(prefix="mark")
    view, x, y = form.point()
    return section_page.save(
        no,
        "car",
        form,
        "mark_form",
        lambda order, at: damage.add_mark(
            order,
            form.zone.data,
            DamageKind(form.kind.data),
            view=view,
            x=x,
            y=y,
            note=form.note.data or "",
            photos=car_forms.pictures(form.photo),
            by=me(),
            at=at,
        ),
    )


@bp.post("/orders/<no>/reception/marks/<int:mark_id>/photos")
@requires(Permission.RECEIVE)
def add_photos(no: str, mark_id: int) -> ResponseReturnValue:
    """Add photos to a mark."""
    form = car_forms.PhotoForm(prefix="photo")
    return section_page.save(
        no,
        "car",
        form,
        "photo_form",
        lambda order, at: damage.add_photos(
            order,
            queries.get_mark(order, mark_id),
            car_forms.pictures(form.photo),
            by=me(),
            at=at,
        ),
    )


@bp.post("/orders/<no>/reception/marks/<int:mark_id>/remove")
@requires(Permission.RECEIVE)
def remove_mark(no: str, mark_id: int) -> ResponseReturnValue:
    """Take a wrong mark off the drawing."""
    return section_page.do(
        no,
        "car",
        lambda order, at: damage.remove_mark(
            order, queries.get_mark(order, mark_id), by=me(), at=at
        ),
    )


@bp.post("/orders/<no>/reception/photos")
@requires(Permission.RECEIVE)
def add_car_photo(no: str) -> ResponseReturnValue:
    """Keep a photo of a side or of the dashboard."""
    form = car_forms.CarPhotoForm()
    return section_page.save(
        no,
        "car",
        form,
        "car_photo_form",
        lambda order, at: photos.add(
            order, PhotoOf(form.subject.data), form.picture, by=me(), at=at
        ),
    )


@bp.post("/orders/<no>/reception/photos/<int:photo_id>/remove")
@requires(Permission.RECEIVE)
def remove_car_photo(no: str, photo_id: int) -> ResponseReturnValue:
    """Take a wrong photo off the walk-around."""
    return section_page.do(
        no,
        "car",
        lambda order, at: photos.remove(
            order, queries.get_car_photo(order, photo_id), by=me(), at=at
        ),
    )
