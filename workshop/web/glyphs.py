"""A few characters cut out of a TrueType font, as a font of their own.

Their outlines are drawn on a coarser grid: on a screen nobody sees it, and they weigh half.
"""

from __future__ import annotations

import itertools
import mmap
import struct
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

GRID = 128
"""Units of the em in what is cut out; the font itself has a thousand."""

_ON, _SHORT, _SAME = 1, (2, 4), (16, 32)
_REPEATED = 8
# Where distances stand in tables that are taken over as they are.
_DISTANCES = {
    b"OS/2": (*range(10, 30, 2), *range(68, 78, 2), 86, 88),
    b"hhea": (4, 6, 8),
    b"post": (8, 10),
}
_UNICODE_FULL = (3, 10)

Point = tuple[int, int, int]


class Font:
    """A TrueType font in a file, of which only what is asked for is read.

    It puts no glyph together of others, as Noto Sans SC does not.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._read_tables()

    def cut(self, characters: Iterable[str]) -> bytes:
        """A font that holds those of the characters which this one has."""
        codes = sorted({ord(each) for each in characters})
        found = [(code, glyph) for code in codes if (glyph := self._glyph_of(code))]
        glyphs = [0, *(glyph for _, glyph in found)]
        outlines = [b"", *(self._outline(glyph) for _, glyph in found)]
        widths = [self._advance(glyph) for glyph in glyphs]
        return _file(
            {
                b"OS/2": self._scaled(b"OS/2"),
                b"cmap": _cmap([code for code, _ in found]),
                b"glyf": b"".join(outlines) or b"\0",
                b"head": self._head(),
                b"hhea": self._scaled(b"hhea")[:34] + struct.pack(">H", len(glyphs)),
                b"hmtx": b"".join(struct.pack(">Hh", *each) for each in widths),
                b"loca": b"".join(
                    struct.pack(">I", each)
                    for each in itertools.accumulate((len(each) for each in outlines), initial=0)
                ),
                b"maxp": self._table(b"maxp")[:4] + struct.pack(">H", len(glyphs)) + self._limits(),
                b"name": struct.pack(">HHH", 0, 0, 6),
                b"post": struct.pack(">I", 0x30000) + self._scaled(b"post")[4:32],
            }
        )

    def _read_tables(self) -> None:
        (count,) = struct.unpack_from(">H", self._data, 4)
        entries = (struct.unpack_from(">4sIII", self._data, 12 + 16 * n) for n in range(count))
        self._tables = {tag: (start, size) for tag, _, start, size in entries}
        head = self._tables[b"head"][0]
        (self._em,) = struct.unpack_from(">H", self._data, head + 18)
        (self._is_long,) = struct.unpack_from(">h", self._data, head + 50)
        (self._metrics,) = struct.unpack_from(">H", self._data, self._tables[b"hhea"][0] + 34)
        self._groups = self._read_groups()

    def _table(self, tag: bytes) -> bytes:
        start, size = self._tables[tag]
        return self._data[start : start + size]

    def _limits(self) -> bytes:
        # The greatest counts of the whole font hold for a part of it; it has no instructions.
        return self._table(b"maxp")[6:14] + struct.pack(">HHHHHHHHH", 1, 0, 0, 0, 0, 0, 0, 0, 0)

    def _head(self) -> bytes:
        table = bytearray(self._scaled(b"head"))
        struct.pack_into(">H", table, 18, GRID)
        box = struct.unpack_from(">4h", table, 36)
        struct.pack_into(">4h", table, 36, *(self._scale(each) for each in box))
        struct.pack_into(">h", table, 50, 1)
        return bytes(table)

    def _scaled(self, tag: bytes) -> bytes:
        table = bytearray(self._table(tag))
        for place in _DISTANCES.get(tag, ()):
            if place + 2 <= len(table):
                (distance,) = struct.unpack_from(">h", table, place)
                struct.pack_into(">h", table, place, self._scale(distance))
        return bytes(table)

    def _scale(self, distance: int) -> int:
        return round(distance * GRID / int(self._em))

    def _read_groups(self) -> list[tuple[int, int, int]]:
        start, _ = self._tables[b"cmap"]
        (count,) = struct.unpack_from(">H", self._data, start + 2)
        for number in range(count):
            *kind, offset = struct.unpack_from(">HHI", self._data, start + 4 + 8 * number)
            if tuple(kind) == _UNICODE_FULL:
                table = start + offset
                (groups,) = struct.unpack_from(">I", self._data, table + 12)
                return [
                    struct.unpack_from(">III", self._data, table + 16 + 12 * each)
                    for each in range(groups)
                ]
        raise ValueError("the font names no characters by their whole number")

    def _glyph_of(self, code: int) -> int:
        for first, last, glyph in self._groups:
            if first <= code <= last:
                return glyph + code - first
        return 0

    def _advance(self, glyph: int) -> tuple[int, int]:
        start, _ = self._tables[b"hmtx"]
        last = self._metrics - 1
        (width,) = struct.unpack_from(">H", self._data, start + 4 * min(glyph, last))
        place = 4 * glyph + 2 if glyph <= last else 4 * self._metrics + 2 * (glyph - last - 1)
        (side,) = struct.unpack_from(">h", self._data, start + place)
        return self._scale(width), self._scale(side)

    def _outline(self, glyph: int) -> bytes:
        contours = [
            [(self._scale(x), self._scale(y), on) for x, y, on in each]
            for each in self._contours(glyph)
        ]
        return _drawn(contours) if contours else b""

    def _contours(self, glyph: int) -> list[list[Point]]:
        start, end = self._place_of(glyph)
        if start == end:
            return []
        (count,) = struct.unpack_from(">h", self._data, start)
        return _read_contours(self._data, start + 10, count)

    def _place_of(self, glyph: int) -> tuple[int, int]:
        loca, glyf = self._tables[b"loca"][0], self._tables[b"glyf"][0]
        if self._is_long:
            first, last = struct.unpack_from(">II", self._data, loca + 4 * glyph)
        else:
            first, last = (2 * n for n in struct.unpack_from(">HH", self._data, loca + 2 * glyph))
        return glyf + first, glyf + last


@lru_cache(maxsize=1)
def font(path: Path) -> Font:
    """The font of this file, opened once."""
    return Font(path)


def _read_contours(data: mmap.mmap, at: int, count: int) -> list[list[Point]]:
    ends = struct.unpack_from(f">{count}H", data, at)
    (instructions,) = struct.unpack_from(">H", data, at + 2 * count)
    at += 2 * count + 2 + instructions
    wanted = ends[-1] + 1
    flags: list[int] = []
    while len(flags) < wanted:
        flag, at = data[at], at + 1
        times = 1
        if flag & _REPEATED:
            times, at = data[at] + 1, at + 1
        flags += [flag] * times
    across, at = _read_way(data, at, flags, _SHORT[0], _SAME[0])
    upward, at = _read_way(data, at, flags, _SHORT[1], _SAME[1])
    points = list(zip(across, upward, (flag & _ON for flag in flags), strict=True))
    begins = (0, *(end + 1 for end in ends[:-1]))
    return [points[first : last + 1] for first, last in zip(begins, ends, strict=True)]


def _read_way(
    data: mmap.mmap, at: int, flags: list[int], short: int, same: int
) -> tuple[list[int], int]:
    way, place = [], 0
    for flag in flags:
        if flag & short:
            place += data[at] if flag & same else -data[at]
            at += 1
        elif not flag & same:
            (step,) = struct.unpack_from(">h", data, at)
            place, at = place + step, at + 2
        way.append(place)
    return way, at


def _drawn(contours: list[list[Point]]) -> bytes:
    """The contours as a simple glyph, padded to four bytes."""
    points = [point for contour in contours for point in contour]
    across, upward = [x for x, _, _ in points], [y for _, y, _ in points]
    ends = itertools.accumulate(len(contour) for contour in contours)
    flags, steps = bytearray(on for _, _, on in points), (bytearray(), bytearray())
    for way, short, same, into in zip((across, upward), _SHORT, _SAME, steps, strict=True):
        for number, (before, here) in enumerate(itertools.pairwise([0, *way])):
            step = here - before
            if step == 0:
                flags[number] |= same
            elif -256 < step < 256:
                flags[number] |= short | (same if step > 0 else 0)
                into.append(abs(step))
            else:
                into += struct.pack(">h", step)
    box = min(across), min(upward), max(across), max(upward)
    head = struct.pack(">5h", len(contours), *box)
    head += b"".join(struct.pack(">H", end - 1) for end in ends) + b"\0\0"
    glyph = head + flags + steps[0] + steps[1]
    return glyph + b"\0" * (-len(glyph) % 4)


def _cmap(codes: list[int]) -> bytes:
    """Character to glyph: the glyphs stand in the order of their characters, after the box."""
    groups = b"".join(struct.pack(">III", code, code, n + 1) for n, code in enumerate(codes))
    table = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(codes)) + groups
    return struct.pack(">HHHHI", 0, 1, *_UNICODE_FULL, 12) + table


def _file(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    out = struct.pack(">IHHHH", 0x10000, count, 16 << power, power, 16 * (count - (1 << power)))
    place = 12 + 16 * count
    body = b""
    for tag, table in sorted(tables.items()):
        padded = table + b"\0" * (-len(table) % 4)
        check = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        out += struct.pack(">4sIII", tag, check, place + len(body), len(table))
        body += padded
    return out + body
