"""Secrets as people tell and paste them: by what they are called, in whatever way the value stands beside that.

A password may be any word, so here a label says more than the value does: after a sign whatever stands there goes, but
for words that say how the password is (`expired`), and after a verb whatever ends the sentence or is no word of it.
"""

import re
from collections.abc import Callable, Iterator

from analysis.outgoing.found import Span
from analysis.outgoing.prose import ends_clause, is_prose, is_state, looks_chosen
from analysis.outgoing.vault import Kind

#: What a password is called, and nothing else; `pass` is a verb as well, and what a check does.
_PASSWORD = (
    r"pass[ _-]?(?:wor[dt]|code|phrase|wd|w)|(?<!first )(?<!second )(?<!third )(?<!tests )(?<!checks )pass"
    r"|pswd|psw|pwd?|psk|kennwort|mot de passe|mdp|contrase[nñ]a|clave|senha"
    r"|palavra-passe|wachtwoord|parola|hasło|lösenord|adgangskode|salasana"
    r"|(?:security|secret) (?:answer|word)|safe ?word"
)
#: What else is secret, and yet is spoken of without its value mostly.
_KEY = (
    r"token|secret|(?:api|access|secret|sign(?:ing)?|encryption|master|unseal|licen[cs]e|private|account"
    r"|shared)[ _-]?key|apikey|webhook secret|api[ _-]?schlüssel"
)
_NOT_A_LABEL = r"(?<![a-z])"
#: Which of them: `unseal key 1`, `password for the replica`.
_WHICH = (
    r"s?(?:[ _#]{0,2}[0-9]{1,2})?\\?[\"'`]?\)?(?:[ \t]?\([^()\n]{1,40}\))?"
    r"(?:[ \t]{1,2}(?:for|of|to|on|at|in|für|der|des|von|auf|pour|de|du|para|del|do|da)[ \t]{1,2}"
    r"(?:[^\n:=,;.!?]|\.(?=\w)){1,50}?)??"
)
_SIGN = r"(?:[ \t]{1,3}(?:is|are|ist|est|es))?[ \t]{0,3}(?:=>|:=|={1,3}|[-=]{1,2}>|[→➜➔➡⇒>]|:)[ \t]{0,8}"
_VERB = (
    r"(?:[ \t]{1,3}(?:is|was|are|ist|war|sind|lautet|est|es|era|é|è|to|set to)|['’]s)"
    r"(?:[ \t]{1,2}(?:now|still|currently|just|set to|jetzt|ahora|agora))?[ \t]{1,3}"
)
_OPENING, _CLOSING = r"\\?[\"'`“„‘«]", r"\"'`“”’»\\\n"
_QUOTED = rf"N?{_OPENING}(?P<quoted>[^\s,;:)\]}}{_CLOSING}](?:[^{_CLOSING}]|\\(?![\"'`])){{0,100}})"
#: A value goes on over what neither ends the clause nor begins the next `name=`.
_BARE = r"(?P<bare>(?:(?!</|[;,&](?:\s|$|[\w.-]{1,30}=))[^\s\"'`“”»|]){2,200}+)"
_VALUE = rf"(?:{_QUOTED}|{_BARE})"

_BY_SIGN = re.compile(rf"(?i){_NOT_A_LABEL}(?:(?P<password>{_PASSWORD})|(?P<key>{_KEY})){_WHICH}(?:{_SIGN}){_VALUE}")
_BY_VERB = re.compile(rf"(?i){_NOT_A_LABEL}(?:(?P<password>{_PASSWORD})|(?P<key>{_KEY})){_WHICH}(?:{_VERB}){_VALUE}")
_BESIDE = re.compile(
    rf"(?i){_NOT_A_LABEL}(?:(?P<password>{_PASSWORD})|(?P<key>{_KEY}))\\?[\"'`]?[ \t]{{0,3}}[(=]?"
    rf"(?:{_QUOTED}|[ \t]{{1,12}}{_BARE})"
)
#: All that stands on the line after its label, also in a block of code.
_ON_NEXT_LINE = re.compile(
    rf"(?i){_NOT_A_LABEL}(?:(?P<password>{_PASSWORD})|(?P<key>{_KEY})){_WHICH}"
    r"(?P<link>[ \t]{0,3}:|[ \t]{1,3}(?:is|ist|est|es|é))?[ \t]{0,3}\r?\n(?P<fence>[ \t]{0,8}```[a-z]{0,10}\r?\n)?"
    r"[ \t]{0,8}[\"'`]?(?P<bare>[^\s\"'`][^\n\"'`]{1,200})"
)
_NAMED = r"(?:[ \t]{1,2}(?:the|our|an?|my|new|old|root|admin|db|user|das|als|le)){0,3}[ \t]{1,2}"
_ABOUT = r"(?![a-z]|[ _-](?:store|manager|reset|service|page|field|policy|file|hash|vault|rotation|prompt|check))"
_BACKWARDS = re.compile(
    rf"(?i)(?<![^\s\"'`“(])(?P<bare>[^\s\"'`“”]{{4,64}}+)[\"'`”]?[ \t]{{1,2}}(?:is|was|as|for|als|ist){_NAMED}"
    rf"(?:{_PASSWORD}){_ABOUT}"
    r"|(?<![a-z])use[ \t]{1,2}[\"'`]?(?P<used>[^\s\"'`]{4,64})[\"'`]?[ \t]{1,2}to (?:log|sign)[ -]?in"
)

