"""Passwords, keys and tokens in running text.

Every pattern either has a bounded length or cannot fail after it began to repeat, so a search takes linear time.
"""

import base64
import binascii
import re
from collections.abc import Iterator

from analysis.sensitive import Finding, MaskKind

_TOKEN = "[secret]"
_KEY_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
#: What may follow the head of a key whose end was cut off: lines of base64.
_KEY_BODY = re.compile(r"(?:(?:\s|\\[nr])*+[A-Za-z0-9+/=]{16,}+)*+")
_MAX_KEY_LENGTH = 20_000

#: Values that their issuer marks with a prefix; a group named value narrows what is masked.
_PREFIXED: tuple[tuple[MaskKind, re.Pattern[str]], ...] = (
    (MaskKind.AWS_ACCESS_KEY, re.compile(r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])")),
    (MaskKind.SLACK_TOKEN, re.compile(r"(?<![A-Za-z0-9])(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]{10,}")),
    (
        MaskKind.SLACK_TOKEN,
        re.compile(r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/(?P<value>[A-Za-z0-9/_-]{20,})"),
    ),
    (MaskKind.GITHUB_TOKEN, re.compile(r"(?<![A-Za-z0-9])(?:gh[opsur]_|github_pat_)[A-Za-z0-9_]{20,}")),
    (MaskKind.STRIPE_KEY, re.compile(r"(?<![A-Za-z0-9])(?:(?:sk|rk)_(?:live|test)|whsec)_[A-Za-z0-9]{10,}")),
    (MaskKind.API_KEY, re.compile(r"(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}")),
    (MaskKind.API_KEY, re.compile(r"(?<![A-Za-z0-9])(?:ya29\.|GOCSPX-|glpat-|hvs\.|pypi-AgE|dop_v1_)[\w-]{20,}")),
    (MaskKind.API_KEY, re.compile(r"(?<![A-Za-z0-9])(?:npm_[A-Za-z0-9]{36}|SG\.[\w-]{16,32}\.[\w-]{16,64})")),
    (MaskKind.JWT, re.compile(r"(?<![\w-])eyJ[\w-]{5,}+\.[\w-]{5,}+(?:\.[\w-]*+){1,3}")),
)
_PREFIXED_SK = re.compile(r"(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{20,}")
_SCHEME = re.compile(r"(?i)(?<![a-z0-9])(?P<scheme>bearer|basic)[ \t]{1,3}(?P<value>[A-Za-z0-9._~+/=-]{8,})")
_HEADER = re.compile(
    r"(?i)authorization\\?[\"']?[ \t]{0,3}[:=][ \t]{0,3}\\?[\"']?"
    r"(?:bearer|basic|token|digest|negotiate|apikey|key)[ \t]{1,3}(?P<value>[^\s\"'\\]{8,})"
)
_URL = re.compile(r"://[^\s/:@]{0,128}:(?P<value>[^\s/]{1,256})@")

_NAME = (
    r"(?:password|passwd|passphrase|pwd|secret[_-]?access[_-]?key|secret|token"
    r"|api[_-]?key|access[_-]?key|private[_-]?key)(?:[_-]?(?:key|value|string|hash|[0-9]))?"
)
#: A separator inside a value: one that neither ends the clause nor begins the next `name=`.
_INNER = r"[;,&](?!\s|$|[\w.-]{1,30}=)"
_BARE = rf"(?:[^\s;,&\"'`]|{_INNER})++"
_VALUE = rf"(?:\\?\"(?P<double>[^\"\n]{{1,500}}?)\\?\"|'(?P<single>[^'\n]{{1,500}})'|[\"'`]?(?P<bare>{_BARE}))"
_ASSIGNMENT = re.compile(rf"(?i){_NAME}\\?[\"'`]?[ \t]{{0,3}}(?P<sign>=>|:=|={{1,3}}|:)[ \t]{{0,3}}{_VALUE}")
_OPTION = re.compile(rf"(?i)(?<![\w-])--?[a-z-]{{0,20}}{_NAME}(?P<sign>[ \t]){_VALUE}")
#: What stands where a secret would, without being one.
_PLACEHOLDER = re.compile(
    r"(?i)(?:\*+|x{3,}|\.{3}|null|none|nil|true|false|undefined|\$\{?[A-Z_][A-Z0-9_]*\}?|\{\{.*|<[^<>]*>)"
)
_UNBROKEN = re.compile(r"[A-Za-z0-9]{20}")

#: Every match of every pattern above has one of these in it, once in lower case; most texts have none. Those with
#: the same first letter are together, which halves the time of a look. A password in a URL ends at its `@`.
_SIGN = re.compile(
    r"a(?:kia|sia|bia|cca|iza|uthorization)|b(?:earer|asic)|dop_v1_|eyj|g(?:h[opsur]_|ithub_pat_|ocspx-|lpat-)"
    r"|h(?:ooks\.slack|vs\.)|key|npm_|p(?:ass|wd|rivate key|ypi-age)|s(?:ecret|g\.|k-)|token|whsec_|x(?:ox|app-)"
    r"|ya29\.|_(?:live|test)_|@"
)


def has_signs_of_secrets(lower: str) -> bool:
    """Whether an ASCII text, given in lower case, can hold a secret: false means that none would be found."""
    return _SIGN.search(lower) is not None


def find_secrets(text: str) -> Iterator[Finding]:
    """Every secret that its own shape or its label gives away, in no particular order; findings may overlap."""
    yield from _private_keys(text)
    for kind, pattern in _PREFIXED:
        for match in pattern.finditer(text):
            yield _finding(kind, match, "value" if "value" in pattern.groupindex else 0)
    for match in _PREFIXED_SK.finditer(text):
        if _is_random(match[0]):
            yield _finding(MaskKind.API_KEY, match, 0)
    yield from _authorizations(text)
    for match in _URL.finditer(text):
        yield _finding(MaskKind.URL_PASSWORD, match, "value")
    yield from _assignments(text)


def _finding(kind: MaskKind, match: re.Match[str], group: str | int) -> Finding:
    return Finding(start=match.start(group), end=match.end(group), kind=kind, token=_TOKEN)


def _private_keys(text: str) -> Iterator[Finding]:
    for begin in _KEY_BEGIN.finditer(text):
        end = _KEY_END.search(text, begin.end(), begin.end() + _MAX_KEY_LENGTH) or _KEY_BODY.match(text, begin.end())
        stop = end.end() if end else begin.end()
        yield Finding(start=begin.start(), end=stop, kind=MaskKind.PRIVATE_KEY, token=_TOKEN)


def _authorizations(text: str) -> Iterator[Finding]:
    for match in _HEADER.finditer(text):
        if _is_random(match["value"]):
            yield _finding(MaskKind.AUTHORIZATION, match, "value")
    for match in _SCHEME.finditer(text):
        is_basic = match["scheme"].lower() == "basic"
        if _is_user_and_password(match["value"]) if is_basic else _is_random(match["value"]):
            yield _finding(MaskKind.AUTHORIZATION, match, "value")


def _assignments(text: str) -> Iterator[Finding]:
    for pattern in (_ASSIGNMENT, _OPTION):
        for match in pattern.finditer(text):
            group = str(match.lastgroup)
            value = match[group].rstrip(".,;:!?)]}") if group == "bare" else match[group]
            if value and _is_assigned_secret(match, value, is_quoted=group != "bare"):
                start = match.start(group)
                kind = MaskKind.ASSIGNED_SECRET
                yield Finding(start=start, end=start + len(value), kind=kind, token=_TOKEN)


def _is_assigned_secret(match: re.Match[str], value: str, *, is_quoted: bool) -> bool:
    """Whether a value beside a telling name is a secret rather than prose, a path or a placeholder."""
    is_directory = match[0][:3].lower() == "pwd" and value.startswith("/")
    if is_directory or _PLACEHOLDER.fullmatch(value):
        return False
    if is_quoted or "=" in match["sign"]:
        return True
    return len(value) >= 6 and any(map(str.isdigit, value)) and any(map(str.isalpha, value))


def _is_random(value: str) -> bool:
    """Whether a value looks drawn by a machine: mixed cases and digits, or twenty characters without a break."""
    has_digit = any(map(str.isdigit, value))
    is_mixed = any(map(str.islower, value)) and any(map(str.isupper, value[1:]))
    return bool(_UNBROKEN.search(value)) or (has_digit and is_mixed) or (is_mixed and len(value) >= 12)


def _is_user_and_password(value: str) -> bool:
    try:
        return b":" in base64.b64decode(value, validate=True)
    except binascii.Error:
        return False
