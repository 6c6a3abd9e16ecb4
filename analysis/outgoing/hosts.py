"""Names of machines, of stores and of what clouds keep, which tell how a site is built and whose it is.

A name goes by its end (`.internal`), by what stands in it beside a number (`pay-db-03.prod.acme`) or by what it follows
(`s3://`, `bucket`). Names of files, packages and metrics have dots, too, and stay.
"""

import re
from collections.abc import Iterator, Sequence

from analysis.outgoing.found import Span
from analysis.outgoing.vault import Kind
from analysis.outgoing.words import is_neutral

_DOTTED = re.compile(
    r"(?i)(?<![\w.-])(?:(?<=//)|(?<!/))[a-z0-9][\w-]{0,62}+(?:\.[a-z0-9_][\w-]{0,62}+){1,40}+"
    r"(?![\w(-]|\.\w)(?::[0-9]{2,5}(?![\w.]))?"
)
#: Ends that no name on the internet has.
_PRIVATE = frozenset({"internal", "corp", "local", "localdomain", "lan", "intranet", "svc", "consul", "arpa"})
#: The same, where more than one word stands before them.
_LIKELY_PRIVATE = frozenset({"home", "private", "priv", "office", "intra", "int", "ad", "dc", "vpn", "cluster"})
_STAGES = frozenset(
    """
prod prd production live preprod stg stage staging uat qa sit dev test nonprod sandbox dr
""".split()  # noqa: SIM905 - a list of words
)
#: What files and such are called before `.local` and `.internal`.
_NO_HOSTS = frozenset(
    """
rc env config settings application compose thread this self jdk java javax sun os window
""".split()  # noqa: SIM905 - a list of words
)
_PUBLIC = frozenset(
    """
com net org info biz gov edu int mil bank cloud app dev tech online site example test invalid localhost
""".split()  # noqa: SIM905 - a list of words
)
_EXTENSIONS = frozenset(
    """
bak bat bin c cfg cnf conf cpp crt cs css csv dat db deb dll dmp doc docx dump env exe gz go h hprof htm html ini j2 jar
java jks jpg js json jsonl jsx key kt lock log lua md mjs ndjson out p12 parquet pcap pdf pem php pid png properties
proto ps1 py rb rpm rs sh sock sql sqlite svg tar tf tfvars tgz tmp toml ts tsv tsx txt war xls xlsx xml yaml
yml zip zst
""".split()  # noqa: SIM905 - a list of words
)
_CLOUDS = (
    "core.windows.net", "database.windows.net", "servicebus.windows.net", "azurewebsites.net", "cloudapp.net",
    "cloudapp.azure.com", "vault.azure.net", "azurecr.io", "azmk8s.io", "azurefd.net", "azureedge.net",
    "trafficmanager.net", "documents.azure.com", "redis.cache.windows.net", "search.windows.net", "appspot.com",
    "run.app", "cloudfunctions.net", "firebaseio.com", "cloudfront.net", "herokuapp.com", "atlassian.net",
    "onmicrosoft.com", "sharepoint.com", "service-now.com", "snowflakecomputing.com", "mongodb.net", "confluent.cloud",
    "supabase.co", "vercel.app", "netlify.app", "fly.dev", "workers.dev", "pages.dev", "digitaloceanspaces.com",
    "r2.cloudflarestorage.com", "aliyuncs.com", "oraclecloud.com", "appdomain.cloud", "storage.googleapis.com",
)  # fmt: skip
_AMAZON = re.compile(r"(?P<before>.+?)\.amazonaws\.com(?:\.cn)?")
_REGION = re.compile(r"[a-z]{2}(?:-gov)?-[a-z]{4,9}-[0-9]|dualstack|fips|api|www")
_NUMBERED = re.compile(r"(?![vp][0-9]+$)[a-z][\w-]*[0-9][a-z]?")

