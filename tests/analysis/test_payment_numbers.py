"""Card numbers and IBANs are found in every format in which people write them."""

import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from stdnum import iban, luhn, numdb

from analysis.masking import mask
from analysis.payment_numbers import is_luhn, is_mod_97
from analysis.sensitive import MaskKind
from tests.effort import examples

VISA, AMEX, DINERS, MAESTRO = "4111111111111111", "378282246310005", "30569309025904", "6759649826438453"
SCHEMES = [
    ("4", 13),
    ("4", 16),
    ("4", 19),
    ("51", 16),
    ("55", 16),
    ("2221", 16),
    ("2720", 16),
    ("34", 15),
    ("37", 15),
    ("36", 14),
    ("305", 14),
    ("3528", 16),
    ("6011", 16),
    ("65", 16),
    ("62", 19),
    ("2204", 16),
    ("5018", 12),
    ("6759", 18),
]
FORMATS = {
    "plain": "{}".format,
    "fours with spaces": lambda pan: " ".join(in_fours(pan)),
    "fours with hyphens": lambda pan: "-".join(in_fours(pan)),
    "fours with slashes": lambda pan: "/".join(in_fours(pan)),
    "fours with underscores": lambda pan: "_".join(in_fours(pan)),
    "fours with dots": lambda pan: ".".join(in_fours(pan)),
    "fours with no-break spaces": lambda pan: "\u00a0".join(in_fours(pan)),
    "fours with dashes between spaces": lambda pan: " \u2013 ".join(in_fours(pan)),
    "fours as a form sends them": lambda pan: "+".join(in_fours(pan)) if len(pan) > 12 else pan,
    "fours in a link": lambda pan: "%20".join(in_fours(pan)) if len(pan) > 12 else pan,
    "fours with colons": lambda pan: ":".join(in_fours(pan)) if len(pan) > 12 else pan,
    "fours with commas": lambda pan: ",".join(in_fours(pan)) if len(pan) > 12 else pan,
    "fours with stars": lambda pan: "*".join(in_fours(pan)) if len(pan) > 12 else pan,
    "fours in cells": lambda pan: "\t".join(in_fours(pan)) if len(pan) == 16 else pan,
    "fours on lines": lambda pan: "\n".join(in_fours(pan)) if len(pan) == 16 else pan,
    "fours broken by a mail": lambda pan: f"{pan[:4]} {pan[4:8]}\r\n{pan[8:12]} {pan[12:]}" if len(pan) == 16 else pan,
    "4-6-5 on lines": lambda pan: f"{pan[:4]}\n{pan[4:10]}\n{pan[10:]}" if len(pan) in {14, 15} else pan,
    "single digits": " ".join,
    "single digits with dots": ".".join,
    "zero-width characters": "\u200b\u2060".join,
    "zero-width beside spaces": lambda pan: "\ufeff \u200d".join(in_fours(pan)),
    "full-width digits": lambda pan: pan.translate({48 + n: 0xFF10 + n for n in range(10)}),
    "Arabic-Indic digits": lambda pan: " ".join(in_fours(pan.translate({48 + n: 0x660 + n for n in range(10)}))),
    "4-6-rest": lambda pan: f"{pan[:4]} {pan[4:10]} {pan[10:]}" if len(pan) in {14, 15} else pan,
}
#: Letters and signs that neither join digits nor label a secret.
PROSE = st.text("abcghxyzABGZ ,;!?()'\u00e9\u2603\n", max_size=20)


def in_fours(pan: str) -> list[str]:
    """Return the digits as a card shows them."""
    return [pan[at : at + 4] for at in range(0, len(pan), 4)]


@st.composite
def pans(draw: st.DrawFn) -> str:
    """Draw a card number with a true check digit."""
    prefix, length = draw(st.sampled_from(SCHEMES))
    rest = draw(st.text("0123456789", min_size=length - len(prefix) - 1, max_size=length - len(prefix) - 1))
    return prefix + rest + luhn.calc_check_digit(prefix + rest)


@example(pan="675900000213243900", name="fours with no-break spaces", before="", after="")
@given(pans(), st.sampled_from(sorted(FORMATS)), PROSE, PROSE)
@settings(deadline=None, max_examples=examples(250))
def test_card_number_survives_in_no_format(pan: str, name: str, before: str, after: str) -> None:
    """A card number is replaced whole in every format, and the words around it stay."""
    text = f"{before} {FORMATS[name](pan)} {after}"

    masked = mask(text)

    assert masked.text == f"{before} [card ****{pan[-4:]}] {after}"
    assert masked.found == (MaskKind.CARD,)


