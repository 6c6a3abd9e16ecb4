"""Slack's markup: nothing hidden comes in, nothing active goes out."""

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.slacktext import clean, decode, escape, nearest, slug, truncate
from tests.effort import examples

VERBS = ["declare", "decline", "draft", "severity", "status", "note", "noise"]
PIECES = st.sampled_from(
    [
        *(
            "<",
            ">",
            "&",
            "&lt;",
            "&gt;",
            "&amp;",
            "&amp;lt;",
            "@",
            "@here",
            "@U1",
            "!",
            "!here",
            "!channel",
            "|",
            "#C1",
        ),
        *("https://x.test", "mailto:", "!date^1^{t}", "!subteam^S1", "\u200b", "\u202e", "\u0338", "\r\n", "\x00", "a"),
        *("\ud800", "\U000e0041", "\u2060", "here", "everyone", "group", "e\u0301", " "),
    ]
)
MESSAGES = st.lists(PIECES | st.text(max_size=3), max_size=20).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 &lt; 6 &amp;&amp; 6 &gt; 5", "5 < 6 && 6 > 5"),
        ("&amp;lt;", "&lt;"),
        ("&amp;amp;lt;", "&amp;lt;"),
        ("&lt;!here&gt;", "<!here>"),
        ("&quot;&#60;", "&quot;&#60;"),
        ("<@U123>", "@U123"),
        ("<@U123|kim>", "@kim"),
        ("<#C1|payments>", "#payments"),
        ("<#C1>", "#C1"),
        ("<#C1|>", "#C1"),
        ("<!here>", "@here"),
        ("<!channel|@channel>", "@channel"),
        ("<!subteam^S1|@ops>", "@ops"),
        ("<!subteam^S1>", "@S1"),
        ("<!date^1571000000^{date} at {time}|13 October>", "13 October"),
        ("<!date^1571000000^{date}>", "1571000000^{date}"),
        ("<https://x.test|the graph>", "the graph (https://x.test)"),
        ("<https://x.test?a=1&amp;b=2>", "https://x.test?a=1&b=2"),
        ("<https://evil.test|https://good.test>", "https://good.test (https://evil.test)"),
        ("<http://x.test|x.test>", "http://x.test"),
        ("<https://x.test|https://x.test>", "https://x.test"),
        ("<mailto:kim@x.test|kim@x.test>", "kim@x.test"),
        ("<https://x.test|a &lt;b&gt;>", "a <b> (https://x.test)"),
        ("if a <b and c> d", "if a <b and c> d"),
        ("< > <> <@> <!>", "< > <> <@> <!>"),
        ("a\r\nb\rc\u2028d\te", "a\nb\nc\nd\te"),
        ("p\u200ba\u202ey\ufeff\u00adm\U000e0041ent\x00\x1b[31m\x9b", "payment[31m"),
        ("caf\u0065\u0301", "caf\u00e9"),
        ("&lt;\u0338", "\u226e"),
        ("half \ud83d", "half \ufffd"),
        ("", ""),
    ],
)
def test_decode_gives_plain_words(text: str, expected: str) -> None:
    """Markup becomes what a person reads, once, and what cannot be seen is gone."""
    plain = decode(text)

    assert plain == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 < 6 & 7", "5 &lt; 6 &amp; 7"),
        ("<!here> <@U1>", "&lt;!here&gt; &lt;@U1&gt;"),
        ("@here @Channel. @everyone, @group", "@\u2060here @\u2060Channel. @\u2060everyone, @\u2060group"),
        ("@\u200bhere", "@\u2060here"),
        ("@hereford kim@x.test", "@hereford kim@x.test"),
        ("<https://evil.test|https://good.test>", "&lt;https://evil.test|https://good.test&gt;"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
    ],
)
def test_escape_leaves_nothing_active(text: str, expected: str) -> None:
    """What Slack would act on stays to be read and does nothing."""
    escaped = escape(text)

    assert escaped == expected


@given(MESSAGES)
@settings(deadline=None, max_examples=examples(250))
def test_escape_of_any_text_forms_no_mention_or_link(text: str) -> None:
    """Whatever pieces a text has, before or after decoding, no control sequence and no mass mention comes out."""
    for escaped in (escape(text), escape(decode(text))):
        assert not re.search(r"[<>]|&(?!(?:lt|gt|amp);)", escaped)
        assert not re.search(r"@(?:here|channel|everyone|group)\b", escaped, re.IGNORECASE)


