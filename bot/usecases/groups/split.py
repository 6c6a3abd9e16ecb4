"""Put a series apart from the group it is in, and back again."""

from dataclasses import dataclass
from uuid import UUID

from analysis.errors import InvalidInput, NotFound, Refused
from bot.ports.grouping import AlertGroup, FeedbackKind, GroupChanges, InputKind, NewInput, SeriesOfGroup
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.usecases.groups.asking import GroupCommand, feedback, find_group, mattered_too

MOST_SERIES = 100
#: So many are moved at once: grouping does so one by one, and everything else waits for that.
MOST_TAKEN = 200
#: Among so many series one is looked for by its name, and so many are listed where several are called so.
MOST_NAMED = 2000
MOST_TOLD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitGroup(GroupCommand):
    """Put the series `alert_id` apart."""

    alert_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitNamed(GroupCommand):
    """Put the series apart that `series` names: its rule, its fingerprint, or the value of a label."""

    series: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack(GroupCommand):
    """Put what is in this group back to where it was put apart from."""


def split_group(reads: Reads, command: SplitGroup) -> Changes:
    """Ask grouping to give the series a group of its own, in which it stays."""
    group = find_group(reads, command, command.group)
    series = next(
        (one for one in reads.groups.series_of(group.id, MOST_SERIES) if one.alert_id == command.alert_id), None
    )
    if series is None:
        message = f"This series is not in {group.reference} any more. Open the form again."
        raise NotFound(message)
    return _split(reads, command, group, series)


def split_named(reads: Reads, command: SplitNamed) -> Changes:
    """Do so with the one series that is called so."""
    group, name = find_group(reads, command, command.group), command.series.strip()
    found = [one for one in reads.groups.series_of(group.id, MOST_NAMED) if name in _names(one)]
    if not found:
        message = f"Nothing in {group.reference} is called “{name[:80]}”: name its rule, or the value of a label."
        raise NotFound(message)
    if len(found) > 1:
        told = "; ".join(f"{one.rule} {one.fingerprint}" for one in found[:MOST_TOLD])
        more = f" and {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else ""
        message = f"{len(found)} series of {group.reference} are called “{name[:80]}”. Name one: {told}{more}."
        raise InvalidInput(message)
    return _split(reads, command, group, found[0])


def _names(series: SeriesOfGroup) -> set[str]:
    return {series.rule, series.fingerprint, *series.labels.values(), *(f"{k}={v}" for k, v in series.labels.items())}


def _split(reads: Reads, command: GroupCommand, group: AlertGroup, series: SeriesOfGroup) -> Changes:
    if group.series < 2:
        message = f"{group.reference} has one series only, so there is nothing to put apart."
        raise Refused(message)
    label = feedback(reads, command, group, FeedbackKind.SPLIT, alert_id=series.alert_id)
    apart = put_into(command, series, family(reads, group))
    text = f"{series.rule} is put apart from {group.reference}; it gets a group of its own in a moment."
    return Changes(reply=Reply(text=text), groups=GroupChanges(inputs=(apart,), feedback=(label,)))


def put_back(reads: Reads, command: PutBack) -> Changes:
    """Ask grouping to move the series back, where they stay as if nothing had been said."""
    group = find_group(reads, command, command.group)
    inputs, labels, names, origins = [], [], set(), set[UUID]()
    folded: dict[UUID, list[tuple[UUID, frozenset[UUID]]]] = {}
    for series in reads.groups.series_of(group.id, MOST_TAKEN):
        origin = _origin(reads, series)
        if origin is None or origin.id == group.id:
            continue
        names.add(origin.reference)
        groups = family(reads, group) + family(reads, origin)
        if origin.id not in folded:
            folded[origin.id] = _folded_into(reads, origin)
        came_with = _came_with(folded[origin.id], series)
        inputs.append(put_into(command, series, groups, origin.id, folded=came_with, is_back=True))
        origins.add(came_with or origin.id)
        labels.append(feedback(reads, command, origin, FeedbackKind.PUT_BACK, alert_id=series.alert_id))
    if not inputs:
        message = f"Nothing in {group.reference} was put apart by a person."
        raise Refused(message)
    said = next((one.person for one in reads.groups.mattered(group.id) if one.alert_id is None), "")
    labels += [
        mattered_too(reads, command.workspace_id, each, said, f"said of {group.reference}, which was put back")
        for each in (sorted(origins) if said else ())
    ]
    text = f"What is in {group.reference} goes back to {', '.join(sorted(names))} in a moment."
    return Changes(reply=Reply(text=text), groups=GroupChanges(inputs=tuple(inputs), feedback=tuple(labels)))


def came_in_by(reads: Reads, folded: UUID, kept: UUID) -> list[SeriesOfGroup]:
    """The series of the group *kept* that came in the one that was *folded* into it."""
    came = reads.groups.came_in(folded)
    return [one for one in reads.groups.series_of(kept, MOST_NAMED) if one.alert_id in came]


def taken_apart_into(reads: Reads, folded: AlertGroup) -> list[str]:
    """Where what came in a group is that was *folded* into another, once nothing of it is left there."""
    now = {one.group_id for one in reads.groups.members_with(reads.groups.came_in(folded.id))}
    if folded.merged_into is None or folded.merged_into in now:
        return []
    groups = sorted(reads.groups.several(now).values(), key=lambda one: one.number)
    return [one.reference for one in groups if one.digest.is_apart][:MOST_TOLD]


def _folded_into(reads: Reads, origin: AlertGroup) -> list[tuple[UUID, frozenset[UUID]]]:
    """Each group that was folded into *origin*, with the series that came in it."""
    return [(one, reads.groups.came_in(one)) for one in sorted(reads.groups.merged_into((origin.id,)))]


def _came_with(folded: list[tuple[UUID, frozenset[UUID]]], series: SeriesOfGroup) -> UUID | None:
    """Which of the *folded* groups a series came in, if it came so."""
    return next((one for one, came in folded if series.alert_id in came), None)


def _origin(reads: Reads, series: SeriesOfGroup) -> AlertGroup | None:
    split = reads.groups.split_of(series.alert_id)
    group = reads.groups.group(split) if split else None
    return reads.groups.group(group.merged_into) if group and group.merged_into else group


def family(reads: Reads, group: AlertGroup) -> list[UUID]:
    """A group with all that was folded into it."""
    return [group.id, *sorted(reads.groups.merged_into((group.id,)))]


def put_into(
    command: GroupCommand,
    series: SeriesOfGroup,
    groups: list[UUID],
    into: UUID | None = None,
    *,
    folded: UUID | None = None,
    is_back: bool = False,
    mattered: str = "",
) -> NewInput:
    """What lets grouping move a series out of *groups*; see `InputKind.APART`."""
    content = {
        "groups": [str(each) for each in groups],
        "series": series.fingerprint,
        "alert": str(series.alert_id),
        "into": str(into) if into else "",
        **({"folded": str(folded), "is_back": is_back} if folded else {}),
        **({"mattered": mattered} if mattered else {}),
    }
    key = f"apart:{command.natural_key}:{series.alert_id}"
    return NewInput(workspace_id=command.workspace_id, kind=InputKind.APART, natural_key=key, content=content)
