"""A short round on each run; the long one is `python -m tests.fuzz --rounds 5`."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from tests.databases import Database
from tests.fuzz import shop, values
from tests.fuzz.forms import forms_of

CASES = 300
PAGES_AFTERWARDS = 40
LEAST_FORMS = 500
# How often a spoilt request still did something: what is refused at the door tests little.
LEAST_DONE = 20


# Of a form that is too large the library leaves the file to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_that_is_sent_breaks_a_page(database: Database) -> None:
    """Another seed each day; a fault says how its round is repeated."""
    seed = datetime.now(UTC).strftime("%Y%m%d")
    with shop.under_fire(database, seed) as fight:
        assert len(fight.sent) > LEAST_FORMS
        fight.fire(CASES)
        fight.check_pages(PAGES_AFTERWARDS)
        done = fight.statuses[302] + fight.statuses[303]
        told = [
            f"{each.who}: {each.told}\n{each.why}\n"
            f"again: python -m tests.fuzz --seed {seed} --until {each.number}"
            for each in fight.faults
        ]
    assert not told, "\n\n".join(told)
    assert done >= LEAST_DONE


# Of a form that is refused before it is read the library leaves the file to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_free_field_breaks_over_blanks_or_a_file(database: Database) -> None:
    """Once a file under the name of a text field was an error, and a name of three blanks."""
    with shop.under_fire(database, "each field") as fight:
        assert fight.fire_free_fields(lambda: "   ") > 60
        fight.fire_free_fields(lambda: values.file(Random(1)))
        told = [f"{each.told}\n{each.why}" for each in fight.faults]
    assert not told, "\n\n".join(told)


def test_a_form_is_read_as_a_browser_sends_it() -> None:
    page = """<form method="post" action="/a"><input name="x" value="1">
      <textarea name="t"></textarea>
      <input type="radio" name="r" value="a"><input type="radio" name="r" value="b" checked>
      <select name="s"><option value="">-</option><option value="2" selected></select>
      </form><form action="https://elsewhere/"><input name="y"></form>"""
    (form,) = forms_of(page, "/page")
    assert (form.action, form.method) == ("/a", "POST")
    assert form.fields == {"x": ["1"], "t": [""], "r": ["b"], "s": ["2"]}


def test_the_same_seed_spoils_in_the_same_way() -> None:
    first, second = ({"a": ["1"], "b": ["2"]} for _ in range(2))
    values.spoil(first, Random("x"))  # type: ignore[arg-type]  # A form's texts are values too.
    values.spoil(second, Random("x"))  # type: ignore[arg-type]
    assert repr(first) == repr(second)
