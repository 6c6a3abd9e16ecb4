"""Values that must not leave, each with a number of its own, in the forms and disguises in which they turn up.

Every value is made up from a seed. Check digits hold, prefixes are those of the vendors; none was issued to anybody.
"""

import base64
import html
import json
import random
import string
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass

#: Prefix, length and alphabet of what follows, for each vendor's key.
_BASE62 = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"
VENDOR_KEYS: dict[str, tuple[str, int, str]] = {
    "OpenAI": ("sk-proj-", 48, _BASE62),
    "OpenAI, older": ("sk-", 48, _BASE62),
    "Anthropic": ("sk-ant-api03-", 93, _BASE62),
    "AWS key id": ("AKIA", 16, string.ascii_uppercase + "234567"),
    "AWS secret": ("", 40, f"{_BASE62}+/"),
    "Slack bot": ("xoxb-", 50, string.digits),
    "Slack app": ("xapp-1-A0", 60, _BASE62),
    "GitHub": ("ghp_", 36, _BASE62),
    "GitHub, fine-grained": ("github_pat_", 82, _BASE62),
    "GitLab": ("glpat-", 20, _BASE62),
    "Stripe": ("sk_live_", 24, _BASE62),
    "Stripe webhook": ("whsec_", 32, _BASE62),
    "Google": ("AIza", 35, f"{_BASE62}_-"),
    "Google secret": ("GOCSPX-", 28, _BASE62),
    "npm": ("npm_", 36, _BASE62),
    "PyPI": ("pypi-AgEIcHlwaS5vcmc", 60, _BASE62),
    "SendGrid": ("SG.", 66, _BASE62),
    "Twilio": ("SK", 32, _HEX),
    "Shopify": ("shpat_", 32, _HEX),
    "Square": ("sq0atp-", 22, _BASE62),
    "Hugging Face": ("hf_", 34, _BASE62),
    "Vault": ("hvs.", 90, _BASE62),
    "DigitalOcean": ("dop_v1_", 64, _HEX),
    "Databricks": ("dapi", 32, _HEX),
    "Grafana": ("glsa_", 32, _BASE62),
    "New Relic": ("NRAK-", 27, string.ascii_uppercase + string.digits),
    "Linear": ("lin_api_", 40, _BASE62),
    "Docker": ("dckr_pat_", 27, _BASE62),
    "Atlassian": ("ATATT3xFfGF0", 60, _BASE62),
    "Telegram": ("110201543:AA", 33, _BASE62),
    "hexadecimal": ("", 40, _HEX),
}
_CARDS = (
    ("4", 16),
    ("4", 13),
    ("4", 19),
    ("51", 16),
    ("2221", 16),
    ("34", 15),
    ("36", 14),
    ("3530", 16),
    ("6011", 16),
    ("62", 17),
    ("5018", 12),
    ("9792", 16),
)
_IBANS = (
    ("DE", 18, ""),
    ("GB", 14, "WEST"),
    ("NL", 10, "ABNA"),
    ("FR", 23, ""),
    ("ES", 20, ""),
    ("CH", 17, ""),
    ("MT", 23, "MALT"),
    ("PL", 24, ""),
    ("NO", 11, ""),
)
_HOSTS = ("shop.example", "mail.bank.test", "gmx.invalid", "zahlung.example.org")


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """One value: `text` is how it is written, `core` what of it must not be seen in any writing."""

    kind: str
    core: str
    text: str
    disguise: str


def canaries(count: int, seed: int) -> list[Canary]:
    """*count* canaries, the kinds and disguises in turn."""
    drawn = random.Random(seed)
    made = []
    for number in range(count):
        kind = _KINDS[number % len(_KINDS)]
        disguises = [name for name, suits in DISGUISES.items() if kind in suits[1] or not suits[1]]
        core, written = _MAKERS[kind](drawn)
        disguise = disguises[number // len(_KINDS) % len(disguises)]
        made.append(Canary(kind=kind, core=core, text=DISGUISES[disguise][0](written), disguise=disguise))
    return made


def _card(drawn: random.Random) -> tuple[str, str]:
    prefix, length = drawn.choice(_CARDS)
    digits = prefix + "".join(drawn.choices(string.digits, k=length - len(prefix) - 1))
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(digits)))
    number = digits + str(-total % 10)
    return number, number


def _iban(drawn: random.Random) -> tuple[str, str]:
    country, length, bank = drawn.choice(_IBANS)
    body = bank + "".join(drawn.choices(string.digits, k=length))
    check = 98 - int("".join(str(int(one, 36)) for one in f"{body}{country}00")) % 97
    number = f"{country}{check:02}{body}"
    return number, number


