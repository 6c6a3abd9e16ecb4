"""Who speaks and acts in a document: roles before names, so that it tells of the system and blames nobody."""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from analysis.events import EventKind, Source
from analysis.incident import Role
from analysis.timeline import Entry
from analysis.tools import tool_name

NOBODY_IN_PARTICULAR = "responder"
#: A person's id as a message holds it once its markup was read: `@U02ABCDEF`.
_MENTION = re.compile(r"(?<!\w)@([UW][A-Z0-9]{2,})(?!\w)")


Names = Callable[[str], str] | Mapping[str, str]


class Voice:
    """Names the people of one timeline by the role that they hold at each entry."""

    def __init__(self, entries: Sequence[Entry], names: Names) -> None:
        """Walk the assignments in the timeline's order; *names* gives a person's name, or nothing."""
        self._name = names.get if isinstance(names, Mapping) else names
        self._roles = _roles_by_entry(entries)

    def who(self, entry: Entry) -> str:
        """Who stands behind *entry*: a role with the name if it is known, or the door it came in by."""
        source = entry.event.source
        if source is Source.IMPORT:
            return "the imported record"
        if source is Source.DEBRIEF:
            return "Debrief"
        if source is Source.WEBHOOK and (not entry.event.actor or entry.event.actor.startswith("webhook:")):
            sender = entry.event.actor.removeprefix("webhook:")
            return f"webhook ({sender})" if sender else "webhook"
        tool = tool_name(entry.event.actor)
        return f"tool ({tool})" if tool else self._titled(entry.event.actor, entry)

    def person(self, actor: str) -> str:
        """A person by name, or as a responder where no name is known."""
        return self._known(actor) or f"a {NOBODY_IN_PARTICULAR}"

    def subject(self, actor: str) -> str:
        """A person at the beginning of a sentence; a name stays as it is written, since a handle is no other one."""
        return self._known(actor) or f"A {NOBODY_IN_PARTICULAR}"

    def taggers(self, entry: Entry) -> str:
        """Who vouched for *entry*."""
        return ", ".join(dict.fromkeys(self._titled(actor, entry) for actor in entry.tagged_by))

    def corrector(self, actor: str, entry: Entry) -> str:
        """Who corrected *entry*, by role and name."""
        return self._titled(actor, entry)

    def plain(self, text: str) -> str:
        """*text* with the people that it mentions by name, where one is known."""
        return _MENTION.sub(lambda found: f"@{self._known(f'slack:{found[1]}') or found[1]}", text)

    def _titled(self, actor: str, entry: Entry) -> str:
        role = self._roles.get(entry.label, {}).get(actor)
        title = role.title if role else NOBODY_IN_PARTICULAR
        name = self._known(actor)
        return f"{title} ({name})" if name else title

    def _known(self, actor: str) -> str:
        name = self._name(actor) or ""
        return "" if name == actor else name


def _roles_by_entry(entries: Sequence[Entry]) -> Mapping[str, Mapping[str, Role]]:
    """For each label, who holds which role then; of several, the first in the order of `Role`."""
    holders: dict[Role, str] = {}
    found: dict[str, Mapping[str, Role]] = {}
    held: Mapping[str, Role] = MappingProxyType({})
    for entry in entries:
        if entry.event.kind is EventKind.ROLE_ASSIGNED and not entry.event.lost_details:
            holders[Role(entry.event.payload["role"])] = entry.event.payload["person"]
            held = {holders[role]: role for role in reversed(Role) if holders.get(role)}
        found[entry.label] = held
    return found
