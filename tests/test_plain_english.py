"""Short words that somebody with school English reads at once, in code, pages and papers."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
# What was found once, and what stands for it.
_HARD = {
    "afar": "far away",
    "afresh": "again",
    "albeit": "though",
    "anew": "again",
    "befalls": "happens to",
    "deserves": "gets",
    "forerunner": "what comes before",
    "forerunners": "what comes before",
    "foresaw": "expected",
    "forthwith": "at once",
    "greasy": "oily",
    "hence": "so",
    "henceforth": "from now on",
    "lack": "miss, need",
    "lacking": "missing",
    "lacks": "misses, needs",
    "likelier": "more likely",
    "likeness": "after another",
    "nevertheless": "all the same",
    "notwithstanding": "even so",
    "oblige": "ask",
    "obliges": "asks",
    "outlasts": "lasts longer than",
    "outweighs": "counts more than",
    "reckon": "compute",
    "reckoned": "computed, planned",
    "reckons": "computes",
    "suffice": "be enough",
    "suffices": "is enough",
    "swallow": "drop",
    "swallows": "drops",
    "thereby": "by this",
    "therein": "in it",
    "thereof": "of it",
    "trifle": "small thing",
    "vain": "without success",
    "verbatim": "word for word",
    "versatile": "who can do most",
    "whereby": "by which",
    "whilst": "while",
}
# A part of a name counts as a word too: `made_anew`.
_WORD = re.compile(rf"(?<![A-Za-z])({'|'.join(_HARD)})(?![A-Za-z])", re.IGNORECASE)
_READ = (".py", ".html", ".css", ".js", ".md", ".po")


def _texts() -> list[Path]:
    asked = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "workshop",
        "templates",
        "static",
        "tests",
        "*.md",
    ]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if told.returncode:
        found = [each for part in ("workshop", "templates") for each in (ROOT / part).rglob("*")]
    else:
        found = [ROOT / name for name in told.stdout.split()]
    return [
        each for each in found if each.suffix in _READ and each.is_file() and each != Path(__file__)
    ]


def test_no_text_uses_a_word_that_a_school_does_not_teach() -> None:
    texts = _texts()
    assert len(texts) > 500
    hard = [
        f"{path.relative_to(ROOT)}: {word}, better: {_HARD[word.lower()]}"
        for path in texts
        if "versions" not in path.parts
        for word in _WORD.findall(path.read_text(encoding="utf-8"))
    ]
    assert not hard
