"""The gate finds in the bytes of a request what must not be there, however it is written."""

import base64
import html
import json
import time
import urllib.parse
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.outgoing.directory import People
from analysis.outgoing.gate import leaks
from analysis.outgoing.redacting import Redactor
from analysis.outgoing.vault import Kind, Register, Vault
from tests.effort import examples, thinned

PEOPLE = People(names={"slack:U0KIMDOE01": "Kim Doe", "slack:U0SOREN001": "Søren Iversen"})
CARD, IBAN = "4111111111111111", "GB82WEST12345698765432"

VALUES = {
    CARD: Kind.CARD,
    IBAN: Kind.IBAN,
    "kim.doe@shop.example": Kind.EMAIL,
    "10.11.12.13": Kind.ADDRESS,
    "sk-proj-Abc123Def456Ghi789Jkl": Kind.SECRET,
    "AKIAIOSFODNN7EXAMPLE": Kind.SECRET,
    "Kowalski": Kind.NAME,
    "Søren Iversen": Kind.PERSON,
    "U0KIMDOE01": Kind.PERSON,
}


def _spaced(text: str) -> str:
    return " ".join(text)


def _full_width(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


DISGUISES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "escapes of JSON": lambda text: "".join(f"\\u{ord(one):04x}" for one in text),
    "twice": lambda text: json.dumps(json.dumps(text)),
    "base64": lambda text: base64.b64encode(f"x {text} y".encode()).decode(),
    "URL-safe base64": lambda text: base64.urlsafe_b64encode(f"??{text}??".encode()).decode().rstrip("="),
    "base64 twice": lambda text: base64.b64encode(base64.b64encode(f"a {text} b".encode())).decode(),
    "hexadecimal": lambda text: f"{text} ".encode().hex(),
    "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "URL": lambda text: urllib.parse.quote(text, safe=""),
    "HTML": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "HTML once": html.escape,
    "zero width": "\u200b".join,
    "full width": _full_width,
}


@cache
def vault() -> Vault:
    """Return a vault with people, a name and a number in it."""
    redactor = Redactor(Register(Vault(salt=b"0123456789abcdef")), PEOPLE)
    redactor.redact("Kim Doe, Søren Iversen and Kowalski at account 987654")
    return redactor.register.vault()


def body(content: str, *, is_ascii: bool = True) -> bytes:
    """Return a request as the endpoint's client writes it."""
    request = {
        "model": "mistralai/Mixtral-8x22B-Instruct-v0.1",
        "max_tokens": 4000,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": "Write one sentence for each event."},
            {"role": "user", "content": content},
        ],
    }
    return json.dumps(request, ensure_ascii=is_ascii).encode()


@pytest.mark.parametrize("is_ascii", thinned([True, False], every=3))
@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("value", VALUES)
def test_disguised_value_is_found(value: str, disguise: str, is_ascii: bool) -> None:  # noqa: FBT001 - a case
    """Every kind of value is found in every disguise, and the finding does not repeat it."""
    found = leaks(body(f"then {DISGUISES[disguise](value)} failed", is_ascii=is_ascii), vault())

    assert VALUES[value] in {leak.kind for leak in found}
    assert value not in repr(found)


@pytest.mark.parametrize("value", [CARD, "Kowalski", "Iversen", IBAN])
def test_value_with_signs_between_its_letters_is_found(value: str) -> None:
    """Spacing a value out hides nothing."""
    for between in (" ", "-", ".", "_", "/", " - "):
        assert leaks(body(f"then {between.join(value)} failed"), vault()), between


def test_card_split_over_two_strings_is_found() -> None:
    """The bytes are read over the borders of JSON's strings."""
    assert leaks(json.dumps({"a": ["41111111", "11111111"]}).encode(), vault())


def test_redacted_request_passes() -> None:
    """What leaves every day is not stopped: times, ids of events, placeholders, names of models, schemas."""
    content = json.dumps(
        [
            {
                "id": "E1",
                "at": "2026-11-25T23:17:51+00:00",
                "kind": "deploy",
                "text": "Deploy of checkout, version 1.2.3",
            },
            {
                "id": "E12",
                "at": "2026-11-25T23:20Z",
                "kind": "note",
                "text": "[[PERSON_1]] saw 1,250 ms; password=[[NUMBER_1]]",
            },
        ]
    )

    assert leaks(body(content), vault()) == ()


@pytest.mark.parametrize("name", ["deploy", "Write", "sentence", "Event"])
def test_name_that_is_an_ordinary_word_does_not_shut_the_gate(name: str) -> None:
    """The request's own words have it, so that nothing about the incident could be asked ever again."""
    redactor = Redactor(Register(Vault(salt=b"0123456789abcdef")), People(names={"slack:U0DEPLOY01": name}))
    redactor.redact(f"then <@U0DEPLOY01> and {name} and Kowalski looked")
    held = redactor.register.vault()
    words = f"{name}, Write a sentence for each deploy and Event"

    assert name in {one.value for one in held.held}
    assert leaks(body(words), held) == ()
    assert leaks(body(f"{words} with U0DEPLOY01"), held)
    assert leaks(body(f"{words} with Kowalski"), held)


@given(st.binary(max_size=300))
@settings(max_examples=examples(100), deadline=None)
def test_gate_reads_any_bytes(content: bytes) -> None:
    """Nothing that could be sent makes the look fail."""
    leaks(content, vault())


@pytest.mark.parametrize(
    "unit", thinned(["QUJD", "%41", "\\u0041", "&#65;", "Kim ", "4111 ", "ab ", '{"a":', "0a1b"], every=5)
)
def test_gate_takes_linear_time(unit: str) -> None:
    """Four times the body takes about four times as long."""
    short, long = (unit * (size // len(unit)) for size in (5_000, 20_000))

    assert _seconds(long) < 10 * max(_seconds(short), 0.02)


def _seconds(text: str) -> float:
    """The least of a few, because whatever else runs just then makes each slower and none faster."""
    return min(_once(text) for _ in range(3))


def _once(text: str) -> float:
    held = vault()
    before = time.thread_time()
    leaks(text.encode(), held)
    return time.thread_time() - before
