"""Masking card numbers, bank accounts and secrets before they reach the record."""

import json
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.masking import PlainTexts, mask, masked
from analysis.payment_numbers import find_cards, find_cvvs, find_ibans, has_signs_of_numbers
from analysis.secret_patterns import find_secrets, has_signs_of_secrets
from tests.effort import examples, thinned
from tests.shared_data import RECORDS

VISA, AMEX = "4111111111111111", "378282246310005"


@pytest.mark.parametrize(
    "text",
    [
        "2021-06-22T08:46:00Z",
        "started 1624351560, 1624351560123 and 1624351560123456789 ns",
        "Slack ts 1571000000.123456",
        "order 4111111111111112 was charged twice",
        "trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f067aa0ba902b7",
        "trace 411111111111111a and 4111111111111111aaaaaaaaaaaaaaaa",
        "550e8400-e29b-41d4-a716-446655440000",
        "41111111-1111-1111-8111-411111111111",
        "commit 2c902284250c5f0b8d7e6a1b3c4d5e6f70819203",
        "10.240.128.101:8080 -> 52.94.133.131:44312",
        "nodes 54.72.10.11 54.72.10.12 and 54.72.10.13",
        "127.0.0.6:60423 172.20.2.71:8080 172.20.3.247:55220",
        "call +49 30 901820 or +1 555 0100, +62 812 3456 7890",
        "call (555) 123-4567",
        "INC-20210622-0042, JIRA PAY-1234, PR 45678",
        "payments-api-7d9f8b6c5d-4xkzp is OOMKilled",
        "arn:aws:iam::501234567891:role/payments and arn:aws:lambda:eu-west-1:501800000009:function:x",
        "p99 went from 4.111111111111111 to 5.4999999999999999 s",
        "502 503 502 504 502 500",
        "ms a minute:\n4111\n1111\n1111\n1111\n1204\n1198",
        "4111\t1111\t1111\t1111\t1204",
        "ports 80, 443, 5432 and 6379; 12 of 40 hosts; 99.95 %",
        "23-12-2021 24-12-2021",
        "AKIA is the prefix of AWS keys, eyJ that of tokens, sk- of others",
        "the token expired and the password was wrong",
        "token: refreshed by the cron job",
        "secret: rotated",
        "max_tokens=512 tokens: 3 next_page=2",
        "password=${DB_PASSWORD} api_key=*** token=null secret=<redacted> password={{ vault }}",
        "PWD=/var/lib/app",
        "Bearer authentication failed for Basic plan customers",
        "authorization: declines rose to 12 percent",
        "https://registry.test:5000/@scope/package and git@github.test:org/repo.git",
        "https://user@host.test/path?x=1",
        "task-orchestration-service-production-eu and sk-production-payments-api-7d9f8b6c5d-4xkzp",
        "cvv check failed 500 times, cvc 12345, security codes 123",
        "DE89 3704 0044 0532 0130 01 has wrong check digits",
        "GB82 TEST of 40 hosts",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "[card ****1111] [secret] [iban ****3000] [cvv]",
        "hf_transfer_is_enabled_everywhere_by_default, dapi_server_connections_exhausted_again",
        "sdk-550e8400 and api-550e8400-e29b-41d4-a716-446655440000 restarted; access-production-payments-eu is gone",
        "the password is wrong and the passphrase was rotated; curl -u asks for a user: none given",
        "mysql -u root -P 3306 is slow, redis-cli -h cache -p 6379; cookie: banner hides the login, sk_buff is full",
        "paid $5 and $156; routing_key: payments.eu.declines",
        "",
    ],
)
def test_mask_leaves_incident_text(text: str) -> None:
    """What merely looks like a card number or a secret stays as it is."""
    masked = mask(text)

    assert (masked.text, masked.found) == (text, ())


def test_found_kinds_stand_in_reading_order() -> None:
    """Kinds are listed as their values appear, one entry each."""
    text = f"cvv 123 for {VISA}, password=x, DE89370400440532013000, {AMEX}"

    masked = mask(text)

    assert masked.found == ("cvv", "card", "assigned_secret", "iban", "card")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{VISA}GB82WEST12345698765432", "[card ****1111][iban ****5432]", id="an account behind a card"),
        pytest.param(
            f"{' '.join(VISA)} 4111 1111 1111 1111", "[card ****1111] [card ****1111]", id="loose digits before a card"
        ),
        pytest.param("AIza" + "a" * 35 + "AIza" + "b" * 35, "[secret][secret]", id="a key behind a key"),
    ],
)
def test_value_that_shows_once_its_neighbour_is_gone_is_masked(text: str, expected: str) -> None:
    """What is left between masked values is searched again."""
    masked = mask(text)

    assert masked.text == expected


def test_text_built_to_show_ever_more_is_withheld() -> None:
    """After a few rounds the rest of such a text goes as one secret, so nothing is left and the work is bounded."""
    text = ("AIza" + "a" * 35) * 50 + " end"

    masked = mask(text)

    assert masked.text == "[secret]" * 5


