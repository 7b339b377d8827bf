"""What changed on a live page is touched, and nothing else: focus, words and open forms stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

SCRIPT = (Path(__file__).parents[2] / "static/base/patch.js").read_text(encoding="utf-8")
# Marks each element, lets the part become like the other one, and tells what came of it.
RENEW = """html => {
  const part = document.querySelector("#part");
  for (const each of part.querySelectorAll("*")) each.before_ = true;
  const fresh = new DOMParser().parseFromString(`<div id="part">${html}</div>`, "text/html");
  const { changed, left } = window.patch(part, fresh.querySelector("#part"));
  const made = [...part.querySelectorAll("*")].filter((each) => !each.before_);
  const text = part.textContent.replace(/\\s+/g, " ").trim();
  const focus = document.activeElement.id;
  return { changed, left: left.length > 0, made: made.map((each) => each.outerHTML), focus, text };
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def renew(page: Page, old: str, new: str, do: str = "") -> dict[str, Any]:
    page.set_content(f'<div id="part">{old}</div>')
    source = SCRIPT.replace("export ", "") + "window.patch = patch;"
    page.add_script_tag(content=f"(() => {{ {source} }})()")
    if do:
        page.evaluate(do)
    found: dict[str, Any] = page.evaluate(RENEW, new)
    return found


def test_one_changed_row_is_touched_and_the_others_are_the_same_elements(page: Page) -> None:
    old = '<ul><li id="a">A <b>1</b></li><li id="b">B <b>2</b></li><li id="c">C</li></ul>'
    # when
    found = renew(page, old, old.replace("<b>2</b>", "<b>3</b>"))
    # then
    assert found == {"changed": 1, "left": False, "made": [], "focus": "", "text": "A 1B 3C"}


def test_rows_that_come_go_and_change_places_are_the_same_elements(page: Page) -> None:
    # when
    found = renew(
        page,
        '<ul>\n<li id="a">A</li>\n<li id="b">B</li>\n<li id="c">C</li>\n</ul>',
        '<ul>\n<li id="c">C</li>\n<li id="d">D</li>\n<li id="a">A</li>\n</ul>',
    )
    # then
    assert found["made"] == ['<li id="d">D</li>']
    assert found["text"] == "C D A"


def test_a_button_never_becomes_the_button_of_another_car(page: Page) -> None:
    # given: rows without ids, and somebody about to press the one of the second car
    def row(car: str) -> str:
        token = '<input type="hidden" name="csrf_token" value="NEW">'
        go = f'<form action="/orders/{car}/go">{token}<button>go</button></form>'
        return f'<li><a href="/orders/{car}">{car}</a>{go}</li>'

    old, new = (f"<ul>{''.join(map(row, cars))}</ul>" for cars in ("AB", "CAB"))
    # when: a third car comes on top
    found = renew(
        page,
        old.replace("NEW", "OLD"),
        new,
        "document.querySelector('[action=\"/orders/B/go\"] button').focus()",
    )
    # then
    assert len([each for each in found["made"] if each.startswith("<li>")]) == 1
    at = page.evaluate("document.activeElement.closest('form').getAttribute('action')")
    assert at == "/orders/B/go"


def test_a_card_in_another_row_is_carried_there_with_its_focus(page: Page) -> None:
    # when
    found = renew(
        page,
        '<div id="r1"><a href="#" id="card-1">x</a></div><div id="r2"></div>',
        '<div id="r1"></div><div id="r2"><a href="#" id="card-1">x</a></div>',
        "document.querySelector('#card-1').focus()",
    )
    # then
    assert found["made"] == []
    assert found["focus"] == "card-1"
    assert page.locator("#r2 #card-1").count() == 1


def test_a_card_whose_new_row_is_made_stands_there_once(page: Page) -> None:
    # when
    renew(
        page,
        '<div id="r1"><a href="#" id="card-1">x</a></div>',
        '<div id="r0"><a href="#" id="card-1">x</a></div><div id="r1"></div>',
    )
    # then
    assert page.locator("#card-1").count() == 1
    assert page.locator("#r0 #card-1").count() == 1


def test_what_somebody_types_is_kept_and_asked_for_again_later(page: Page) -> None:
    # given
    row = '<form><input id="note" value=""></form>'
    # when
    found = renew(
        page,
        f"<p>1</p>{row}",
        f"<p>2</p>{row.replace('value', 'data-other=yes value')}",
        "() => { const it = document.querySelector('#note'); it.focus(); it.value = '刹车'; }",
    )
    # then
    assert found["text"] == "2"
    assert found["left"]
    assert found["focus"] == "note"
    assert page.locator("#note").input_value() == "刹车"


def test_a_row_in_which_somebody_types_does_not_go_away_under_them(page: Page) -> None:
    # when
    found = renew(
        page,
        '<ul><li id="a"><form><input id="note"></form></li><li id="b">B</li></ul>',
        '<ul><li id="b">B2</li></ul>',
        "document.querySelector('#note').focus()",
    )
    # then
    assert found["left"]
    assert found["text"] == "B2"
    assert page.locator("#note").count() == 1


def test_what_is_folded_open_stays_open_and_goes_on(page: Page) -> None:
    # when: one that only shows, and one with a form to fill in
    found = renew(
        page,
        "<details id=d><summary>S</summary>1</details>"
        "<details id=f><summary>F</summary><form><input>1</form></details>",
        "<details id=d><summary>S</summary>2</details>"
        "<details id=f><summary>F</summary><form><input>2</form></details>",
        "() => { for (const each of document.querySelectorAll('details')) each.open = true; }",
    )
    # then
    assert found["text"] == "S2F1"
    assert found["left"]
    assert page.locator("details[open]").count() == 2


def test_new_tokens_alone_are_no_change_for_people(page: Page) -> None:
    # given
    old = '<form><input type="hidden" name="csrf_token" value="a"><button>x</button></form>'
    # when
    found = renew(page, old, old.replace('"a"', '"b"'))
    # then
    assert (found["changed"], found["left"]) == (0, False)
    assert page.locator("input[name=csrf_token]").get_attribute("value") == "b"


def test_a_clock_with_other_seconds_is_another_clock(page: Page) -> None:
    # when
    old = '<p id="p">a <b data-clock data-seconds="5">0:00</b></p>'
    found = renew(page, old, old.replace('"5"', '"65"'))
    # then
    assert found["made"] == ['<b data-clock="" data-seconds="65">0:00</b>']
