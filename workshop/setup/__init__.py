"""Setting a shop up: what is still missing, and the starter set."""

from __future__ import annotations

from workshop.errors import N_
from workshop.setup import people_views, views
from workshop.setup.backups import jobs as backup_jobs
from workshop.setup.backups import views as backup_views
from workshop.setup.blueprint import bp
from workshop.setup.exports import export_views
from workshop.setup.imports import file_views, import_views, jobs
from workshop.setup.leaving import leaving_views
from workshop.setup.on_request import person_views
from workshop.setup.starter import starter_views
from workshop.staff.permissions import Permission
from workshop.web.face import SHOP, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(
        backup_views,
        export_views,
        file_views,
        import_views,
        leaving_views,
        people_views,
        person_views,
        starter_views,
        views,
    ),
    permissions=frozenset(
        {
            P.IMPORT_DATA,
            P.KEEP_BACKUPS,
            P.MANAGE_CATALOGUE,
            P.MANAGE_SHOP,
            P.MANAGE_STAFF,
            P.SUPERVISE,
        }
    ),
    jobs=(*backup_jobs.JOBS, *jobs.JOBS),
    menu=(
        Entry(
            "setup.index",
            N_("Set-up"),
            "rocket",
            SHOP,
            frozenset({P.MANAGE_SHOP}),
            is_shown=views.is_in_menu,
        ),
        Entry("setup.backups", N_("Backups"), "archive", SHOP, frozenset({P.KEEP_BACKUPS})),
        Entry("setup.list_imports", N_("Import"), "upload", SHOP, frozenset({P.IMPORT_DATA})),
    ),
)
