"""Groups of alerts for a terminal or a program: those of now, or one with the reasons for each decision."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from analysis.chain import stamp
from analysis.errors import NotFound, Unavailable
from analysis.people import Action, can_see, require
from analysis.wording import counted, instant, joined
from bot.cli.office import Office
from bot.cli.tables import table
from bot.cli.terminal import say, say_json, warn
from bot.ports.grouping import AlertGroup, GroupState
from bot.ports.ledger import Reads
from bot.usecases.alerts.ungrouped import ungrouped_since
from bot.usecases.asking import Command
from bot.usecases.groups.asking import find_group
from bot.usecases.groups.current import CurrentGroups, current_groups
from bot.usecases.groups.explain import Explained, explained
from bot.usecases.groups.make_one import near_group
from bot.usecases.verbs import Asker, Query

DECISIONS_SHOWN = 20


def show_alerts(office: Office, asker: Asker, query: Query, *, as_json: bool) -> None:
    """Show the groups that fire or were heard of within the hour, or the one that *query* names."""
    require(asker.person, Action.VIEW)
    with office.store.snapshots.snapshot() as reads:
        if query.group is not None:
            group = find_group(reads, Command(**asker.base()), query.group, Action.VIEW)
            _show_group(reads, asker, group, as_json=as_json)
            return
        current = current_groups(reads, office.workspace_id)
        groups, waiting = (*current.groups, *current.silent), ungrouped_since(reads, office.workspace_id)
        if as_json:
            say_json([{**_summary(reads, asker, group), **_special(current, group)} for group in groups])
        else:
            rows = [_row(reads, asker, group) for group in groups]
            table(("", "severity", "state", "began", "alerts", "series", "incident", "what"), rows)
    if current.held:
        say(f"Held back now: {joined([one.reference for one in current.held])}.")
    if current.silent:
        number = len(current.silent)
        named, fire = ("group listed", "It fires") if number == 1 else (f"{number} groups listed", "They fire")
        warn(f"Nothing was heard for a day of the last {named}. {fire} unless that is over and nobody said so.")
    if current.has_more:
        warn(f"{current.words} fire or did within the last hour; the latest are listed.")
    _say_what_is_not_listed(waiting, is_empty=not groups)


def _special(current: CurrentGroups, group: AlertGroup) -> dict[str, Any]:
    """Since when nothing was heard of a group that fires, where that is long; and that something of it waits."""
    silent = {"silent_since": stamp(current.heard[group.id])} if group.id in current.heard else {}
    return {**silent, **({"held": True} if group in current.held else {})}


def _say_what_is_not_listed(waiting: datetime | None, *, is_empty: bool) -> None:
    """Say that alerts wait to be grouped; where nothing is listed it is not known whether any alert fires."""
    if waiting:
        sentence = f"Alerts that came since {instant(waiting)} are kept and not grouped yet: `debrief serve` does that."
        if is_empty:
            raise Unavailable(sentence)
        warn(sentence)
    elif is_empty:
        message = "No alerts fire, and none did within the last hour."
        raise NotFound(message)


def _show_group(reads: Reads, asker: Asker, group: AlertGroup, *, as_json: bool) -> None:
    decisions = explained(reads, group, DECISIONS_SHOWN)
    if as_json:
        told = {**_summary(reads, asker, group), **_labels(reads, group)}
        say_json({**told, "decisions": [_decision_value(one) for one in decisions]})
        return
    say(f"{group.reference} {group.severity}: {_what(group)}. {_since(group)}.")
    counts = f"{counted(group.alerts, 'alert')} of {group.series} series, {group.firing} firing"
    say(f"{counts}. {_attached(reads, asker, group)}")
    for line in (*_said_of(reads, group), *_newest(decisions)):
        say(line)
    for one in reversed(decisions):
        near = f" ({one.suggested})" if one.suggested else ""
        say(f"{instant(one.event.alert.received_at)} {one.event.alert.rule}: {one.words}{near}, logit {one.logit:+.3f}")
        for reason in one.reasons:
            say(f"  {reason.weight:+.3f}  {reason.text}")
        if one.waited:
            say(f"  {one.waited}")


def _labels(reads: Reads, group: AlertGroup) -> dict[str, Any]:
    """What people say of a group, and which other it may be one with."""
    noise, near = reads.groups.noise(group.id, reads.now), near_group(reads, group)
    return {
        "mattered": bool(reads.groups.mattered(group.id)),
        "noise_until": stamp(noise.until) if noise and noise.until else None,
        "near": near.reference if near else None,
    }


def _said_of(reads: Reads, group: AlertGroup) -> Iterator[str]:
    noise = reads.groups.noise(group.id, reads.now)
    if reads.groups.mattered(group.id):
        yield "It mattered: somebody had to act on it."
    elif noise and noise.until:
        yield f"Called noise until {instant(noise.until)}: {_line(noise.reason)}"
    if near := near_group(reads, group):
        merges = f"`debrief alerts {group.reference} with {near.reference}` merges them"
        yield f"It may be one with {near.reference}, {_what(near)}; {merges}."


def _newest(decisions: Sequence[Explained]) -> Iterator[str]:
    """What the sender said of the newest alert: where it is, and what people should read."""
    if decisions:
        alert = decisions[0].event.alert
        yield f"The newest alert: {', '.join(f'{name}={_line(text)}' for name, text in sorted(alert.labels.items()))}"
        yield from (f"  {name}: {_line(text)}" for name, text in sorted(alert.annotations.items()))


def _line(text: str) -> str:
    return " ".join(text.split())


def _row(reads: Reads, asker: Asker, group: AlertGroup) -> tuple[str, ...]:
    return (
        group.reference,
        group.severity.value,
        _state(reads, asker, group).value,
        instant(group.opened_at),
        str(group.alerts),
        f"{group.firing}/{group.series}",
        ", ".join(_incidents(reads, asker, group)),
        _what(group),
    )


def _state(reads: Reads, asker: Asker, group: AlertGroup) -> GroupState:
    """What it does now; that its incident is over is for those who may see the incident."""
    if group.is_closed and not _incidents(reads, asker, group):
        return replace(group, is_closed=False).state
    return group.state


def _since(group: AlertGroup) -> str:
    began = f", began {instant(group.opened_at)}"
    if group.firing:
        return f"Firing since {instant(group.fires_since)}{began if group.fires_since > group.opened_at else ''}"
    return f"Quiet since {instant(group.quiet_at or group.last_at)}{began}"


def _what(group: AlertGroup) -> str:
    places = joined(list(group.digest.places))
    return f"{joined(list(group.digest.rules))}{f' at {places}' if places else ''}"


def _attached(reads: Reads, asker: Asker, group: AlertGroup) -> str:
    names = _incidents(reads, asker, group)
    return f"Attached to {joined(names)}." if names else "Attached to no incident."


def _incidents(reads: Reads, asker: Asker, group: AlertGroup) -> list[str]:
    return [one.reference for one in reads.groups.incidents_of(group.id) if can_see(asker.person, one)]


def _summary(reads: Reads, asker: Asker, group: AlertGroup) -> dict[str, Any]:
    return {
        "group": group.reference,
        "severity": group.severity.value,
        "state": _state(reads, asker, group).value,
        "opened_at": stamp(group.opened_at),
        "last_at": stamp(group.last_at),
        "quiet_at": stamp(group.quiet_at) if group.quiet_at else None,
        "alerts": group.alerts,
        "series": group.series,
        "firing": group.firing,
        "rules": dict(group.digest.rules),
        "places": dict(group.digest.places),
        "why": group.digest.why,
        "incidents": _incidents(reads, asker, group),
    }


def _decision_value(one: Explained) -> dict[str, Any]:
    return {
        "seq": one.event.seq,
        "at": stamp(one.event.alert.received_at),
        "rule": one.event.alert.rule,
        "news": one.event.news.value,
        "labels": dict(one.event.alert.labels),
        "annotations": dict(one.event.alert.annotations),
        "more": dict(one.event.rest),
        "kind": one.kind.value,
        "logit": one.logit,
        "suggested": one.suggested or None,
        "held": one.waited or None,
        "reasons": [
            {"code": reason.code.value, "weight": reason.weight, "evidence": list(reason.evidence), "text": reason.text}
            for reason in one.reasons
        ],
    }