def _email(drawn: random.Random) -> tuple[str, str]:
    local = "".join(drawn.choices(string.ascii_lowercase, k=9)) + drawn.choice(("", ".x7", "+tag", "_22"))
    return local[:9], f"{local}@{drawn.choice(_HOSTS)}"


def _phone(drawn: random.Random) -> tuple[str, str]:
    digits = "".join(drawn.choices("23456789", k=9))
    shape = drawn.choice(
        ("+49 {0} {1} {2}", "+1 ({0}) {1}-{2}", "0{0} {1} {2}", "+44{0}{1}{2}", "{0}-{1}-{2}7", "0049{0}{1}{2}")
    )
    return digits, shape.format(digits[:3], digits[3:6], digits[6:])


def _ip(drawn: random.Random) -> tuple[str, str]:
    if drawn.random() < 0.5:
        parts = [str(drawn.randint(100, 223)) for _ in range(4)]
        return "".join(parts), ".".join(parts)
    groups = [f"{drawn.randrange(0x1000, 0x10000):x}" for _ in range(8)]
    return "".join(groups), ":".join(groups)


def _key(drawn: random.Random) -> tuple[str, str]:
    prefix, length, alphabet = drawn.choice(list(VENDOR_KEYS.values()))
    body = "".join(drawn.choices(alphabet, k=length))
    return body, prefix + body


def _token(drawn: random.Random) -> tuple[str, str]:
    body = "".join(drawn.choices(_BASE62, k=24))
    parts = [base64.urlsafe_b64encode(drawn.randbytes(30)).decode() for _ in range(2)]
    shape = drawn.choice(
        (
            f"Authorization: Bearer {body}",
            f"eyJhbGciOiJIUzI1NiJ9.{parts[0]}{body}.{parts[1]}",
            f"curl -u admin:{body} host",
            f"postgres://app:{body}@db.internal/ledger",
            f"password={body}",
            f'"client_secret": "{body}"',
            f"-----BEGIN RSA PRIVATE KEY-----\n{body}{parts[0]}\n-----END RSA PRIVATE KEY-----",
            f"https://hooks.slack.com/services/T00000000/B00000000/{body}",
            f"https://store.example/o?X-Amz-Signature={body}",
        )
    )
    return body, shape


def _everybody(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


_MAKERS: dict[str, Callable[[random.Random], tuple[str, str]]] = {
    "card": _card, "IBAN": _iban, "e-mail": _email, "phone": _phone, "IP": _ip, "key": _key, "token": _token,
}  # fmt: skip
_KINDS = tuple(_MAKERS)
_NUMBERS = frozenset({"card", "IBAN"})
#: How a value is written, and which kinds are written so (empty: all).
DISGUISES: dict[str, tuple[Callable[[str], str], frozenset[str]]] = {
    "as it is": (str, frozenset()),
    "groups of four": (lambda text: " ".join(text[at : at + 4] for at in range(0, len(text), 4)), _NUMBERS),
    "hyphens": (lambda text: "-".join(text[at : at + 4] for at in range(0, len(text), 4)), _NUMBERS),
    "spaced out": (" ".join, _NUMBERS),
    "dots": (".".join, _NUMBERS),
    "zero width": ("\u200b".join, frozenset()),
    "soft hyphens": ("\u00ad".join, frozenset()),
    "full width": (_everybody, frozenset()),
    "percent": (lambda text: urllib.parse.quote(text, safe=""), frozenset()),
    "all percent": (lambda text: "".join(f"%{byte:02X}" for byte in text.encode()), frozenset()),
    "escapes of JSON": (lambda text: "".join(f"\\u{ord(one):04x}" for one in text), frozenset()),
    "in JSON": (lambda text: json.dumps({"value": text}), frozenset()),
    "HTML": (lambda text: "".join(f"&#{ord(one)};" for one in text), frozenset()),
    "HTML once": (html.escape, frozenset()),
    "base64": (lambda text: base64.b64encode(text.encode()).decode(), frozenset()),
    "hexadecimal": (lambda text: text.encode().hex(), frozenset()),
    "in words": (lambda text: f"it was {text}, they said", frozenset()),
    "in a link": (lambda text: f"https://wiki.example/x?q={text}&r=1", frozenset()),
    "glued": (lambda text: f"id_{text}_end", frozenset()),
    "in brackets": (lambda text: f"[[{text}]]", frozenset()),
}
