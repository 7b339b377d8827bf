"""A few characters cut out of a TrueType font, as a font of their own.

Their outlines are drawn on a coarser grid: on a screen nobody sees it, and they weigh half.
"""

from __future__ import annotations

import importlib
import io
from pathlib import Path

GRID = 128
"""Units of the em in what is cut out; the font itself has a thousand."""

# What replaces characters by others, stands them upright or names the font to people.
_NEEDLESS = ["BASE", "DSIG", "GDEF", "GSUB", "STAT", "VORG", "gasp", "vhea", "vmtx"]
# The dots of a masked plate stand close together with it, as on the lounge screen.
_FEATURES = ["palt"]


def cut(path: Path, characters: str) -> bytes:
    """A font that holds those of the characters which the font in this file has."""
    # Only a device without a Chinese font asks: whoever serves others need not have it in memory.
    subset = importlib.import_module("fontTools.subset")
    library = importlib.import_module("fontTools.ttLib")
    scaling = importlib.import_module("fontTools.ttLib.scaleUpem")
    wanted = subset.Options(layout_features=_FEATURES, name_IDs=[], hinting=False)
    wanted.drop_tables += _NEEDLESS
    with library.TTFont(path, lazy=True) as font, io.BytesIO() as out:
        cutter = subset.Subsetter(wanted)
        cutter.populate(text=characters)
        cutter.subset(font)
        scaling.scale_upem(font, GRID)
        # Its own way to pack outlines beats what packs any file.
        font.flavor = "woff2"
        font.save(out)
        return out.getvalue()
