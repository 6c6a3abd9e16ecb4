"""What stands after the word password without being one: how it is, and how a sentence about it goes on."""

import re

#: How a password is, and words that hold a sentence together.
_STATES = frozenset(
    """
a about all already also always an and any are as ask at bad be been being below but by can cannot changed
compromised correct customers denied disabled does empty enabled everybody expired expires exposed fail failed failing
fails false fine for forgotten from gone good had has have here hidden how if in incorrect instead into invalid is it
its leaked locked mandatory masked matches mismatch missing must my na needed never nil no nobody none not null of off
ok okay on only optional or our out pending people per please redacted rejected required reset revoked rotated same
see set should some someone still stored that the their there these they this those to too true undefined unknown
unset unspecified up users valid was we weak were what when where which who why will with without wrong yes you your
""".split()  # noqa: SIM905 - a list of words
)
#: What is said of passwords and tokens beside that.
_TOPICS = frozenset(
    """
above accepted access account accounts admin again api app apps attempt attempts attack auth authentication back
backend because before blocked broken bucket bug cached case change changes check checks clear cleartext client
complexity could count database days db dead default did different do done down due during easy encrypted endpoint
entry error errors everywhere exact expiration expiry failure failures feature field fields file files first flow form
gateway generator guess hard hash hashed hashes hashing hint history hours id identical in input insecure interval issue
issues just known last later length less lifetime like limit link login logins logout long look lookup lost
mail mails management manager may might minutes more name new next now number old one over page pages parameter plain
plaintext policies policy private problem problems prompt prompts public rate refused reminder replaced request
requests reset resets right rotation rotations rules safe same saved scan seconds secret secure server service
services session short shown simple since slow something somewhere soon spray spraying stage step store strength strong
stuck sync team test tests than then through today tomorrow type under unsafe until update updates used
user using validation validator value values vault verification very via visible volume while working works would
yesterday
""".split()  # noqa: SIM905 - a list of words
)
#: Endings of what is said of one, with how long a word with it is at least: `table` is no such word.
_ENDINGS = {"ed": 5, "ing": 6, "able": 8, "ible": 7}
#: What stands where a secret would, and what is named with a digit and is none.
_NO_VALUE = re.compile(
    r"(?i)\*+|[x.…_-]{3,}|n/a|\$\{?[A-Z_][A-Z0-9_]*\}?|\{\{.*|<[^<>]*>|%[sd]|\[(?:secret|redacted|card|iban|cvv)\b.*"
)
_TECHNICAL = re.compile(
    r"(?i)oauth2?|oidc|sha-?[0-9]+|md5|[rhep]s(?:256|384|512)|ed25519|base64|argon2(?:id?)?|utf-?8|p[0-9]{2}|v[0-9][\w.-]*"
    r"|http/?[0-9.]*|[0-9.,]+-?[a-z%]{1,7}|[0-9]+/[0-9]+|[a-z]{2,3}-[0-9]{1,6}|e[0-9]{1,5}|[0-9]xx"
    r"|k8s|s3|ec2|x509|tls[0-9.]*|2fa|mfa"
    r"|[a-z]+-[0-9]{1,3}|[a-z]{2}-[a-z]{4,9}-[0-9]|.*\.(?:ya?ml|json|txt|md|env|conf|cfg"
    r"|ini|log|py|js|ts|go|java|rb|sh|sql|xml|html)"
)
_WORDLIKE_SIGNS = re.compile(r"[^\W\d_]+(?:[-_./'’][^\W\d_]+)*")
_CLAUSE_END = re.compile(
    r"[\"'`”’»)\]}\\]{0,3}(?:[.,;!?]{0,3}[ \t]{0,3}(?:$|[\r\n])|[,;!?)]|\.\s"
    r"|[ \t]{1,3}(?:for|on|in|at|until|till|everywhere|btw|now|and|but|then|so|please|pls|if|-|–|\()(?![a-z]))"
)


def is_state(value: str) -> bool:
    """Whether *value* is a word about a secret, or stands for one, even after a sign: `password: expired`."""
    return value.casefold() in _STATES or _NO_VALUE.fullmatch(value) is not None


def is_prose(value: str) -> bool:
    """Whether *value* may well be a word that goes on with a sentence about passwords."""
    lower = value.casefold()
    is_participle = any(lower.endswith(ending) and len(lower) >= least for ending, least in _ENDINGS.items())
    return is_participle or is_state(value) or lower in _TOPICS or _TECHNICAL.fullmatch(value) is not None


def looks_chosen(value: str) -> bool:
    """Whether *value* is no word of a sentence: it has a digit, a capital inside or a sign that no word has."""
    bare = value.rstrip(".,;:!?)]}")
    return any(map(str.isdigit, bare)) or any(map(str.isupper, bare[1:])) or not _WORDLIKE_SIGNS.fullmatch(bare)


def ends_clause(text: str, end: int) -> bool:
    """Whether a clause ends at *end*, or goes on as it does after something that was told."""
    return _CLAUSE_END.match(text, end) is not None
