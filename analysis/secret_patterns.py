"""Passwords, keys and tokens in running text.

Every pattern either has a bounded length or cannot fail after it began to repeat, so a search takes linear time.
"""

import base64
import binascii
import re
from collections.abc import Iterator

from analysis.sensitive import Finding, MaskKind
from analysis.service_keys import SERVICE_KEY, SIGNS, UUID

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
    (MaskKind.API_KEY, re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}")),
    (MaskKind.API_KEY, re.compile(r"(?<![0-9A-Za-z])[0-9]{8,10}:AA[\w-]{33}")),
    # Addresses that let whoever knows them post or alert, and links that whoever has them needs no login for.
    (
        MaskKind.API_KEY,
        re.compile(
            r"(?:discord(?:app)?\.com/api/webhooks|\.webhook\.office\.com/webhookb2|events\.pagerduty\.com/integration)/"
            r"(?P<value>[\w/@-]{20,})"
        ),
    ),
    (
        MaskKind.API_KEY,
        re.compile(r"(?i)[?&](?:sig|(?:x-(?:amz|goog)-)?signature)=(?P<value>[^\s&\"'<>]{16,})"),
    ),
    # A password as it is kept, from which it can be guessed.
    (
        MaskKind.ASSIGNED_SECRET,
        re.compile(r"\$(?:2[abxy]\$[0-9]{2}|apr1|[156y]|argon2id?)\$[A-Za-z0-9./$=,+]{20,}"),
    ),
    (
        MaskKind.ASSIGNED_SECRET,
        re.compile(
            r"(?<![\w-])curl[ \t][^\n]{0,200}?(?<![\w-])(?:-u|--user)[ \t=]{0,2}[\"']?[^\s:\"']{1,64}:"
            r"(?P<value>[^\s\"']{3,200})"
        ),
    ),
    (
        MaskKind.ASSIGNED_SECRET,
        re.compile(
            r"(?<![A-Za-z0-9])(?:(?:mysql(?:dump|admin)?|mariadb)[ \t][^\n]{0,200}?(?<![\w-])-p"
            r"|sshpass[ \t]{1,3}-p[ \t]{0,3}|redis-cli[ \t][^\n]{0,200}?(?<![\w-])-a[ \t]{1,3})"
            r"[\"']?(?P<value>[^\s\"'-][^\s\"']{3,200})"
        ),
    ),
    (
        MaskKind.ASSIGNED_SECRET,
        re.compile(r"(?i)(?<![a-z])login\s{1,3}[^\s]{1,64}\s{1,3}password\s{1,3}(?P<value>[^\s]{3,200})"),
    ),
    (
        MaskKind.AUTHORIZATION,
        re.compile(r"(?i)(?<![a-z])cookie\\?[\"']?:[ \t]{0,3}(?P<value>[^\s;=,\"']{1,64}=[^\r\n\"']{8,2000})"),
    ),
    (MaskKind.JWT, re.compile(r"(?<![\w-])eyJ[\w-]{5,}+\.(?:[\w-]{5,}+|(?=\.[\w-]{8}))(?:\.[\w-]*+){1,3}")),
)
_PREFIXED_SK = re.compile(r"(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{20,}")
_SCHEME = re.compile(r"(?i)(?<![a-z0-9])(?P<scheme>bearer|basic|geniekey)[ \t]{1,3}(?P<value>[A-Za-z0-9._~+/=-]{8,})")
_HEADER = re.compile(
    r"(?i)authorization\\?[\"']?[ \t]{0,3}[:=][ \t]{0,3}\\?[\"']?"
    r"(?:bearer|basic|token|digest|negotiate|apikey|key|geniekey|splunk|sso-key)[ \t]{1,3}(?P<value>[^\s\"'\\]{8,})"
)
_URL = re.compile(r"://[^\s/:@]{0,128}:(?P<value>[^\s/]{1,256})@")