#: What follows the scheme of a store, as a whole: its parts are often called after customers.
_STORE = re.compile(
    r"(?i)(?<![a-z0-9])(?:s3[an]?|gs|gcs|abfss?|wasbs?|adl|oss|cosn?|r2|b2|hdfs|dbfs|swift|minio|nfs|smb|cifs|rsync|s?ftp)://"
    r"(?P<value>[^\s\"'`<>|)\]},;]{2,500})"
)
_SHORT = r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])"
_BUCKET = re.compile(
    r"(?i)(?<![a-z])(?<!token )(?<!leaky )(?<!histogram )(?:bucket|blob[ _-]?container|storage[ _-]?account|accountname"
    r"|file[ _-]?share|key[ _-]?vault|resource[ _-]?group)(?:[ _-]?name)?\\?[\"']?"
    rf"(?P<link>[ \t]{{0,3}}[:=][ \t]{{0,3}}|[ \t]{{1,3}}(?:is|was|called|named)[ \t]{{1,3}}|[ \t]{{1,3}})"
    rf"(?P<quote>\\?[\"'`])?(?P<value>{_SHORT})(?![\w/])"
)
_BEFORE_BUCKET = re.compile(
    r"(?i)(?<![\w./-])(?P<value>[a-z0-9]{1,40}+(?:[-.][a-z0-9]{1,40}+){1,8}+)[\"'`]?[ \t]{1,2}"
    r"(?:s3[ -]|gcs[ -]|storage )?bucket(?![a-z])"
)
#: What clouds call whatever they keep: all after the account or the service.
_RESOURCE = re.compile(
    r"(?i)(?<![a-z0-9])arn:aws[a-z-]{0,10}:[a-z0-9-]{0,30}:(?P<arn>[^\s\"'`<>,;)\]}]{2,500})"
    r"|(?<![a-z0-9])projects/(?P<project>[a-z][a-z0-9-]{3,29}/(?:zones|regions|locations|global|topics|subscriptions|secrets"
    r"|instances|databases|serviceaccounts|datasets|buckets)[^\s\"'`<>,;)\]}]{0,400})"
    r"|(?<![a-z0-9])resourcegroups/(?P<group>[^\s\"'`<>,;)\]}]{2,400})"
)
#: Whoever is logged in on a machine, in a prompt or after `ssh`; no version of a package.
_PROMPT = re.compile(
    r"(?<![\w.@/-])[a-z_][\w.-]{0,31}@(?P<value>(?!v[0-9]|sha[0-9]|md5)"
    r"[a-z](?=[a-z-]{0,40}[0-9]|[\w.-]{0,60}:[~/])[\w-]{2,62}+)(?![\w@.])"
)
_LEAST_SIGNS = 2


def find_hosts(text: str) -> Iterator[Span]:
    """Names of machines and stores; spans may overlap."""
    for match in _DOTTED.finditer(text):
        is_in_link = text[max(0, match.start() - 2) : match.start()] == "//"
        if _is_host(match[0].partition(":")[0], is_in_link=is_in_link):
            yield Span(start=match.start(), end=match.end(), kind=Kind.ADDRESS)
    for pattern in (_STORE, _RESOURCE, _PROMPT):
        for match in pattern.finditer(text):
            group = str(match.lastgroup)
            value = match[group].rstrip(".:?!")
            if value:
                yield Span(start=match.start(group), end=match.start(group) + len(value), kind=Kind.ADDRESS)
    for match in _BUCKET.finditer(text):
        if _is_bucket(match):
            yield Span(start=match.start("value"), end=match.end("value"), kind=Kind.ADDRESS)
    for match in _BEFORE_BUCKET.finditer(text):
        if _signs(match["value"]) >= _LEAST_SIGNS:
            yield Span(start=match.start("value"), end=match.end("value"), kind=Kind.ADDRESS)


def _is_host(name: str, *, is_in_link: bool) -> bool:
    """Whether a name with dots is a machine's; one in a link is no file's, and a public one ends as those do."""
    lower = name.casefold()
    labels = lower.split(".")
    last = labels[-1]
    if is_in_link and last.isalpha() and not _is_public(last) and not (is_neutral(last) and _STAGES.isdisjoint(labels)):
        return True
    if labels[0] in _NO_HOSTS or last in _EXTENSIONS or not (name in {lower, name.upper()} or "-" in name):
        return False
    if last in _PRIVATE or (last in _LIKELY_PRIVATE and len(labels) > _LEAST_SIGNS):
        return True
    return _is_of_a_cloud(lower) or _is_of_a_stage(labels)


def _is_of_a_cloud(lower: str) -> bool:
    """Whether a name is what somebody called something at a provider; the provider's own services are not."""
    if amazon := _AMAZON.fullmatch(lower):
        return sum(not _REGION.fullmatch(label) for label in amazon["before"].split(".")) >= _LEAST_SIGNS
    return lower.endswith(tuple(f".{cloud}" for cloud in _CLOUDS))


def _is_of_a_stage(labels: Sequence[str]) -> bool:
    """Whether a name is one of several machines, or stands for a stage of a system under an end that is no word."""
    numbered = [label for label in labels[:-1] if _NUMBERED.fullmatch(label)]
    last = labels[-1]
    if last in _STAGES:
        return bool(numbered or any("-" in label for label in labels[:-1]))
    if len(labels) <= _LEAST_SIGNS or not last.isalpha():
        return False
    is_public = _is_public(last)
    is_made_up = not is_public and not is_neutral(last)
    if any(label in _STAGES for label in labels[1:-1]):
        return bool(numbered) or is_made_up
    return bool(_NUMBERED.fullmatch(labels[0])) and (is_public or is_made_up)


def _is_public(end: str) -> bool:
    """Whether a name on the internet may end so: countries have two letters each."""
    return len(end) == _LEAST_SIGNS or end in _PUBLIC


def _is_bucket(match: re.Match[str]) -> bool:
    """Whether a word after `bucket` is its name: by a sign in it, by quotes, or as what is assigned."""
    value = match["value"]
    if not any(map(str.isalpha, value)):
        return False
    if match["quote"] or "=" in match["link"] or match["link"].strip() in {"called", "named"}:
        return True
    is_linked = bool(match["link"].strip())
    return _signs(value) >= (1 if is_linked else _LEAST_SIGNS) or (is_linked and not is_neutral(value.casefold()))


def _signs(value: str) -> int:
    return value.count("-") + value.count(".") + value.count("_")
