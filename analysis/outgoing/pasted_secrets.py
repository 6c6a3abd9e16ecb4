"""Secrets by their place in what is pasted: options of commands, links, statements, files and manifests.

Their values may be any word, and what stands before them is written by programs, so that nothing of it is guessed.
"""

import re
from collections.abc import Iterator

from analysis.outgoing.found import Span
from analysis.outgoing.prose import is_state
from analysis.outgoing.vault import Kind

_WORD = r"(?:\\?\"(?P<double>[^\"\n]{1,200}?)\\?\"|'(?P<single>[^'\n]{1,200})'|(?P<bare>[^\s\"'\\-][^\s\"'\\]{1,200}))"
#: What a command is given and a sentence does not go on with: an option, a place, a method, a name before an option.
_GIVEN = (
    r"(?=[ \t]{1,3}(?:-{1,2}[A-Za-z]|[^\s:/.]{0,100}[:/.][^\s]|[A-Z]{3,7}[ \t]|[\w-]{1,64}[ \t]{1,3}-{1,2}[A-Za-z]))"
)
#: By command: the options whose value is a secret, or somebody's name with one.
_OPTIONS = (
    (r"(?:docker|podman|nerdctl|buildah|skopeo|helm|oc|crane|oras|cf|az|ecctl)[ \t][^\n]{0,80}?login", r"-p"),
    (
        r"(?:mongo(?:sh|dump|restore|export|import|stat|top)|beeline|cqlsh|rabbitmqadmin|clickhouse-client)",
        r"-p",
    ),
    (rf"(?:mongo|influx){_GIVEN}", r"-p"),
    (r"(?:sqlcmd|bcp|osql|isql|tsql)", r"-P"),
    (r"(?:plink|pscp|psftp|putty)", r"-pw"),
    (r"ldap(?:search|add|modify|delete|passwd|whoami)", r"-w"),
    (r"(?:redis-cli|valkey-cli)", r"-a"),
    (rf"(?:https?|xh){_GIVEN}", r"(?:-a(?=(?:[ \t]{1,3}|=)[^\s]{0,200}:)|(?<=bearer )-a)"),
    (r"curl", r"(?:-u|-U|--user|--proxy-user)"),
    (r"(?:smbclient|rpcclient|smbmap|mount\.cifs|net[ \t]{1,3}(?:ads|rpc|use|join|user))", r"-U"),
    (r"snmp(?:walk|get|set|bulkwalk)", r"-[cAX]"),
    (r"keytool", r"-(?:src|dest)?(?:store|key)pass"),
    (rf"(?:zip|unzip|7z|htpasswd){_GIVEN}", r"-P"),
)
_COMMANDS = tuple(
    re.compile(rf"(?<![\w.-]){command}(?=[ \t])[^\n]{{0,200}}?(?<![\w-]){option}(?:[ \t]{{1,3}}|=){_WORD}")
    for command, option in _OPTIONS
)
#: A name and a password, of which either tells; a name alone has no sign in it.
_WITH_NAME = re.compile(
    rf"(?i)(?<![\w.-])(?:rabbitmqctl[ \t]{{1,3}}(?:add_user|change_password)[ \t]{{1,3}}"
    rf"[^\s]{{1,64}}[ \t]{{1,3}}{_WORD})"
)
_QUERY = re.compile(
    r"(?i)[?&](?:pass(?:word|wd|code|phrase)?|pwd|pw|(?:access_|refresh_|id_|auth_)?token|api[_-]?key|auth"
    r"|(?:client_)?secret|otp|pin|jwt|session(?:_?id)?|sid)=(?P<value>[^\s&\"'<>#]{1,2000})"
)
_HEADER = re.compile(
    r"(?i)(?<![a-z])authorization\\?[\"']?[ \t]{0,3}[:=][ \t]{0,3}\\?[\"']?(?:bearer|basic|digest|token|apikey|key)"
    r"[ \t]{1,3}(?P<value>[^\s\"'\\]{4,2000})"
)
_API_KEY = re.compile(
    r"(?i)(?<![a-z])x-[a-z-]{0,30}(?:key|token|secret|auth)\\?[\"']?[ \t]{0,3}[:=][ \t]{0,3}\\?[\"']?"
    r"(?P<value>[^\s\"'\\,;]{4,500})"
)
_STATEMENT = re.compile(
    r"(?i)(?<![a-z])(?:identified[ \t]{1,3}(?:with[ \t]{1,3}[\w']{1,40}[ \t]{1,3})?(?:by|as)"
    r"|password[ \t]{0,3}(?:\(|=[ \t]{0,3}N?))[ \t]{0,3}(?:values[ \t]{1,3})?[\"'](?P<value>[^\"'\n]{1,200})"
)
#: `user/password@service`, as Oracle's commands and links have it.
_ORACLE = re.compile(
    r"(?i)(?<![a-z])(?:oracle:(?:thin|oci):"
    r"|(?:sqlplus|sqlldr|expdp|impdp|rman[ \t]{1,3}target|exp|imp|connect)[ \t]{1,3}(?:-[a-z]{1,10}[ \t]{1,3}){0,3})"
    r"[\"']?(?P<value>[a-z][\w$#]{0,30}/[^\s@\"'/]{1,64})(?=@|[ \t]{0,3}(?:$|\n))"
)
#: A line of a file of passwords, and what opens a vault.
_LINE = re.compile(
    r"(?m)^[ \t]{0,8}[\w.*-]{1,253}:(?:[0-9]{2,5}|\*):[\w.*-]{1,64}:[\w.*-]{1,64}:(?P<value>[^\s:]{1,200})[ \t\r]{0,3}$"
    r"|(?<![\w-])vault[ \t]login[ \t]{1,3}(?:-no-[a-z]{1,10}[ \t]{1,3}|token=)?(?P<opener>[^\s=-][^\s=]{5,200})(?=\s|$)"
)
#: A name and a password before a host, without the scheme of a link; no image by its digest.
_USER_INFO = re.compile(
    r"(?i)(?<![\w.:@/-])(?!mailto:)[a-z][\w.-]{0,32}:(?P<value>[^\s:@/\"'<>]{3,64}+)@(?!sha[0-9])[a-z][\w.-]{1,253}"
)
#: A variable that is called after what it holds.
_VARIABLE = re.compile(
    r"(?<![A-Za-z0-9])[A-Z0-9_]{0,40}(?:PASS(?:WORD|WD|PHRASE)?|PWD|PW|SECRET|TOKEN|API_?KEY|CREDENTIALS?|AUTH|SALT)"
    r"(?:_(?:KEY|BASE|VALUE|STRING|HASH|SALT|PROD|LIVE|TEST|NEW|OLD|ROOT|ADMIN|[0-9]{1,2})){0,3}="
    rf"(?!/)(?!(?<=(?<![A-Z0-9_])PASS=)[0-9]{{1,20}}(?![^\s,;)\]]))(?:{_WORD})"
)
_LITERAL = re.compile(r"--from-literal[= ][\"']?[\w.-]{1,253}=(?P<value>[^\s\"']{1,4000})")
_SHARE = re.compile(r"(?i)(?<!\w)net use[ \t][^\n]{0,200}?/user:[^\s]{1,64}[ \t]{1,3}(?P<value>[^\s/]{3,200})")
_ATTRIBUTE = re.compile(
    r"(?i)(?<![a-z])(?:key|name)=\\?[\"'][\w.:-]{0,60}(?:pass(?:word|wd)?|pwd|secret|token)[\w.-]{0,20}\\?[\"']"
    r"[ \t]{1,3}value=\\?[\"'](?P<value>[^\"'\\\n]{1,400})"
)
_VALUE_LINE = re.compile(
    r"(?i)(?<![a-z])name:[ \t]{1,3}[\"']?[\w.-]{0,60}(?:pass(?:word|wd)?|pwd|secret|token|api_?key|credentials?)"
    r"[\w.-]{0,20}[\"']?[ \t]{0,3}\r?\n[ \t]{0,20}value:[ \t]{1,3}[\"']?(?P<value>[^\s\"'][^\n\"']{0,400})"
)
#: The values of a secret of Kubernetes, whatever they are called.
_MANIFEST = re.compile(
    r"(?m:kind:[ \t]{1,3}Secret(?:[ \t\r]{0,3}\n[^\n]{0,200}){0,20}?\ndata"
    r"|^data(?=:(?:\n[^\n]{0,500}){1,40}?\nkind: Secret)"
    r"|(?<![\w-])stringData):[ \t\r]{0,3}"
    r"(?P<lines>(?:\n[ \t]{1,12}[\w.-]{1,253}:[^\n]{0,4000}){1,60})"
)
_ENTRY = re.compile(r"\n[ \t]{1,12}[\w.-]{1,253}:[ \t]{1,3}[\"']?(?P<value>[^\s\"'|>][^\n\"']{0,4000})")
_PLACES = (
    _WITH_NAME, _QUERY, _HEADER, _API_KEY, _STATEMENT, _ORACLE, _LINE, _USER_INFO, _VARIABLE, _LITERAL, _SHARE,
    _ATTRIBUTE, _VALUE_LINE,
)  # fmt: skip


def find_pasted(text: str) -> Iterator[Span]:
    """Secrets that stand where a program expects them; spans may overlap."""
    for pattern in (*_COMMANDS, *_PLACES):
        for match in pattern.finditer(text):
            group = str(match.lastgroup)
            if not is_state(match[group]):
                yield Span(start=match.start(group), end=match.end(group), kind=Kind.SECRET)
    for manifest in _MANIFEST.finditer(text):
        for match in _ENTRY.finditer(text, *manifest.span("lines")):
            yield Span(start=match.start("value"), end=match.end("value"), kind=Kind.SECRET)
