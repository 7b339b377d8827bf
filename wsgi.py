"""For WSGI servers: `gunicorn wsgi:app`; `workshop serve` does the same with the right settings."""

from workshop.app import create_app
from workshop.config import Settings

app = create_app(Settings.from_env())