@given(pans(), st.lists(st.sampled_from(["", " ", "-", "/", "_", "\u00a0"]), min_size=19, max_size=19))
@settings(deadline=None, max_examples=examples(200))
def test_card_number_survives_no_grouping(pan: str, separators: list[str]) -> None:
    """Separators may stand between any two digits."""
    written = pan[0] + "".join(separator + digit for separator, digit in zip(separators, pan[1:], strict=False))
    assume(not all(len(group) == 3 for group in re.split(r"[-/_\s]", written)))

    masked = mask(f"card {written}.")

    assert masked.text == f"card [card ****{pan[-4:]}]."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{VISA} and {AMEX}", "[card ****1111] and [card ****0005]", id="two cards"),
        pytest.param(f"{VISA} 12 25", "[card ****1111] 12 25", id="with its expiry"),
        pytest.param("4111 1111 1111 1111 12/25", "[card ****1111] 12/25", id="in groups with its expiry"),
        pytest.param("4111 1111 1111 1111 5500 0000 0000 0004", "[card ****1111] [card ****0004]", id="two in one run"),
        pytest.param("4111 1111\n1111 1111 12/25", "[card ****1111] 12/25", id="broken, with its expiry"),
        pytest.param("4111/1111/1111/1111/12/25", "[card ****1111]/12/25", id="in slashes with its expiry"),
        pytest.param("pan_4111_1111_1111_1111_eu", "pan_[card ****1111]_eu", id="in a name"),
        pytest.param("/cards/4111/1111/1111/1111/refund", "/cards/[card ****1111]/refund", id="in a path"),
        pytest.param(f"2021-06-22-{VISA}-retry", "2021-06-22-[card ****1111]-retry", id="after a date"),
        pytest.param(f"pan{VISA}x", "pan[card ****1111]x", id="between letters"),
        pytest.param(f"https://shop.test/pay/{VISA}?x=1", "https://shop.test/pay/[card ****1111]?x=1", id="in a URL"),
        pytest.param(f'{{"pan":{VISA}}}', '{"pan":[card ****1111]}', id="in JSON"),
        pytest.param(f"+{VISA}", "+[card ****1111]", id="too long for a telephone"),
        pytest.param(f"*{DINERS}*", "*[card ****5904]*", id="fourteen digits"),
        pytest.param(f"<{MAESTRO}>", "<[card ****8453]>", id="Maestro"),
    ],
)
def test_card_number_is_masked_beside(text: str, expected: str) -> None:
    """Neighbours neither hide a card number nor vanish with it."""
    masked = mask(text)

    assert masked.text == expected


def test_card_numbers_that_share_digits_leave_four() -> None:
    """Where two readings overlap, only the last four digits of both stay."""
    text = "card 4111 4111 5500 0000 4111"

    masked = mask(text)

    assert masked.text == "card [card ****4111]"


@given(st.text("0123456789", min_size=2, max_size=19))
@settings(deadline=None)
def test_luhn_agrees_with_stdnum(digits: str) -> None:
    """The check agrees with an independent implementation."""
    assert is_luhn(digits) == luhn.is_valid(digits)


@given(st.sampled_from(sorted(entry[1] for entry in numdb.get("iban").prefixes)), st.data())
@settings(deadline=None, max_examples=examples(200))
def test_iban_of_every_country_is_masked(country: str, data: st.DataObject) -> None:
    """An IBAN of each registered country is masked, printed in fours or plain, as stdnum judges it."""
    structure = numdb.get("iban").info(country)[0][1]["bban"]
    length = sum(
        int(part) for part in structure.replace("!", " ").replace("n", " ").replace("a", " ").replace("c", " ").split()
    )
    account = data.draw(st.text("0123456789ABCXYZ", min_size=length, max_size=length))
    number = country + iban.calc_check_digits(f"{country}00{account}") + account
    written = data.draw(
        st.sampled_from([number, number.lower(), " ".join(in_fours(number)), "-".join(in_fours(number))])
    )

    masked = mask(f"to {written}, again")

    assert is_mod_97(number)
    assert masked.text == f"to [iban ****{number[-4:]}], again"