@given(MESSAGES)
@settings(deadline=None, max_examples=examples(200))
def test_escape_is_undone_by_decode(text: str) -> None:
    """What goes out and comes back from Slack is the same text."""
    plain = clean(text)

    assert decode(escape(plain)) == plain


@given(MESSAGES)
@settings(deadline=None, max_examples=examples(200))
def test_decode_gives_storable_text(text: str) -> None:
    """Decoded text is NFC, has no control but tab and newline, and encodes as UTF-8."""
    plain = decode(text)

    assert plain == unicodedata.normalize("NFC", plain)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", plain)
    assert plain.encode().decode() == plain


@pytest.mark.parametrize("unit", ["<", "<a", "&", "&amp;", "<@U1|", "\u0301", "@here", "<https://x|", "a", "\ud800"])
def test_decode_and_escape_take_linear_time(unit: str) -> None:
    """A hundred thousand characters of markup without an end cost no more than as many letters."""
    text = unit * (100_000 // len(unit))
    started = time.thread_time()

    escape(decode(text))

    assert time.thread_time() - started < 2


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Card authorisations failing", "card-authorisations-failing"),
        ("Card authorisations failing in the EU region since noon", "card-authorisations-failing-in-the-eu"),
        ("Can't pay: 50% of \u00c6r\u00f8's orders!", "cant-pay-50-of-aeros-orders"),
        ("Gr\u00f6\u00dfere St\u00f6rung", "grossere-storung"),
        ("--- #1 ---", "1"),
        ("x" * 60, "x" * 40),
        ("ab " + "x" * 60, "ab-" + "x" * 37),
        ("\u6c7a\u6e08\u969c\u5bb3", "incident"),
        ("", "incident"),
    ],
)
def test_slug(title: str, expected: str) -> None:
    """A title becomes the end of a channel's name."""
    name = slug(title)

    assert name == expected


@given(st.text(max_size=200), st.integers(-1, 80))
@settings(deadline=None)
def test_slug_is_always_a_channel_name(title: str, max_length: int) -> None:
    """Any title gives a name that Slack takes, of at least one character."""
    name = slug(title, max_length)

    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name)
    assert len(name) <= max(max_length, 1)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        pytest.param("payments", 8, "payments", id="fits"),
        pytest.param("payments", 5, "paym\u2026", id="cut"),
        pytest.param("card payments", 6, "card\u2026", id="no space before the ellipsis"),
        pytest.param("payments", 1, "\u2026", id="only the ellipsis"),
        pytest.param("payments", 0, "", id="nothing"),
        pytest.param("e\u0301" * 5, 4, "e\u0301\u2026", id="accents"),
        pytest.param("ab\U0001f468\u200d\U0001f469\u200d\U0001f467", 6, "ab\u2026", id="a family"),
        pytest.param("\U0001f44d\U0001f3fd ok", 2, "\u2026", id="a skin tone"),
        pytest.param("\U0001f1e9\U0001f1f0" * 3, 4, "\U0001f1e9\U0001f1f0\u2026", id="flags"),
        pytest.param("\U0001f1e9\U0001f1f0" * 3, 5, "\U0001f1e9\U0001f1f0" * 2 + "\u2026", id="between flags"),
        pytest.param("a" + "\u0301" * 99, 60, "a" + "\u0301" * 58 + "\u2026", id="marks without end"),
    ],
)
def test_truncate(text: str, limit: int, expected: str) -> None:
    """A text is cut between visible characters and says so."""
    short = truncate(text, limit)

    assert short == expected


@given(st.text(max_size=60), st.integers(-1, 60))
@settings(deadline=None)
def test_truncate_keeps_the_limit(text: str, limit: int) -> None:
    """The result is never longer than asked for, and is the text itself or a part of its head."""
    short = truncate(text, limit)

    assert len(short) <= max(limit, 0) or short == text
    assert text.startswith(short.removesuffix("\u2026"))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("declair", "declare"),
        ("DRAFT", "draft"),
        ("sev", "severity"),
        ("notes", "note"),
        ("stauts", "status"),
        ("decl", "declare"),
        ("x", None),
        ("zebra", None),
        ("", None),
        ("note" * 10_000, None),
    ],
)
def test_nearest(word: str, expected: str | None) -> None:
    """A mistyped verb finds its verb, and any other word none."""
    verb = nearest(word, VERBS)

    assert verb == expected


def test_nearest_of_equals_is_the_earlier() -> None:
    """Of two choices as near, the one listed first wins, whatever their letters."""
    found = [nearest("abcx", choices) for choices in (["abcy", "abcz"], ["abcz", "abcy"], [])]

    assert found == ["abcy", "abcz", None]
