"""A small chart of alerts a minute as a PNG, drawn here: bars alone need no library of pictures.

The ground is transparent, and the two colours stand out against white and against Slack's dark ground alike (at least
3 to 1, as WCAG 2 asks of graphics). Words and numbers are in the message and in the picture's alternative text.
"""

import struct
import zlib
from collections.abc import Mapping

#: The latest so many minutes are shown; the picture is as wide whatever there is, so that bars compare.
MINUTES = 30
#: Drawn four times as large as it is shown (160 × 40), so that it is sharp on any screen.
BAR_WIDTH, GAP, HEIGHT, BASE = 16, 6, 160, 4
WIDTH = MINUTES * (BAR_WIDTH + GAP) + GAP
#: Red, green and blue of the ground (transparent), the bars and the base line.
PALETTE = ((0, 0, 0), (37, 121, 201), (128, 128, 128))
_GROUND, _BAR, _LINE = range(3)


def rate_chart(minutes: Mapping[int, int]) -> bytes:
    r"""The PNG for *minutes* since 1970 with how many alerts came in each; the latest is on the right.

    >>> rate_chart({1: 3, 2: 1})[:8]
    b'\x89PNG\r\n\x1a\n'
    """
    last = max(minutes, default=0)
    counts = [max(0, minutes.get(minute, 0)) for minute in range(last - MINUTES + 1, last + 1)]
    highest = max(*counts, 1)
    tall = HEIGHT - BASE
    # every minute with an alert shows at least a sliver
    heights = [-(-count * tall // highest) for count in counts]
    rows = [_row(heights, tall - above) for above in range(tall)]
    rows += [bytes([_LINE]) * WIDTH] * BASE
    return _png(rows)


def _row(heights: list[int], level: int) -> bytes:
    """One line of pixels, *level* pixels above the base line."""
    row = bytearray([_GROUND]) * GAP
    for height in heights:
        row += bytes([_BAR if height >= level else _GROUND]) * BAR_WIDTH + bytes([_GROUND]) * GAP
    return bytes(row)


def _png(rows: list[bytes]) -> bytes:
    """An indexed PNG (ISO 15948) of the lines of pixels in *rows*."""
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 3, 0, 0, 0)
    colours = bytes(part for colour in PALETTE for part in colour)
    pixels = zlib.compress(b"".join(b"\x00" + row for row in rows), 9)
    parts = ((b"IHDR", header), (b"PLTE", colours), (b"tRNS", bytes([0])), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