_NO_NAMES = r"(?!(?:can(?:not|'t)?|may|must|will|to|and|not|should|could|did|does|who|that|the|gets?)[ \t])"
_USER_AND = re.compile(
    r"(?i)(?<![a-z])(?:(?:user(?:[ _-]?(?:name|id))?|usr|login|uid|usuario|benutzer|utilisateur)"
    r"(?:[ \t]{0,2}[:=]|[ \t])"
    rf"|(?:u|un)[:=])[ \t]{{0,3}}{_NO_NAMES}[\"'`]?[^\s,;/|\\\"'`]{{1,64}}[\"'`]?[ \t,;/|]{{1,3}}(?:and |y |et |und )?"
    rf"(?:(?:{_PASSWORD})(?:(?P<sign>[ \t]{{0,2}}[:=])|[ \t])|p(?P<short>[:=]))[ \t]{{0,3}}[\"'`]?{_BARE}"
)
_ACCOUNT = r"root|admin(?:istrator)?|sa|sys|system|guest|oper|ops|deploy|postgres|oracle|superuser|test|demo|scott|app"
_PAIR = r"(?P<first>(?!https?:)[^\s/:|,;\"'`]{1,64})(?:[ \t]?[/|][ \t]?|:)(?P<second>[^\s/:\"'`,;][^\s\"'`,;]{1,64})"
#: Both of what somebody logs in with, as `a/b`.
_CREDENTIALS = re.compile(
    r"(?i)(?<![a-z])(?:(?P<creds>cred(?:ential)?s?|user(?:name)? ?/ ?pass(?:word)?|u/p|zugangsdaten|anmeldedaten"
    r"|identifiants?|credenciales|credenciais|wi-?fi|wlan)|log(?:in|ins| in)(?: with| as| using)?)\\?[\"'`]?"
    rf"(?:[ \t]{{1,2}}for[ \t]{{1,2}}[^\n:=,;.!?]{{1,50}}?)??(?P<link>{_SIGN}|{_VERB}|[ \t]{{1,3}})[\"'`]?{_PAIR}"
)
_ROOT = re.compile(
    r"(?i)(?<![\w/.:@-])(?:root|admin(?:istrator)?|guest|superuser)(?: / | ?: ?|/)"
    r"(?P<second>(?=[^\s/]{0,40}[a-z])(?=[^\s/]{0,40}[0-9])[^\s/:\"'`,;]{4,64}|admin|root|guest)(?![/:\w.-])"
)
_CODE = re.compile(
    r"(?i)(?<![a-z])(?:pin|otp|totp|tan|(?:2fa|mfa|verification|one[- ]?time|unlock|activation|sms"
    r"|backup|recovery|security) code)(?: code| number)?(?:[ \t]{1,2}(?:for|of|to)[ \t]{1,2}[^\n:=,;.!?]{1,50}?)??"
    r"(?: is| was|['’]s|[ \t]{0,3}[:=#])?\s{0,3}\\?[\"'`]?"
    r"(?P<value>[0-9]{3,8}(?![0-9a-z:%]|\.[0-9])|[0-9]{2,4}(?:[ -][0-9]{2,4}){1,3}(?![0-9a-z:%]|\.[0-9]))"
)
#: How a clause about a password begins, and how it goes on after the password; neither is so after a check.
_BEGINS = re.compile(
    r"(?i)(?:^|[\n\"'`.,;:!?(\[{<&][ \t]{0,8})(?:(?:the|our|my|your|new|old|and|root|admin|db|wi-?fi)[ \t]{1,2}){0,3}\Z"
)
_IS_SAID = re.compile(r"</|[ \t]{1,2}(?:is|was|works?|worked)(?![a-z])")
_TO = re.compile(r"(?i)(?<![a-z])to(?![a-z])|[→➜➔➡⇒]|[-=]>")
#: Numbers of a sentence stand beside `pass` and `token`, too; these are no secrets.
_LEAST_DIGITS, _LEAST_KEY = 3, 4


def find_told(text: str) -> Iterator[Span]:
    """Values that stand beside what they are called; spans may overlap."""
    for pattern, is_secret in _JUDGED:
        for match in pattern.finditer(text):
            if any(map(str.isalnum, _value(match))) and is_secret(match):
                yield _span(match)
    yield from _pairs(text)


def _pairs(text: str) -> Iterator[Span]:
    for match in _CREDENTIALS.finditer(text):
        if _are_credentials(match):
            end = match.start("second") + len(_bare(match["second"]))
            yield Span(start=match.start("first"), end=end, kind=Kind.SECRET)
    for pattern, group in ((_ROOT, "second"), (_CODE, "value")):
        for match in pattern.finditer(text):
            yield Span(start=match.start(group), end=match.end(group), kind=Kind.SECRET)


