"""For WSGI servers: `gunicorn wsgi:app`; `workshop serve` does the same with the right settings.

It upgrades nothing: run `workshop upgrade` before.
"""

from workshop import upgrading
from workshop.app import create_app
from workshop.backup import swapping
from workshop.config import Settings

swapping.finish_cut_off()
settings = Settings.from_env()
# Held as long as the process lives: nothing is restored meanwhile.
running = swapping.serving(settings)
app = create_app(settings)
with app.app_context():
    upgrading.require_current()
