"""Passwords, keys and tokens are taken out of a text."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import secret_patterns
from analysis.masking import mask
from analysis.secret_patterns import _PREFIXED, _SIGN
from tests.effort import examples

ASCII = st.characters(max_codepoint=127)
UNPREFIXED = ("_KEY_BEGIN", "_PREFIXED_SK", "_SCHEME", "_HEADER", "_URL", "_ASSIGNMENT", "_OPTION")


@pytest.mark.parametrize(
    ("text", "expected", "kind"),
    [
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIB\n-----END RSA PRIVATE KEY-----\nthen",
            "[secret]\nthen",
            "private_key",
        ),
        (
            r'{"k": "-----BEGIN PRIVATE KEY-----\nMIIEpAIB\n-----END PRIVATE KEY-----\n"}',
            r'{"k": "[secret]\n"}',
            "private_key",
        ),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\ncut off here",
            "[secret]\ncut off here",
            "private_key",
        ),
        ("key AKIAIOSFODNN7EXAMPLE.", "key [secret].", "aws_access_key"),
        ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCY", "aws_secret_access_key = [secret]", None),
        ("xoxb-123456789012-abcdefABCDEF leaked", "[secret] leaked", "slack_token"),
        ("xapp-1-A012345-67890-abcdef leaked", "[secret] leaked", "slack_token"),
        (
            "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXX",
            "https://hooks.slack.com/services/[secret]",
            "slack_token",
        ),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[secret]", "github_token"),
        ("github_pat_11ABCDEFG0abcdefghijkl_mnopqrst", "[secret]", "github_token"),
        ("sk_live_abcdefghijklmnop and rk_live_abcdefghijklmnop", "[secret] and [secret]", "stripe_key"),
        ("use sk-proj-abcDEF123456_abcdefghijkl now", "use [secret] now", "api_key"),
        ("sk-abcdefghijklmnopqrstuvwxyz", "[secret]", "api_key"),
        ("AIzaSyA-1234567890abcdefghijklmnopqrstu", "[secret]", "api_key"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-def_g", "[secret]", "jwt"),
        ("Authorization: Bearer abcdEFGH1234", "Authorization: Bearer [secret]", "authorization"),
        ("-H 'authorization: Basic dXNlcjpwYXNz'", "-H 'authorization: Basic [secret]'", "authorization"),
        ("Basic dXNlcjpwYXNz", "Basic [secret]", "authorization"),
        ("bearer 0123456789abcdef0123", "bearer [secret]", "authorization"),
        ("password=hunter2, retry", "password=[secret], retry", None),
        ("DB_PASSWD='hun ter2' x", "DB_PASSWD='[secret]' x", None),
        ('{"client_secret": "abc", "a": 1}', '{"client_secret": "[secret]", "a": 1}', None),
        (r"{\"api_key\": \"abc\", \"a\": 1}", r"{\"api_key\": \"[secret]\", \"a\": 1}", None),
        ("Server=x;Password=a;b,c;Database=pay", "Server=x;Password=[secret];Database=pay", None),
        ("/login?token=abc&next=1", "/login?token=[secret]&next=1", None),
        ("password: hunter2!", "password: [secret]!", None),
        ("mysql --password hunter2 -h db", "mysql --password [secret] -h db", None),
        ("postgres://app:p@ss:w@db.test:5432/x", "postgres://app:[secret]@db.test:5432/x", "url_password"),
        ("redis://:hunter2@cache.test", "redis://:[secret]@cache.test", "url_password"),
        ("IBAN DE89 3704 0044 0532 0130 00 was", "IBAN [iban ****3000] was", "iban"),
        ("gb82west12345698765432.", "[iban ****5432].", "iban"),
        ("cvv: 123, CVC2 = 4567, security code is 890", "cvv: [cvv], CVC2 = [cvv], security code is [cvv]", "cvv"),
    ],
)
def test_secret_is_masked(text: str, expected: str, kind: str | None) -> None:
    """Each kind of secret is taken out alone, and its kind is told."""
    masked = mask(text)

    assert masked.text == expected
    assert set(masked.found) == {kind or "assigned_secret"}


@pytest.mark.parametrize(
    "pattern", [*(pattern for _, pattern in _PREFIXED), *(vars(secret_patterns)[name] for name in UNPREFIXED)]
)
def test_match_of_every_pattern_has_a_sign(pattern: re.Pattern[str]) -> None:
    """A text without a sign may be passed over, because nothing that any pattern matches is without one."""
    plain = re.sub(r"\(\?<![^)]*\)", "", pattern.pattern)
    plain = re.sub(r"([+*}])\+", r"\1", plain)  # hypothesis does not know possessive repetition, nor needs it

    @given(st.from_regex(re.compile(plain, re.ASCII | pattern.flags & re.IGNORECASE), fullmatch=True, alphabet=ASCII))
    @settings(deadline=None, max_examples=examples(25), suppress_health_check=list(HealthCheck))
    def holds(match: str) -> None:
        assert _SIGN.search(match.lower())

    holds()
