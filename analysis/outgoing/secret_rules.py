"""Keys and tokens beside those that masking knows (`analysis.secret_patterns`): more vendors, and whatever is random.

Here a false alarm costs a word of a draft and a miss sends a secret, so the rules are wider than those of masking.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator

from analysis.outgoing.found import Span
from analysis.outgoing.prose import looks_chosen
from analysis.outgoing.vault import Kind

_BODY = r"[A-Za-z0-9_.=+/~-]"
#: What each vendor begins its keys with, and how many characters follow at least.
_PREFIXES: tuple[tuple[str, int], ...] = (
    (r"sk-(?:proj-|svcacct-|admin-|ant-(?:api|admin)\d\d-|or-v1-)?", 16),  # OpenAI, Anthropic, OpenRouter
    (r"(?:gsk_|xai-|pplx-|r8_|hf_|nvapi-|fw_|co_)", 20),  # Groq, xAI, Perplexity, Replicate, Hugging Face, NVIDIA
    (r"(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA)", 16),  # AWS
    (r"(?:xox[a-z]|xapp|xwfp)-", 10),  # Slack
    (r"(?:gh[opsur]_|github_pat_|glpat-|gl(?:dt|rt|ft|soat|cbt|ptt|agent|imt)-|bb(?:dc|pat)[-_])", 16),  # forges
    (r"(?:sk|rk|pk)_(?:live|test)_|whsec_", 10),  # Stripe
    (
        r"(?:sq0[a-z]{3}-|EAAA|shp(?:at|ca|pa|ss)_|access_token\$(?:production|sandbox)\$)",
        16,
    ),  # Square, Shopify, PayPal
    (r"(?:AIza|ya29\.|GOCSPX-|1//0)", 20),  # Google
    (r"(?:npm_|pypi-|rubygems_|oy2|dckr_(?:pat|oat)_|cio|crates_)", 20),  # package registries
    (r"(?:hv[sbr]\.|dop_v1_|doo_v1_|dor_v1_|pscale_(?:tkn|pw|oauth)_|atlasv1\.|dp\.(?:pt|st|ct|sa)\.)", 16),
    (r"(?:glsa_|glc_|eyJrIjoi|NRAK-|NRJS-|sntrys_|sntryu_|dt0[a-z]\d\d\.|dd[pa]_)", 16),  # observability
    (r"(?:lin_api_|lin_oauth_|ntn_|secret_|figd_|ATATT3|ATCTT3|PMAK-|pat-(?:na|eu)\d-|pdus\+|u\+)", 16),  # tools
    (r"(?:SG\.|key-|xkeysib-|mlsn\.|re_|AC|SK|EZ[AT]K)", 24),  # mail and messages
    (r"(?:HRKU-|rnd_|fo1_|FlyV1 |vercel_|nfp_|CFPAT-|dapi|shippo_(?:live|test)_|sl\.|tfp_|duffel_(?:live|test)_)", 16),
    (r"AGE-SECRET-KEY-1", 40),  # age
    (r"(?:tskey-(?:auth|api|client)-|ops_eyJ|A3-)", 16),  # Tailscale, 1Password
)
_VENDORS = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    + "|".join(rf"{prefix}(?P<b{n}>{_BODY}{{{least},}}+)" for n, (prefix, least) in enumerate(_PREFIXES))
    + ")"
)
_TELEGRAM = re.compile(r"(?<![0-9A-Za-z])\d{8,10}:AA[\w-]{33}")
_DISCORD = re.compile(r"(?<![\w-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}")
_JWT = re.compile(r"(?<![\w-])eyJ[\w-]{8,}+\.[\w-]{8,}+(?:\.[\w-]*+){0,3}")
_WEBHOOK = re.compile(
    r"(?:hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)|discord(?:app)?\.com/api/webhooks"
    r"|[\w-]{1,60}\.webhook\.office\.com/webhookb2|events\.pagerduty\.com/integration)/[\w/@.-]{20,}"
)
_QUERY = re.compile(
    r"(?i)[?&](?:sig|signature|x-amz-signature|x-amz-credential|code|token|key|auth|sas|st)=[^\s&\"<>]{12,}"
)
_ACCOUNT_KEY = re.compile(r"(?i)(?:accountkey|sharedaccesskey|client[_-]?secret)[ \"':=]{1,4}[A-Za-z0-9+/=~._-]{8,}")
_CHARACTER = r"[^\s\"'`,;]"
_ASSIGNED = re.compile(
    r"(?i)[\w.-]{0,40}(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|credential|api[_ -]?key"
    r"|access[_ -]?key|auth)[\w.-]{0,20}"
    r"[ \t]{0,3}(?:=>|:=|={1,3}|:|\bis\b)[ \t]{0,3}[\"'`]?"
    rf"(?P<value>{_CHARACTER}{{6,}})"
)
#: The same without a sign between, if the value has letters and digits as no word of a sentence does.
_BESIDE = re.compile(
    r"(?i)(?<![a-z])(?:pass(?:word|wd|phrase|code)|pwd|pw|secret)[ \t]{1,3}"
    rf"(?P<value>(?={_CHARACTER}{{0,60}}[a-z])(?={_CHARACTER}{{0,60}}[0-9]){_CHARACTER}{{6,}})"
)
#: A password of whoever is named in a link, which may be cut off before the host; no port.
_IN_LINK = re.compile(r"://[^\s/:@?#]{1,64}:(?P<value>(?![0-9]{1,5}(?![\w.-]))[^\s/@\"'<>]{3,64})")
#: A word that an option of a command is given.
_OPTION = re.compile(
    r"(?i)(?<![\w-])--?[a-z-]{0,20}(?:password|passwd|passphrase|pass|secret|token|api-?key)[ =][\"']?"
    r"(?P<value>[^\s\"']{4,})"
)
#: Words that are only told from a sentence by their label.
_PHRASE = re.compile(
    r"(?i)(?<![a-z])(?:pass[ _-]?phrase|(?:seed|recovery|mnemonic)[ _-]?(?:phrase|words?))"
    r"(?:[ \t]{1,2}(?:for|of|to)[ \t]{1,2}[^\n:=.;]{1,50}?)??"
    r"\\?[\"']?(?:[ \t]{0,3}[:=]|[ \t]{1,3}(?:is|was))[ \t]{0,3}[\"'`]?(?P<value>[^\n.;\"'`]{4,300})"
)
_PIN = re.compile(
    r"(?i)(?<![a-z])(?:pin|otp|totp|tan|mfa|2fa|passcode|(?:verification|one[- ]?time|unlock|door|activation) code)"
    r"(?: code| number)?(?: is| was|[ \t]{0,3}[:=#])?\s{0,3}"
    r"(?P<value>[0-9]{3,8}|[0-9]{3}[\s-][0-9]{3})(?![0-9A-Za-z:%]|\.[0-9])"
)
_BASIC = re.compile(r"(?i)(?<![a-z0-9])(?:bearer|basic|digest|token|apikey)[ \t:=]{1,3}(?P<value>[\w.~+/=-]{12,})")
_KEY_BLOCK = re.compile(
    r"-----BEGIN [A-Z0-9 ]{3,60}-----(?:[^-]|-(?!----)){0,20000}+(?:-----END [A-Z0-9 ]{3,60}-----)?"
)
_RANDOM = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_=-]{20,}+")
_LEAST_BITS = 3.4
_HEX = re.compile(r"[0-9a-fA-F-]+")
_SEGMENT = re.compile(r"[-_/+=]")
#: A word, several written as one, or such with a number.
_SPELLED = re.compile(r"(?:[A-Z]?[a-z]{2,}+|[A-Z]{1,6}+|[a-z]|[0-9]{1,4}+){1,6}")


def find_tokens(text: str) -> Iterator[Span]:
    """Secrets by vendor, by label, by place and by randomness; spans may overlap."""
    for pattern in (_VENDORS, _TELEGRAM, _DISCORD, _JWT, _WEBHOOK, _QUERY, _ACCOUNT_KEY, _KEY_BLOCK):
        for match in pattern.finditer(text):
            yield Span(start=match.start(), end=match.end(), kind=Kind.SECRET)
    for pattern in (_ASSIGNED, _BASIC):
        for match in pattern.finditer(text):
            if looks_chosen(match["value"]):
                yield Span(start=match.start("value"), end=match.end("value"), kind=Kind.SECRET)
    for pattern in (_BESIDE, _IN_LINK, _OPTION, _PHRASE, _PIN):
        for match in pattern.finditer(text):
            yield Span(start=match.start("value"), end=match.end("value"), kind=Kind.SECRET)
    for match in _RANDOM.finditer(text):
        if _is_random(match[0]):
            yield Span(start=match.start(), end=match.end(), kind=Kind.SECRET)


def _is_random(token: str) -> bool:
    """Whether a long token is drawn rather than spelled: most of it reads as no words and numbers."""
    if _HEX.fullmatch(token):
        return len(token) >= 32
    segments = [segment for segment in _SEGMENT.split(token) if segment]
    spelled = sum(len(segment) for segment in segments if _SPELLED.fullmatch(segment))
    return spelled * 2 < sum(map(len, segments)) and _bits(token) > _LEAST_BITS


def _bits(token: str) -> float:
    """Shannon's entropy of the token's letters, in bits a letter."""
    return -sum(count / len(token) * math.log2(count / len(token)) for count in Counter(token).values())
