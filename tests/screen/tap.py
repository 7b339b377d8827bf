"""A second process of the installation: somebody there moves an order.

python -m tests.screen.tap DATA_DIR DATABASE_URL REDIS_URL SECRET_KEY ORDER_NO STAGE
"""

from __future__ import annotations

import sys
from pathlib import Path

from workshop import clock, db
from workshop.app import create_app
from workshop.config import Settings
from workshop.orders import service as orders
from workshop.orders.flow import Stage


def main(data_dir: str, database_url: str, redis_url: str, key: str, no: str, stage: str) -> None:
    """Move the order and commit, which is all that a page worker does."""
    settings = Settings(
        data_dir=Path(data_dir),
        database_url=database_url,
        redis_url=redis_url,
        secret_key=key,
        behind_https=False,
        testing=True,
    )
    app = create_app(settings)
    with app.app_context():
        order = orders.get_order(no)
        order.move_to(Stage(stage), order.advisor, clock.now())
        db.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
