"""Make an incident private or public; one that is in a public channel leaves it when it becomes private."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.errors import Refused
from analysis.events import EventKind
from analysis.incident import Incident, Visibility
from analysis.people import Action, can_see
from analysis.wording import joined
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, card, find, record
from bot.usecases.privacy.leaving import earlier_public_channels, is_in_public, leave, leave_earlier, leaving_lane
from bot.usecases.privacy.original_hidden import original_hidden
from bot.usecases.privacy.out_of_reach import out_of_reach
from bot.usecases.signals.messages import messages_of_groups


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVisibility(IncidentCommand):
    """Show it to everybody, or only to role holders and channel members."""

    visibility: Visibility


def set_visibility(reads: Reads, command: SetVisibility) -> Changes:
    """Record who may know of it from now on, and leave the public channels that everybody reads."""
    incident = find(reads, command, Action.RESTRICT)
    is_private = command.visibility is Visibility.PRIVATE
    leaves = is_private and is_in_public(incident)
    earlier = earlier_public_channels(reads, incident) if is_private else ()
    if command.visibility is incident.visibility and not leaves and not earlier:
        message = f"{incident.reference} is already {incident.visibility}."
        raise Refused(message)
    _check_still_sees(command, incident, leaves=leaves)
    changed = Wanted(
        kind=EventKind.VISIBILITY_CHANGED,
        payload={"from": incident.visibility.value, "to": command.visibility.value},
    )
    wanted = [changed] if command.visibility is not incident.visibility else []
    elsewhere = messages_of_groups(reads, incident) + (original_hidden(reads, incident) if is_private else [])
    left = [leave(reads, incident, ask=command.person.id)] if leaves else []
    shown = [] if leaves else [card(reads, incident)]
    left += [leave_earlier(reads, incident, channel, ask=command.person.id) for channel in earlier]
    wanted += [one.event for one in left]
    told = [*(each for one in left for each in one.deliveries), *shown, *elsewhere]
    gone = out_of_reach(reads, incident) if is_private and command.visibility is not incident.visibility else ()
    reply = " ".join([f"{_reply(command, incident, leaves=leaves)}{_earlier(earlier)}", *gone])
    return record(reads, command, incident, wanted, reply=reply, deliveries=told)


def _check_still_sees(command: SetVisibility, incident: Incident, *, leaves: bool) -> None:
    """Refuse to lock out who asks; whoever makes it leave a channel is invited to the next one."""
    after = replace(incident, visibility=command.visibility, channel_id=None if leaves else incident.channel_id)
    is_invited = leaves and command.person.slack_id is not None
    if not is_invited and not can_see(command.person, after):
        message = (
            f"You would not see {incident.reference} any more. "
            "Join its channel or take a role in it first, then repeat this."
        )
        raise Refused(message)


def _reply(command: SetVisibility, incident: Incident, *, leaves: bool) -> str:
    if leaves:
        return _left(incident)
    return _private(incident) if command.visibility is Visibility.PRIVATE else _public(incident)


def _earlier(channels: Sequence[str]) -> str:
    """What is done about the channels of earlier phases, which are archived mostly, as the end of an answer."""
    if not channels:
        return ""
    commands = joined([f"`debrief lanes resume {leaving_lane(channel)}`" for channel in channels])
    which, it = ("an earlier channel", "it") if len(channels) == 1 else ("earlier channels", "each")
    return (
        f" What I said of it in {which} is emptied, too. Nothing can be changed in a channel that is archived: "
        f"unarchive {it}, then run {commands}."
    )


def _private(incident: Incident) -> str:
    return f"{incident.reference} is now private: only those with a role in it and the members of its channel see it."


def _public(incident: Incident) -> str:
    reply = f"{incident.reference} is now public: everybody may see it by command."
    return f"{reply} It stays in its private channel." if incident.is_channel_private else reply


def _left(incident: Incident) -> str:
    reply = (
        f"{incident.reference} is private and goes on in a new private channel; you, its declarer and its role holders "
        "are invited. The old channel is told only that it goes on elsewhere and that you can be asked; my "
        "messages there are emptied. What people wrote there themselves stays: delete it in Slack where you must."
    )
    if not incident.is_channel_closed:
        return reply
    return (
        f"{reply} The old channel is archived, so nothing in it can be changed now: unarchive it, then run "
        f"`debrief lanes resume leave:{incident.channel_id}`."
    )
