"""Fire long: `python -m tests.fuzz --rounds 5`; again: `--seed 20261123-3 --until 512`."""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.fuzz import shop


def main() -> int:
    """Print each fault with how to repeat it; 1 when there was one."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    asked.add_argument("--seed", help="one round of this seed; otherwise today's")
    asked.add_argument("--rounds", type=int, default=1)
    asked.add_argument("--cases", type=int, default=2000, help="in each round")
    asked.add_argument("--until", type=int, help="repeat a round up to this case")
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = asked.parse_args()
    today = datetime.now(UTC).strftime("%Y%m%d")
    seeds = [given.seed] if given.seed else [f"{today}-{number}" for number in range(given.rounds)]
    cases = given.cases if given.until is None else given.until + 1
    with tempfile.TemporaryDirectory() as folder:
        database = shop.make(Path(folder), given.database)
        found = sum(_round(database, seed, cases) for seed in seeds)
        database.drop()
    return 1 if found else 0


def _round(database: shop.databases.Database, seed: str, cases: int) -> int:
    with shop.under_fire(database, seed) as fight:
        print(f"round {seed}: {len(fight.sent)} forms on {len(fight.pages)} pages")
        fight.fire(cases)
        fight.check_pages()
        for fault in fight.faults:
            print(f"\n{fault.who}: {fault.told}\n{fault.why}")
            if fault.number >= 0:
                print(f"again: python -m tests.fuzz --seed {seed} --until {fault.number}")
        print(
            f"round {seed}: {cases} cases, {len(fight.faults)} faults,"
            f" answers {dict(fight.statuses)}"
        )
        return len(fight.faults)


raise SystemExit(main())
