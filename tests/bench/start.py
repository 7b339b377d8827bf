"""How quickly it starts, and how much memory it holds: `python -m tests.bench.start` (Linux).

`serve` on an empty SQLite shop: seconds until the first page, the processor time of all its
processes until then, and what they hold when nothing is asked (PSS: shared pages counted once).
`demo`: until its first word. `plan`: a problem of one job, with the solver's own search left out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from tests.serve.process import init, serve

_RUN = [sys.executable, "-c", "from workshop.commands.start import main; main()"]
_IDLE_SECONDS = 3
PROBLEM = {
    "now": 0,
    "buffer_minutes": 15,
    "delivery_minutes": 15,
    "technicians": [{"id": "T1", "skills": {}, "shifts": [[0, 240]]}],
    "bays": [{"id": "B1", "kind": "lift", "open": [[0, 240]]}],
    "orders": [{"id": "R1", "promised": 90, "waiting": True, "comeback": False, "ready_at": 0}],
    "jobs": [
        {
            "id": "J1",
            "order": "R1",
            "minutes": 60,
            "skill": None,
            "level": 1,
            "bay_kinds": ["lift"],
            "after": [],
            "ready_at": 0,
        }
    ],
    "current": [],
}


def processes(first: int) -> list[int]:
    """A process and all that it has started."""
    children = Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii").split()
    return [first, *(pid for child in children for pid in processes(int(child)))]


def pss_megabytes(pid: int) -> float:
    """What a process holds, each shared page divided among those who share it."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def cpu_seconds(pid: int) -> float:
    """The processor time of a process and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(int(each) for each in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print a line for each command."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "WORKSHOP_DATA_DIR": folder}
        init(env)
        began = time.monotonic()
        with serve(env, Path(folder)) as served:
            urlopen(f"{served.address}/sign-in").close()
            took, pids = time.monotonic() - began, processes(served.process.pid)
            work = sum(cpu_seconds(pid) for pid in pids)
            time.sleep(_IDLE_SECONDS)
            held = sum(pss_megabytes(pid) for pid in pids)
            print(f"serve  {took:5.2f} s to the first page, {work:.2f} s of work, {held:.0f} MB")
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        demo = subprocess.Popen(
            [*_RUN, "demo", "--data", folder, "--port", "0"], stderr=subprocess.PIPE
        )
        assert demo.stderr is not None
        word = demo.stderr.readline().decode().strip()
        print(f"demo   {time.monotonic() - began:5.2f} s to its first word: {word}")
        demo.kill()
        demo.communicate()
    began, before = time.monotonic(), os.times()
    subprocess.run(
        [*_RUN, "plan", "-"],
        input=json.dumps(PROBLEM).encode(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    after = os.times()
    work = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    print(f"plan   {time.monotonic() - began:5.2f} s, {work:.2f} s of work")


if __name__ == "__main__":
    main()
