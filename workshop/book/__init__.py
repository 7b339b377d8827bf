"""Customers book by themselves: the page, its link, and the desk's list of what they asked for."""

from __future__ import annotations

from workshop.book import desk_views, settings_views, views
from workshop.book.blueprint import bp
from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.steps.booking.online import jobs
from workshop.web.face import FRONT_DESK, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(views, desk_views, settings_views),
    permissions=frozenset({P.BOOK, P.MANAGE_SHOP}),
    menu=(Entry("book.requests", N_("Online requests"), "globe", FRONT_DESK, frozenset({P.BOOK})),),
    jobs=jobs.JOBS,
)

WITHOUT_COOKIE = (
    "workshop.book.views.hold",
    "workshop.book.views.ask",
    "workshop.book.views.cancel",
)
"""What a customer sends: a sealed form or a secret address is the key, and no cookie is needed."""
