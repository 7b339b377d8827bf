"""The columns of each kind: a head names one of them in both languages, and examples are right."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale, gettext

from workshop.setup.imports import listed, mapping
from workshop.setup.imports.kind import Kind
from workshop.sheets import normal_name
from workshop.sheets.days import EPOCH

KINDS = pytest.mark.parametrize("kind", listed.KINDS, ids=lambda kind: kind.name)


@KINDS
@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_the_heads_of_a_template_name_their_own_columns(
    app: Flask, kind: Kind, locale: str
) -> None:
    with app.test_request_context(), force_locale(locale):
        heads = [gettext(column.label) for column in kind.columns]
    places = {column.key: place for place, column in enumerate(kind.columns)}
    assert mapping.guess(kind, heads) == places


@KINDS
def test_a_name_of_a_column_is_that_of_no_other(kind: Kind) -> None:
    names = [name for column in kind.columns for name in {*map(normal_name, column.aliases)}]
    assert sorted(names) == sorted(set(names))


@KINDS
def test_each_example_is_one_that_would_be_taken(kind: Kind) -> None:
    for column in kind.columns:
        if column.example:
            more = (EPOCH, None) if column.is_day else ()
            read = column.read(column.example, *more)
            assert (read.refusal, read.warning) == (None, None), column.key
            assert read.value is not None, column.key
