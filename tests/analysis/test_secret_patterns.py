"""Passwords, keys and tokens are taken out of a text."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import secret_patterns
from analysis.masking import mask
from analysis.secret_patterns import _PREFIXED, has_signs_of_secrets
from tests.effort import examples, thinned

ASCII = st.characters(max_codepoint=127)
UNPREFIXED = (
    "_KEY_BEGIN",
    "_PREFIXED_SK",
    "SERVICE_KEY",
    "_SCHEME",
    "_HEADER",
    "_URL",
    "_ASSIGNMENT",
    "_OPTION",
    "_TOLD",
)
DRAWN = "a1B2c3D4e5F6g7H8j9K0m1N2p3Q4r5S6t7U8v9W0x1Y2z3A4b5C6d7E8f9G0h1J2k3L4"
HEX = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978"
UUID = "0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0"


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
        *(
            (f"it was {key}, revoked", "it was [secret], revoked", "api_key")
            for key in (
                *(f"{name}{DRAWN[:20]}" for name in ("gldt-", "glrt-", "dckr_pat_", "glsa_", "sq0atp-")),
                *(
                    f"{name}{DRAWN[:40]}"
                    for name in ("hf_", "gsk_", "sk_", "live_", "ATATT3xFf", "lin_api_", "figd_", "hvb.", "pul-")
                ),
                *(f"{name}{HEX[:32]}" for name in ("shpat_", "dapi", "access_token$production$abcdefgh$", "FLWSECK-")),
                *(f"{name}{UUID}" for name in ("access-production-", "sdk-")),
                *(f"AQE{DRAWN}", f"rzp_live_{DRAWN[:14]}", f"NRAK-{DRAWN[:27].upper()}", f"sntrys_{DRAWN}"),
                *(
                    f"AGE-SECRET-KEY-1{DRAWN[:58].upper()}",
                    f"{DRAWN[:14]}.atlasv1.{DRAWN}",
                    f"123456789:AA{DRAWN[:33]}",
                ),
            )
        ),
        ("Authorization: GenieKey " + UUID, "Authorization: GenieKey [secret]", "authorization"),
        (f"Bearer {UUID}", "Bearer [secret]", "authorization"),
        (f"eyJhbGciOiJkaXIifQ..{DRAWN[:16]}.{DRAWN[:20]}.{DRAWN[:22]}", "[secret]", "jwt"),
        (f"https://discord.com/api/webhooks/123456/{DRAWN}", "https://discord.com/api/webhooks/[secret]", "api_key"),
        (
            f"https://events.pagerduty.com/integration/{HEX[:32]}/enqueue",
            "https://events.pagerduty.com/integration/[secret]",
            "api_key",
        ),
        (
            f"https://x.blob.test/y?sv=1&sig={DRAWN[:43]}%3D&x=1",
            "https://x.blob.test/y?sv=1&sig=[secret]&x=1",
            "api_key",
        ),
        (f"AccountKey={DRAWN}==;EndpointSuffix=x.test", "AccountKey=[secret];EndpointSuffix=x.test", None),
        ("hash $2b$12$" + DRAWN[:53] + " of root", "hash [secret] of root", None),
        ("root:$6$abcdefgh$" + DRAWN, "root:[secret]", None),
        ("curl -s -u ana:hunter2 https://pay.test", "curl -s -u ana:[secret] https://pay.test", None),
        ("mysqldump -uroot -phunter2 payments", "mysqldump -uroot -p[secret] payments", None),
        ("redis-cli -h cache -a hunter2 ping", "redis-cli -h cache -a [secret] ping", None),
        ("machine db.test login ana password hunter", "machine db.test login ana password [secret]", None),
        ("Cookie: sid=0f1e2d3c; theme=dark\nthen", "Cookie: [secret]\nthen", "authorization"),
        ("the password is Sommer2024! for now", "the password is [secret]! for now", None),
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
    "pattern",
    thinned([*(pattern for _, pattern in _PREFIXED), *(vars(secret_patterns)[name] for name in UNPREFIXED)], every=3),
)
def test_match_of_every_pattern_has_a_sign(pattern: re.Pattern[str]) -> None:
    """A text without a sign may be passed over, because nothing that any pattern matches is without one."""
    plain = re.sub(r"\(\?<![^)]*\)", "", pattern.pattern)
    plain = re.sub(r"([+*}])\+", r"\1", plain)  # hypothesis does not know possessive repetition, nor needs it

    @given(st.from_regex(re.compile(plain, re.ASCII | pattern.flags & re.IGNORECASE), fullmatch=True, alphabet=ASCII))
    @settings(deadline=None, max_examples=examples(25), suppress_health_check=list(HealthCheck))
    def holds(match: str) -> None:
        assert has_signs_of_secrets(match.lower())

    holds()
