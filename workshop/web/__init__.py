"""The page furniture that all views share: forms, pages, words of refusals, the shop's clock."""

from workshop.web.acts import carry_out
from workshop.web.fields import MOST, choices, half_width, member, signature_png
from workshop.web.forms import (
    AuthorityMixin,
    ConsentMixin,
    ExceptionMixin,
    Form,
    PartForm,
    stripped,
    whole,
)
from workshop.web.hosts import full_address
from workshop.web.pages import asks_for_parts, blueprint, error_page, own_path, page, paper
from workshop.web.quantities import QUANTITY, QuantityForm, milli_from_text
from workshop.web.times import DEFAULT_ZONE, local, local_to_utc, parse_day, zone
from workshop.web.words import (
    both_versions,
    error_words,
    missing_words,
    show_value,
    status_of,
    words,
)

__all__ = [
    "DEFAULT_ZONE",
    "MOST",
    "QUANTITY",
    "AuthorityMixin",
    "ConsentMixin",
    "ExceptionMixin",
    "Form",
    "PartForm",
    "QuantityForm",
    "asks_for_parts",
    "blueprint",
    "both_versions",
    "carry_out",
    "choices",
    "error_page",
    "error_words",
    "full_address",
    "half_width",
    "local",
    "local_to_utc",
    "member",
    "milli_from_text",
    "missing_words",
    "own_path",
    "page",
    "paper",
    "parse_day",
    "show_value",
    "signature_png",
    "status_of",
    "stripped",
    "whole",
    "words",
    "zone",
]
