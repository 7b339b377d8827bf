"""For WSGI servers: `gunicorn wsgi:app`; `workshop serve` does the same with the right settings.

It upgrades nothing: run `workshop upgrade` before. It has no process that holds sockets: its pages
and screens ask every 15 s.
"""

from workshop import live, logs, upgrading
from workshop.app import create_app
from workshop.backup import swapping
from workshop.config import Settings
from workshop.sockets.lines import NOTE, Lines

logs.configure()
swapping.finish_cut_off()
settings = Settings.from_env()
# Held as long as the process lives: nothing is restored meanwhile.
running = swapping.serving(settings)
lines = Lines(0, redis_url=None, channel="", note=settings.data_dir / NOTE)
app = create_app(settings, lines)
live.start(app)
with app.app_context():
    upgrading.require_current()
