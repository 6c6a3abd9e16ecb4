"""The chart of a rate is a picture that anybody can open, and that can be seen on a light and on a dark ground."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.charts import BASE, HEIGHT, PALETTE, WIDTH, rate_chart

WHITE, SLACK_DARK = (255, 255, 255), (26, 29, 33)


def pixels(png: bytes) -> list[bytes]:
    """The lines of pixels of an indexed PNG, once every part and its checksum have been read."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    found, place = {}, 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, content = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        assert struct.unpack(">I", png[place + 8 + length : place + 12 + length]) == (zlib.crc32(kind + content),)
        found[kind], place = content, place + 12 + length
    assert list(found) == [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"]
    width, height, depth, colours, *_ = struct.unpack(">IIBBBBB", found[b"IHDR"])
    assert (depth, colours) == (8, 3)
    raw = zlib.decompress(found[b"IDAT"])
    lines = [raw[line * (width + 1) : (line + 1) * (width + 1)] for line in range(height)]
    assert {line[0] for line in lines} == {0}
    return [line[1:] for line in lines]


def heights(png: bytes) -> list[int]:
    """How tall each bar is."""
    lines = pixels(png)[:-BASE]
    return [sum(line[column] == 1 for line in lines) for column in range(14, WIDTH, 22)]


def luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [one / 255 for one in colour]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_bars_are_as_tall_as_their_counts() -> None:
    """The latest minute is on the right, the highest fills the picture, and one alert can still be seen."""
    found = heights(rate_chart({100: 400, 103: 1, 104: 200}))

    assert found[-5:] == [HEIGHT - BASE, 0, 0, 1, (HEIGHT - BASE) // 2]
    assert set(found[:-5]) == {0}


@pytest.mark.parametrize("ground", [WHITE, SLACK_DARK], ids=["light", "dark"])
@pytest.mark.parametrize("colour", PALETTE[1:], ids=["bars", "line"])
def test_colours_stand_out(colour: tuple[int, int, int], ground: tuple[int, int, int]) -> None:
    """At least 3 to 1, as WCAG 2.1 asks of graphics (1.4.11)."""
    bright, dim = sorted((luminance(colour), luminance(ground)), reverse=True)

    assert (bright + 0.05) / (dim + 0.05) >= 3


@given(minutes=st.dictionaries(st.integers(0, 40_000_000), st.integers(0, 10**9), max_size=40))
def test_any_counts_are_a_picture_of_one_size(minutes: dict[int, int]) -> None:
    """Whatever came, the picture has the same size, is small, and is the same again."""
    png = rate_chart(minutes)

    lines = pixels(png)
    assert (len(lines), {len(line) for line in lines}) == (HEIGHT, {WIDTH})
    assert len(png) < 4_000
    assert rate_chart(minutes) == png
