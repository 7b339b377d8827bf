"""The customer's link."""

from __future__ import annotations

from workshop.staff.permissions import Permission
from workshop.track import blueprint, effects, paper_views, talk_views, views
from workshop.web.face import Face

P = Permission
FACE = Face(
    blueprint.bp,
    pages=(views, paper_views, talk_views),
    permissions=frozenset({P.QUOTE}),
    effects=effects.list_of_order,
)

WITHOUT_COOKIE = (
    "workshop.track.views.answer",
    "workshop.track.views.agree_less",
    "workshop.track.views.decline",
    "workshop.track.talk_views.say",
    # The only other button of the page; another language harms nobody.
    "workshop.staff.views.set_locale",
)
"""What a customer sends from the link: its secret address is the key, and no cookie is needed."""
