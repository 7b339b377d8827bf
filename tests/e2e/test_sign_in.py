"""Signing in by more than a password, in a real browser: passkey, app, recovery code, PIN."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.cast import Enter
from tests.e2e.open_shop import PASSWORD, OpenShop
from tests.e2e.person import Person
from tests.e2e.words import Words
from workshop import db
from workshop.staff import service as staff
from workshop.staff.floor import pins

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
WORDS = Words("zh_CN")
USER = "cashier"
TECHNICIAN = "tech1"
PIN = "480317"
_IS_SIGN_IN = re.compile(r"/sign-in(\?|$)")
KEY_MAKER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def desk(visit: Enter, open_shop: OpenShop) -> Person:
    """A browser on this computer: by its name, for an address of numbers knows no passkeys."""
    visitor = visit()
    return Person(visitor.page, WORDS, open_shop.address.replace("127.0.0.1", "localhost"))


def give_password(person: Person, username: str = USER) -> None:
    person.go("/sign-in")
    person.page.locator("input[name=username]").fill(username)
    person.page.locator("input[name=password]").fill(PASSWORD)
    person.page.locator("input[name=password]").press("Enter")
    person.page.wait_for_url(lambda url: urlsplit(url).path != "/sign-in")


def sign_out(person: Person) -> None:
    person.page.locator("details.menu > summary").click()
    person.page.locator("form[action$='/sign-out'] button").click()
    person.page.wait_for_url(_IS_SIGN_IN)


def open_second_factor(person: Person) -> None:
    """From the own page; the password was asked a moment ago."""
    person.page.locator("details.menu > summary").click()
    person.follow(WORDS("My account"))
    person.follow(WORDS("Second factor and passkeys"))


def code_of(shop: OpenShop, key: str) -> str:
    """What an app shows that was given this key."""
    totp = shop.app.extensions["security"].totp_factory._totp
    return str(totp(key=key.replace("-", ""), format="base32").generate().token)


def test_a_passkey_signs_in_without_name_and_password(desk: Person) -> None:
    # given: a device with a finger on it
    page = desk.page
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": KEY_MAKER})
    give_password(desk)
    open_second_factor(desk)
    # when
    desk.write(WORDS("Name of the passkey"), "指纹")
    with page.expect_navigation():
        desk.press(WORDS("Add a passkey"))
    desk.reads("指纹")
    sign_out(desk)
    desk.press(WORDS("Sign in with a passkey"))
    # then
    page.wait_for_url(lambda url: "/sign-in" not in url)
    desk.go("/account")
    desk.reads(WORDS("Passkey"))


def test_an_app_a_recovery_code_and_a_copied_cookie(
    desk: Person, visit: Enter, open_shop: OpenShop
) -> None:
    # given
    page = desk.page
    give_password(desk)
    open_second_factor(desk)
    desk.send(WORDS("Set up an app"))
    key = page.locator("[data-app-key]").inner_text()
    desk.write(WORDS("Code of the app"), code_of(open_shop, key))
    desk.send(WORDS("Switch it on"))
    recovery = page.locator(".recovery-codes li").first.inner_text()
    # when the phone is not at hand
    sign_out(desk)
    give_password(desk)
    desk.reads(WORDS("Your password is right. Now enter the six digits that your app shows."))
    desk.follow(WORDS("The phone is not at hand: use a recovery code"))
    desk.write(WORDS("Recovery code"), recovery)
    desk.send(WORDS("Sign in"))
    page.wait_for_url(lambda url: "/sign-in" not in url)
    # then a copy of the cookies opens as much, and nothing once this one is out
    thief = visit()
    thief.context.add_cookies(page.context.cookies())
    copied = Person(thief.page, WORDS, desk.address)
    copied.go("/account")
    copied.reads(WORDS("Where I am signed in"))
    sign_out(desk)
    copied.go("/account")
    expect(copied.page).to_have_url(_IS_SIGN_IN)


def test_a_shared_phone_is_paired_and_opened_by_a_pin(
    enter: Enter, visit: Enter, open_shop: OpenShop
) -> None:
    # given: a technician with a PIN, and a phone that shows a code
    with open_shop.app.app_context():
        user = staff.find_user(TECHNICIAN)
        assert user is not None
        name = user.display_name
        pins.set_pin(user, PASSWORD, PIN, at=user.created_at)
        db.commit()
        db.session.remove()
    visitor = visit(width=390, height=780)
    phone = Person(visitor.page, WORDS, open_shop.address)
    phone.go("/floor")
    phone.send(WORDS("Show a code"))
    code = phone.page.locator(".floor-code").inner_text()
    # when the manager enters it
    manager = Person(enter("manager").page, WORDS, open_shop.address)
    manager.open(WORDS("Shared devices"))
    manager.write(WORDS("Code on the device"), code)
    manager.page.locator("form .field input[name=name]").last.fill("3号工位")
    manager.send(WORDS("Pair"))
    # then the phone goes on by itself, and a name and a PIN open the own jobs only
    phone.page.get_by_label(name, exact=True).wait_for(state="attached")
    phone.choose(WORDS("Who are you?"), name)
    phone.page.locator("input[name=pin]").fill(PIN)
    phone.send(WORDS("Sign in"))
    expect(phone.page).to_have_url(re.compile(r"/my-jobs$"))
    phone.go("/account")
    phone.reads(WORDS("Not allowed"))
    # when the device is revoked, the person is out
    manager.page.once("dialog", lambda dialog: dialog.accept())
    mine = manager.page.locator("input[value='3号工位']")
    row = manager.page.get_by_role("listitem").filter(has=mine)
    row.get_by_role("button", name=WORDS("Revoke"), exact=True).click()
    manager.page.get_by_role("dialog").get_by_role("button").last.click()
    expect(mine).to_have_count(0)
    phone.go("/my-jobs")
    expect(phone.page).to_have_url(_IS_SIGN_IN)