def _is_assigned(match: re.Match[str]) -> bool:
    """Whether what stands after a sign is the secret; of a key only what no word is."""
    value = _value(match)
    if match["key"]:
        return _is_mixed(value) and "://" not in value
    is_directory = match["password"].casefold() == "pwd" and value.startswith("/")
    is_counted = value.isdigit() and len(value) < _LEAST_DIGITS
    return not (is_directory or is_counted or is_state(value)) and (not _is_pass(match) or _is_told_pass(match))


def _is_stated(match: re.Match[str]) -> bool:
    """Whether what stands after a verb is the secret, or a word of the sentence."""
    value = _value(match)
    if match["key"]:
        return _is_mixed(value)
    if _is_pass(match) and not _is_told_pass(match):
        return False
    if match["quoted"]:
        return not is_state(value)
    if looks_chosen(value):
        return not value.isdigit() or len(value) >= _LEAST_DIGITS
    return not is_prose(value) and ends_clause(match.string, match.start("bare") + len(value))


def _is_beside(match: re.Match[str]) -> bool:
    """Whether what follows without sign or verb is the secret; a password may be a word that ends the clause."""
    value = _value(match)
    if match["key"]:
        has_digits = any(map(str.isdigit, value))
        return match["quoted"] is None and has_digits and len(value) >= _LEAST_KEY + 2 and _is_mixed(value)
    if match["quoted"]:
        return not is_prose(value) and match["password"].casefold() != "pass"
    if any(map(str.isdigit, value)) and _is_mixed(value):
        return True
    if match["password"].casefold() == "pass" or not value.isalpha() or is_prose(value):
        return False
    return ends_clause(match.string, match.start("bare") + len(value))


def _is_all_of_its_line(match: re.Match[str]) -> bool:
    value = _value(match)
    if match["fence"]:
        return bool(match["password"]) or _is_mixed(value)
    if any(map(str.isspace, value)):
        return False
    is_told = match["password"] and match["link"] and not _is_pass(match) and not is_state(value)
    return _is_mixed(value) or bool(is_told)


def _are_credentials(match: re.Match[str]) -> bool:
    first, second = match["first"], _bare(match["second"])
    if not any(map(str.isalpha, first)) or is_state(first):
        return False
    is_known = re.fullmatch(rf"(?i:{_ACCOUNT})", first) is not None
    if not match["creds"]:  # What can be logged in with is listed so as well: `Login: SSO/SAML down`.
        return is_known or _is_mixed(second.casefold())
    return is_known or _is_mixed(second) or not (is_prose(first) and is_prose(second))


def _is_pass(match: re.Match[str]) -> bool:
    """Whether the label is `pass` alone, which checks and reviews do, too."""
    before = match.string[max(match.start() - 1, 0) : match.start()]
    return match["password"] is not None and match["password"].casefold() == "pass" and before not in {"_", "-", "."}


def _is_told_pass(match: re.Match[str]) -> bool:
    """Whether a value beside `pass` alone is a password: mixed, quoted, right after `=`, or all that is told."""
    value, start = _value(match), match.start(_group(match))
    link = match.string[match.end("password") : start]
    if value.isdigit():
        return False
    if match["quoted"] or link == "=" or _is_mixed(value):
        return True
    begins = _BEGINS.search(match.string[max(match.start() - 40, 0) : match.start()])
    is_last = ends_clause(match.string, start + len(value)) or _IS_SAID.match(match.string, start + len(value))
    is_named = not any(map(str.isdigit, link)) and _TO.search(link) is None
    return bool(begins and is_last and is_named) and value.isalpha() and not is_prose(value)


def _is_mixed(value: str) -> bool:
    """Whether *value* has letters, and digits or signs among them as no word of a sentence and no version has."""
    return len(value) >= _LEAST_KEY and any(map(str.isalpha, value)) and looks_chosen(value) and not is_prose(value)


def _group(match: re.Match[str]) -> str:
    return next(name for name in ("quoted", "bare", "used") if match.groupdict().get(name))


def _value(match: re.Match[str]) -> str:
    group = _group(match)
    return match[group] if group == "quoted" else _bare(match[group])


def _bare(value: str) -> str:
    return value.rstrip(" \t\r.,;:!?)]}\\") or value


def _span(match: re.Match[str]) -> Span:
    start = match.start(_group(match))
    return Span(start=start, end=start + len(_value(match)), kind=Kind.SECRET)


def _is_told_backwards(match: re.Match[str]) -> bool:
    return _is_mixed(_value(match))


def _is_beside_a_name(match: re.Match[str]) -> bool:
    value = _value(match)
    is_last = ends_clause(match.string, match.start("bare") + len(value))
    return not (is_state(value) if match["sign"] or match["short"] or is_last else is_prose(value))


_JUDGED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    (_BY_SIGN, _is_assigned),
    (_BY_VERB, _is_stated),
    (_BESIDE, _is_beside),
    (_ON_NEXT_LINE, _is_all_of_its_line),
    (_BACKWARDS, _is_told_backwards),
    (_USER_AND, _is_beside_a_name),
)
