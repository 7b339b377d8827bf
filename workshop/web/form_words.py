"""What WTForms says of its own accord, in the words of the shop and the reader's language."""

from __future__ import annotations

from flask_babel import gettext
from flask_wtf.i18n import translations as library

from workshop.errors import N_

_CHOOSE = N_("Choose one of what is offered.")
_WORDS = {
    "This field is required.": N_("This is needed."),
    "Not a valid choice.": _CHOOSE,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE,
    "'%(value)s' is not a valid choice for this field.": _CHOOSE,
    "Not a valid integer value.": N_("Write a whole number."),
    "Not a valid decimal value.": N_("Write a number."),
    "Not a valid float value.": N_("Write a number."),
    "Not a valid date value.": N_("This is no date."),
    "Not a valid time value.": N_("This is no time."),
    "Not a valid datetime value.": N_("This is no date and time."),
    "Field cannot be longer than %(max)d character.": N_("At most %(max)d characters."),
    "Field must be at least %(min)d character long.": N_("At least %(min)d characters."),
    "Number must be at least %(min)s.": N_("At least %(min)s."),
    "Number must be at most %(max)s.": N_("At most %(max)s."),
    "Number must be between %(min)s and %(max)s.": N_("Between %(min)s and %(max)s."),
}


class Translations:
    """Stands where WTForms looks its messages up; for what has no words here it has its own."""

    def gettext(self, text: str) -> str:
        """A message of the library."""
        ours = _WORDS.get(text)
        return str(gettext(ours) if ours is not None else library.gettext(text))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """A message of the library that counts something."""
        ours = _WORDS.get(singular)
        return str(gettext(ours) if ours else library.ngettext(singular, plural, number))


TRANSLATIONS = Translations()
