"""For WSGI servers: `gunicorn wsgi:app`; `workshop serve` does the same with the right settings.

It upgrades nothing: run `workshop upgrade` before.
"""

from workshop import upgrading
from workshop.app import create_app
from workshop.config import Settings

app = create_app(Settings.from_env())
with app.app_context():
    upgrading.require_current()
