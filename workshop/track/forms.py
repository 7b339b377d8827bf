"""What the customer sends from the link: the signature; each line's answer is read beside it."""

from __future__ import annotations

from wtforms import FileField, HiddenField, StringField, TextAreaField

from workshop import web
from workshop.errors import N_
from workshop.steps.quotation import answers
from workshop.thread.rules import Wish


class AnswerForm(web.AuthorityMixin, web.Form):
    """The customer's own answer, with the version that their page showed."""

    seen = HiddenField()
    signature = HiddenField()
    signature_typed = StringField(N_("Name"))

    def __init__(self) -> None:
        # The secret address stands for the customer, also when a cookie was lost.
        super().__init__(meta={"csrf": False})

    @property
    def seen_version(self) -> int | None:
        """The version that the page showed; None when it says none."""
        return web.whole(self.seen.data) if self.seen.data else None

    @property
    def is_late(self) -> bool:
        """Whether the offered time ran out while the customer thought."""
        return self.refusal is not None and self.refusal.code in answers.OVERTAKEN

    @property
    def is_stale(self) -> bool:
        """Whether the offer was changed meanwhile."""
        return self.refusal is not None and self.refusal.code == "conflict"


class SayForm(web.Form):
    """What the customer writes; the first time with the end of the phone number."""

    words = TextAreaField(N_("Your message"))
    photo = FileField(N_("Photo"))
    tail = StringField(N_("Last four digits of your phone number"))
    wish = HiddenField()

    def __init__(self) -> None:
        # The secret address stands for the customer, also when a cookie was lost.
        super().__init__(meta={"csrf": False})

    @property
    def asked(self) -> Wish:
        """What is asked for; plain words without a button of its own."""
        return next((each for each in Wish if each.value == self.wish.data), Wish.WORDS)

    @property
    def picture(self) -> bytes:
        """The photo, if one was added."""
        return self.photo.data.read() if self.photo.data else b""