_NAME = (
    r"(?:password|passwd|passphrase|pwd|secret[_-]?access[_-]?key|secret|token"
    r"|(?:api|access|private|account|signing|encryption|master)[_-]?key)(?:[_-]?(?:key|value|string|hash|[0-9]))?"
)
#: A separator inside a value: one that neither ends the clause nor begins the next `name=`.
_INNER = r"[;,&](?!\s|$|[\w.-]{1,30}=)"
_BARE = rf"(?:[^\s;,&\"'`]|{_INNER})++"
_VALUE = rf"(?:\\?\"(?P<double>[^\"\n]{{1,500}}?)\\?\"|'(?P<single>[^'\n]{{1,500}})'|[\"'`]?(?P<bare>{_BARE}))"
_ASSIGNMENT = re.compile(rf"(?i){_NAME}\\?[\"'`]?[ \t]{{0,3}}(?P<sign>=>|:=|={{1,3}}|:)[ \t]{{0,3}}{_VALUE}")
_OPTION = re.compile(rf"(?i)(?<![\w-])--?[a-z-]{{0,20}}{_NAME}(?P<sign>[ \t]){_VALUE}")
#: How people tell one another, of which only a value with letters and digits is no word of the sentence.
_TOLD = re.compile(
    r"(?i)(?<![a-z0-9])(?:password|passwd|passphrase|passcode|pwd)[ \t]{1,3}(?:is|was)[ \t]{1,3}(?:now[ \t]{1,3})?"
    r"[\"'`]?(?P<bare>[^\s\"'`]{6,})"
)
#: What stands where a secret would, without being one.
_PLACEHOLDER = re.compile(
    r"(?i)(?:\*+|x{3,}|\.{3}|null|none|nil|true|false|undefined|\$\{?[A-Z_][A-Z0-9_]*\}?|\{\{.*|<[^<>]*>)"
)
_UNBROKEN = re.compile(rf"[A-Za-z0-9]{{20}}|{UUID}")

#: Every match of every pattern above has one of these in it, once in lower case; most texts have none. Those with
#: the same first letter are together, which halves the time of a look. A password in a URL ends at its `@`.
_SIGN = re.compile(
    r"a(?:kia|sia|bia|cca|iza|uthorization)|b(?:earer|asic)|dop_v1_|eyj|g(?:h[opsur]_|ithub_pat_|ocspx-|lpat-)"
    r"|h(?:ooks\.slack|vs\.)|key|npm_|p(?:ass|wd|rivate key|ypi-age)|s(?:ecret|g\.|k-)|token|whsec_|x(?:ox|app-)"
    r"|ya29\.|_(?:live|test)_|@"
)
_WORD_SIGN = re.compile(r"c(?:url[ \t]|ookie)|m(?:ysql|ariadb)|redis-cli")
_MARK_SIGN = re.compile(
    r"\.(?:atlasv1\.|webhook\.)|:aa|/(?:webhooks|integration)/|[?&](?:sig|(?:x-(?:amz|goog)-)?signature)="
    r"|\$(?:2[abxy]|apr1|[156y]|argon2id?)\$"
)
_SERVICE_SIGN = re.compile(rf"(?<![a-z0-9])(?:{SIGNS})")
#: No key of a service is shorter, and most texts have no word so long.
_LONG_WORD = re.compile(r"\S{20,}+")


def has_signs_of_secrets(lower: str) -> bool:
    """Whether an ASCII text, given in lower case, can hold a secret: false means that none would be found."""
    if _SIGN.search(lower) or _WORD_SIGN.search(lower) or _MARK_SIGN.search(lower):
        return True
    long = _LONG_WORD.findall(lower)
    return bool(long and _SERVICE_SIGN.search("\n".join(long)))


def find_secrets(text: str) -> Iterator[Finding]:
    """Every secret that its own shape or its label gives away, in no particular order; findings may overlap."""
    yield from _private_keys(text)
    for kind, pattern in _PREFIXED:
        for match in pattern.finditer(text):
            yield _finding(kind, match, "value" if "value" in pattern.groupindex else 0)
    for pattern in (_PREFIXED_SK, SERVICE_KEY):
        for match in pattern.finditer(text):
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
    for pattern in (_ASSIGNMENT, _OPTION, _TOLD):
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
    if is_quoted or "=" in match.groupdict().get("sign", ""):
        return True
    return len(value) >= 6 and any(map(str.isdigit, value)) and any(map(str.isalpha, value))


def _is_random(value: str) -> bool:
    """Whether a value looks drawn by a machine: mixed cases and digits, twenty without a break, or a UUID."""
    has_digit = any(map(str.isdigit, value))
    is_mixed = any(map(str.islower, value)) and any(map(str.isupper, value[1:]))
    return bool(_UNBROKEN.search(value)) or (has_digit and is_mixed) or (is_mixed and len(value) >= 12)


def _is_user_and_password(value: str) -> bool:
    try:
        return b":" in base64.b64decode(value, validate=True)
    except binascii.Error:
        return False