FRAGMENTS = st.sampled_from(
    [
        *("4111", "1111", " ", "-", ".", "\u200b", "4", VISA, AMEX, "5500 0000 0000 0004", "\u0664", "+", "x", "a"),
        *("password=", "token: ", '"', "'", "\\", ";", "&", "=", "://", "u:", "@", "/", "--secret ", "cvv ", "123"),
        *("DE89", "370400440532013000", "GB82 WEST 1234 5698 7654 32", "eyJhbGciOi", "xoxb-", "abcdefghij", "sk-"),
        *(
            "AKIAIOSFODNN7EXAMPLE",
            "Bearer ",
            "Basic ",
            "dXNlcjpwYXNz",
            "authorization: ",
            "-----BEGIN PRIVATE KEY-----",
        ),
        *("-----END PRIVATE KEY-----", "[secret]", "[card ****1111]", "[card ****", "]", "\n", "sk_live_abcdefghijk"),
    ]
)


@settings(max_examples=examples(300))
@given(st.lists(st.lists(FRAGMENTS | st.text(max_size=3), max_size=6).map("".join), max_size=8))
def test_text_that_was_seen_before_is_masked_as_if_it_were_new(texts: list[str]) -> None:
    """What is remembered of harmless texts lets nothing through, whatever was asked before and in whichever form."""
    first = [mask(text).text for text in texts]

    assert [masked(text) for text in texts] == first
    assert [mask(text).text for text in reversed(texts)] == first[::-1]


@given(st.lists(FRAGMENTS | st.text(max_size=3), max_size=30).map("".join))
@settings(deadline=None, max_examples=examples(200))
def test_mask_is_idempotent_and_bounded(text: str) -> None:
    """Masking twice is masking once, and the text at most triples."""
    once = mask(text)

    again = mask(once.text)

    assert again.text == once.text
    assert again.found == ()
    assert len(once.text) <= 3 * len(text)


@given(st.lists(FRAGMENTS | st.from_regex(r"[ -~]{1,3}", fullmatch=True), max_size=8).map("".join))
@settings(deadline=None, max_examples=examples(300))
def test_text_with_a_finding_has_its_sign(text: str) -> None:
    """The quick look that most texts end with never passes over one in which something would be found."""
    seen = text.encode("ascii", "ignore").decode()

    assert has_signs_of_secrets(seen.lower()) or not list(find_secrets(seen))
    assert has_signs_of_numbers(seen.lower()) or not [*find_cards(seen), *find_cvvs(seen), *find_ibans(seen)]


PLAIN = PlainTexts()


@given(st.lists(st.lists(FRAGMENTS, max_size=4).map("".join), max_size=6))
@settings(deadline=None, max_examples=examples(300))
def test_texts_are_plain_if_masking_changes_none(texts: list[str]) -> None:
    """Whatever was asked about before, and however often: nothing that would be masked is ever called plain."""
    is_plain = all(mask(text).text == text for text in texts)

    assert [PLAIN.has_all(texts), PLAIN.has_all(texts)] == [is_plain, is_plain]


@pytest.mark.thorough
def test_plain_texts_are_forgotten_before_they_fill_the_memory() -> None:
    """A sender whose every text is new costs a few megabytes, however many it sends."""
    plain = PlainTexts()
    tracemalloc.start()

    for number in range(0, 60_000, 20):
        assert plain.has_all([f"{'x' * 180} {place}" for place in range(number, number + 20)])

    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 10_000_000


@given(st.text())
@settings(deadline=None)
def test_mask_without_findings_changes_nothing(text: str) -> None:
    """Any text, of any script and with stray surrogates, is either reported or left alone."""
    masked = mask(text)

    assert bool(masked.found) == (masked.text != text)


@pytest.mark.parametrize(
    "unit",
    thinned(
        [
            *("4", "4 ", "4000 0000 ", "1.", "\u200b", "4\u200b", "eyJ", "sk-", "pwd=a;", "password", 'password="'),
            *("secret=;a;a;a;", "://", "://a:", "GB82 ", "a1b2c3d4", "arn:", "--a-", "authorization: bearer ", " "),
            *("-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\n\n", f"{VISA} ", "cvv ", "Basic AAAA"),
            *(
                "xoxb-aaaaaaaaaa\u00e9",
                "glc_a",
                "dapi0",
                "curl -u a",
                "curl ",
                "$6$a",
                "?sig=a",
                "password is a1",
                "\u0664",
                "hooks.slack.com/services/",
                "DE89370400440532013000",
                "=",
                '\\"',
            ),
        ],
        every=20,
    ),
)
def test_mask_takes_linear_time(unit: str) -> None:
    """A hundred thousand characters of the worst kind take well under the time that a quadratic search would."""
    text = unit * (100_000 // len(unit))
    started = time.thread_time()

    mask(text)

    assert time.thread_time() - started < 3


def test_mask_leaves_real_incident_records() -> None:
    """No sentence of the recorded incidents holds anything to mask, and none is changed."""
    if not RECORDS:
        pytest.skip("the recorded incidents are not here; DEBRIEF_SHARED_DATA names their folder")
    records = [path.read_text() for path in RECORDS]
    texts = [event["text"] for record in records for event in json.loads(record)["timeline"]]

    changed = [text for text in [*texts, *records] if mask(text).text != text]

    assert len(texts) > 300
    assert changed == []
