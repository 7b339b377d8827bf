"""The application: blueprints, extensions, and the one error handler."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

import flask_migrate
import structlog
from flask import Flask, g, has_request_context, request, session
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_compress import Compress
from flask_security import Security, SQLAlchemyUserDatastore
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from workshop import (
    attendance,
    book,
    catalogue,
    clock,
    db,
    desk,
    duties,
    health,
    kept,
    limits,
    live,
    screen,
    setup,
    shop,
    staff,
    steps,
    together,
    touched,
    track,
    trail,
    web,
)
from workshop.config import PACKAGE, Settings, resource_folder
from workshop.customers import rules as customer_rules
from workshop.customers import shown
from workshop.desk import onward_page
from workshop.duties import page as duties_page
from workshop.duties import registry, who_page
from workshop.health import views as health_views
from workshop.kept import addresses, unchanged
from workshop.orders import effects, expected, ties
from workshop.phone import dropping
from workshop.setup import band_page
from workshop.shop.models import Branch
from workshop.sockets.lines import Lines
from workshop.staff import access
from workshop.staff import duty as duty_kinds
from workshop.staff.forms import SignInForm
from workshop.staff.models import Role, User
from workshop.staff.permissions import Permission
from workshop.staff.second_factor import settings as second_factor
from workshop.staff.second_factor.adapters import HashedRecoveryCodes, OneTimeCodes, Passkeys
from workshop.staff.second_factor.forms import CodeForm, NoRescueForm, PasskeyForm, RecoveryForm
from workshop.staff.second_factor.models import Passkey
from workshop.staff.service import LOCALES
from workshop.staff.sessions import cookie
from workshop.touched import asking_views
from workshop.track import page as follow_page
from workshop.web import assets, display, headers, hosts, lists, navigation, refusals, ways
from workshop.web.face import Face
from workshop.web.languages import Languages, Templates
from workshop.web.typed import TypedRequest
from workshop.web.ways import WhoMay

log = structlog.get_logger(__name__)

FACES: tuple[Face, ...] = (
    desk.FACE,
    touched.FACE,
    *steps.faces().values(),
    book.FACE,
    attendance.FACE,
    screen.FACE,
    staff.FACE,
    shop.FACE,
    duties.FACE,
    catalogue.FACE,
    setup.FACE,
    track.FACE,
    trail.FACE,
    health.FACE,
)
"""What the packages bring, in the order of the menu."""


def create_app(settings: Settings, lines: Lines | None = None) -> Flask:
    """Make the application for these settings; `lines` lead to the processes that hold sockets."""
    app = Flask(
        "workshop",
        template_folder=str(resource_folder("templates")),
        static_folder=str(resource_folder("static")),
    )
    app.request_class = TypedRequest
    app.jinja_environment = Templates
    app.config.from_mapping(_flask_config(settings))
    app.extensions["workshop_settings"] = settings
    if settings.behind_https:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    app.log_exception = _log_failure  # type: ignore[method-assign]
    health_views.init_app(app, settings)
    hosts.init_app(app)
    app.before_request(_prepare)
    cut_font = access.public(assets.cut_font)
    app.add_url_rule("/static/writing/<codes>.woff2", "writing", cut_font)
    _add_extensions(app)
    app.before_request(access.guard)
    ways.set_who_may(app, WhoMay(who_page.of_endpoint, who_page.of_rights, access.is_stranger))
    headers.init_app(app)
    refusals.init_app(app)
    asking_views.init_app(app)
    app.extensions["workshop_faces"] = FACES
    duty_kinds.register(registry.list_duties())
    for face in FACES:
        app.register_blueprint(face.blueprint)
        effects.register(face.blueprint.name, face.effects)
        ties.register(face.blueprint.name, face.ties)
    limits.count_offers(app)
    _add_display(app)
    live.init_app(app, settings, lines)
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SECURITY_PASSWORD_SALT": hashlib.sha256(settings.secret_key.encode()).hexdigest(),
        "SECURITY_PASSWORD_HASH": "plaintext" if settings.testing else "argon2",
        "SECURITY_PASSWORD_SINGLE_HASH": ["plaintext"] if settings.testing else False,
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [
            {"username": {"mapper": str, "case_insensitive": True}}
        ],
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
        "SECURITY_LOGIN_USER_TEMPLATE": "staff/sign_in.html",
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_DATETIME_FACTORY": clock.now,
        **second_factor.library_settings(settings.secret_key),
        "SECURITY_I18N_DIRNAME": ["builtin"],
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        # On SQLite whoever waits for a long writer holds a connection: others must find one.
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": True}
        | ({"max_overflow": 45} if settings.database_url.startswith("sqlite") else {}),
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.behind_https,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings.behind_https,
        "MAX_CONTENT_LENGTH": 32 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        # The customer's link sends no referrer on purpose; the token in the form is what counts.
        "WTF_CSRF_SSL_STRICT": False,
        "BABEL_DEFAULT_LOCALE": "zh_CN",
        "BABEL_TRANSLATION_DIRECTORIES": str(PACKAGE / "translations"),
        "RATELIMIT_STORAGE_URI": settings.redis_url or "memory://",
        "RATELIMIT_ENABLED": not settings.testing,
        # How fast nobody fills in the booking page; a test is no person.
        "BOOK_LEAST_SECONDS": 0 if settings.testing else 2,
        "TESTING": settings.testing,
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _add_extensions(app: Flask) -> None:
    db.init_app(app)
    together.init_app(app)
    kept.init_app(app)
    addresses.init_app(app)
    app.extensions["migrate"] = _Migrations()
    Languages(app, locale_selector=_choose_locale, timezone_selector=lambda: str(web.zone()))
    # Who holds the secret address of a customer's link needs no cookie: nothing hangs on one.
    csrf = CSRFProtect(app)
    for name in (*track.WITHOUT_COOKIE, *book.WITHOUT_COOKIE):
        csrf.exempt(name)
    Compress(app)
    # Before that, in the order of answers: it says in the tag how it compressed.
    unchanged.init_app(app)
    Security(
        app,
        SQLAlchemyUserDatastore(db.db, User, Role, webauthn_model=Passkey),
        login_form=SignInForm,
        two_factor_verify_code_form=CodeForm,
        two_factor_rescue_form=NoRescueForm,
        mf_recovery_form=RecoveryForm,
        wan_register_form=PasskeyForm,
        totp_cls=OneTimeCodes,
        mf_recovery_codes_util_cls=HashedRecoveryCodes,
        webauthn_util_cls=Passkeys,
        register_blueprint=True,
    )
    cookie.init_app(app)
    limits.init_app(app)


class _Migrations:
    """What migrations ask the app for; their library is loaded when one does."""

    directory = str(PACKAGE / "migrations")
    db = db.db

    @property
    def migrate(self) -> Any:
        return flask_migrate.Migrate(None, self.db, directory=self.directory)


def _log_failure(exc_info: Any) -> None:
    """What nobody expected: the log has it under the number that the page shows."""
    log.error("a request failed", path=request.path, exc_info=exc_info)


def _prepare() -> ResponseReturnValue | None:
    structlog.contextvars.clear_contextvars()
    g.request_no = secrets.token_hex(4)
    structlog.contextvars.bind_contextvars(request=g.request_no)
    only_reads = request.method in ("GET", "HEAD", "OPTIONS")
    db.begin_as_reader(only_reads)
    is_file = request.endpoint in headers.FILES
    if not is_file and (unchanged.is_known() or follow_page.is_known()):
        return unchanged.answer()
    user = access.find_me() if not is_file else None
    cookie.note_seen(only_reads=only_reads)
    branch = db.session.get(Branch, user.branch_id) if user else None
    g.branch = branch
    g.zone_name = branch.zone if branch else None
    return None


def _choose_locale() -> str:
    if not has_request_context():
        return "zh_CN"
    user = access.find_me()
    if user is not None:
        return user.locale
    kept = session.get("locale")
    if kept in LOCALES:
        return str(kept)
    # Chinese first: only a browser that prefers English gets it.
    wanted = request.accept_languages.best_match(["zh", "en"], "zh")
    return "en" if wanted == "en" else "zh_CN"


def _add_display(app: Flask) -> None:
    app.jinja_env.filters.update(
        display.FILTERS, plate=customer_rules.show_plate, words=web.missing_words, **shown.FILTERS
    )
    app.jinja_env.tests["green_plate"] = customer_rules.is_green_plate
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    assets.init_app(app)
    # Macros are imported without a page's context: what they use must be global.
    app.jinja_env.globals.update(
        now=clock.now,
        drop_reasons=dropping.REASONS,
        url_for=addresses.url_for,
        flow_of=steps.flow_of,
        find_onward=onward_page.find,
        full_address=hosts.full_address,
        instead=ways.instead,
        sheet_address=lists.address_of,
        sheet_of=lists.get_sheet,
        expected_of=lambda order: expected.on_page(order, clock.now()),
    )

    @app.context_processor
    def names() -> dict[str, Any]:
        user = access.find_me()
        return {
            "branch": g.get("branch"),
            "can": lambda name: user is not None and user.may(Permission[name]),
            "demo": app.extensions["workshop_settings"].demo,
            "locale": str(get_locale() or "zh_CN").replace("zh_Hans_CN", "zh_CN"),
            "me": user,
            "nav": [] if web.asks_for_parts() else navigation.menu(user),
            "only_parts": web.asks_for_parts(),
            "waiting_band": lambda: duties_page.find_band(user, clock.now()),
            "who_may": lambda error: who_page.box_of(error, g.get("branch"), user, clock.now()),
            "shop_band": lambda: band_page.find_band(g.branch, user, clock.now()) if user else None,
        }
