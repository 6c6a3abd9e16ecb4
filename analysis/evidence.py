"""Where a reader finds the evidence of an event, and which links may stand in a document at all.

A link out of the record is shown only if it is plain https, and either a system that the site has given a secret sent
it with a deploy, flag or event, or its host is one that the site has allowed: a text or payload that anybody else
sends can never put another address under the reader's cursor.
"""

import re
from dataclasses import dataclass

from analysis.events import EventKind, Source, TimelineEvent

_HTTPS = re.compile(r"https://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?:/[A-Za-z0-9._~/%?=&+,;-]*)?")
_CHANNEL = re.compile(r"[A-Z0-9]{2,32}")
_STAMP = re.compile(r"([0-9]{1,12})\.([0-9]{1,6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The workspace's address, under which its messages are, and the other hosts that links may go to."""

    workspace_url: str = "https://slack.com"
    hosts: frozenset[str] = frozenset()


NO_OTHER_LINKS = Links()


def evidence_link(event: TimelineEvent, links: Links = NO_OTHER_LINKS) -> str:
    """The address of the event's evidence; empty where there is none that may be shown."""
    if event.kind is EventKind.MESSAGE:
        return _message_link(str(event.payload.get("channel", "")), str(event.payload.get("ts", "")), links)
    link = str(event.payload.get("link", ""))
    found = _HTTPS.fullmatch(link)
    is_trusted = found is not None and (event.source is Source.WEBHOOK or found["host"] in links.hosts)
    return link if is_trusted else ""


def host_of(link: str) -> str:
    """The host that a safe link goes to; empty where it is not safe."""
    found = _HTTPS.fullmatch(link)
    return found["host"] if found else ""


def is_safe_link(link: str) -> bool:
    """Whether *link* is plain https without anything that could end a link in Markdown or HTML."""
    return _HTTPS.fullmatch(link) is not None


def _message_link(channel: str, ts: str, links: Links) -> str:
    stamp = _STAMP.fullmatch(ts)
    if not _CHANNEL.fullmatch(channel) or not stamp:
        return ""
    return f"{links.workspace_url.rstrip('/')}/archives/{channel}/p{stamp[1]}{stamp[2].ljust(6, '0')}"
