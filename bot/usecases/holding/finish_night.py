"""Take in what the nightly replay found: all of it at once, so that a night that was cut short has changed nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from analysis.alerts.hold_rows import evidence_to_json
from analysis.alerts.noise_night import Blocked, Candidate, NightResult
from analysis.incident import Visibility
from analysis.wording import joined
from bot.ports.grouping import GroupChanges, InputKind, NewInput
from bot.ports.holding import OPEN_STATES, HoldChanges, HoldPolicy, Night, PolicyState, Proof
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import Command, record
from bot.usecases.holding.approve import shadow_problem
from bot.usecases.holding.asking import news, policy_event, policy_message, workspace_log

#: Nobody is asked again about what was declined or revoked for so long, nor about more than a few patterns a night.
ASKED_AGAIN_AFTER = timedelta(days=30)
MOST_ASKED = 3
MOST_KEPT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishNight(Command):
    """What was found in the night of `day`."""

    day: str
    result: NightResult


def begin_night(_: Reads, command: Night) -> Changes:
    """Say how far the replay has come."""
    return Changes(holds=HoldChanges(night=command))


def finish_night(reads: Reads, command: FinishNight) -> Changes:
    """Expire and revoke first, renew the proof of what is asked, then ask about what else may be held; once a night."""
    night = reads.holds.night(command.workspace_id, command.day)
    if night is None or night.finished_at is not None:
        return Changes()
    ended, sentences = _ended(reads, command)
    gone = _outdated(reads, command)
    asked = _asked(reads, command, ended)
    changed, renewed = (*ended, *gone, *asked), _renewed(reads, command)
    events = [policy_event(one, one.state.value, one.why or f"May {one.pattern} be held back?") for one in changed]
    messages = [policy_message(reads, one, is_new=one in asked) for one in (*changed, *renewed)]
    told = [news(reads, sentences)] if sentences else []
    changes = record(reads, command, workspace_log(reads, command), events, reply="", deliveries=[*messages, *told])
    finished = replace(night, finished_at=reads.now, read=night.total, found=_found(command.result))
    evidence = NewInput(
        workspace_id=command.workspace_id,
        kind=InputKind.EVIDENCE,
        natural_key=f"evidence:{command.day}",
        content={**evidence_to_json(command.result.evidence), "at": reads.now.isoformat()},
    )
    return replace(
        changes,
        holds=HoldChanges(policies=(*changed, *renewed), night=finished),
        groups=GroupChanges(inputs=(evidence,)),
    )


def _ended(reads: Reads, command: FinishNight) -> tuple[list[HoldPolicy], list[str]]:
    """What is live no longer, and what people are told of it."""
    blocked = {one.pattern: one for one in command.result.blocked}
    ended, sentences = [], []
    for policy in reads.holds.policies(command.workspace_id, (PolicyState.LIVE,)):
        found = blocked.get(policy.pattern)
        if found:
            why = _why(reads, found)
            ended.append(replace(policy, state=PolicyState.REVOKED, changed_at=reads.now, expires_at=None, why=why))
            sentences.append(f"{policy.reference} is revoked, and {policy.pattern} is told again. {why}")
        elif policy.expires_at is None or policy.expires_at <= reads.now:
            ended.append(replace(policy, state=PolicyState.EXPIRED, changed_at=reads.now, why="It expired."))
            sentences.append(f"{policy.reference} has expired, so {policy.pattern} is told again.")
    return ended, sentences


def _why(reads: Reads, blocked: Blocked) -> str:
    """The proof, which names public incidents only."""
    named = [_reference(reads, one) for one in blocked.late]
    late = f" Hidden or late: {joined(named)}." if named else ""
    return f"The nightly replay: {blocked.sentence}{late}"


def _reference(reads: Reads, incident: str) -> str:
    found = None if incident.startswith("label:") else reads.incident(UUID(incident))
    if found is None or found.visibility is not Visibility.PUBLIC:
        return "an alert that mattered"
    return found.reference


def _outdated(reads: Reads, command: FinishNight) -> list[HoldPolicy]:
    """Questions that the evidence no longer supports."""
    known = {one.pattern for one in command.result.candidates} | command.result.unjudged
    return [
        replace(one, state=PolicyState.EXPIRED, changed_at=reads.now, why="The evidence no longer supports it.")
        for one in reads.holds.policies(command.workspace_id, OPEN_STATES)
        if one.pattern not in known
    ]


def _renewed(reads: Reads, command: FinishNight) -> list[HoldPolicy]:
    """Questions that stand, with what is proved by now, so that nobody answers by what was proved weeks ago.

    A rule that had critical alerts since takes two people, and one that had them does so as long as it is asked about.
    """
    found = {one.pattern: one for one in command.result.candidates}
    stand = [one for one in reads.holds.policies(command.workspace_id, OPEN_STATES) if one.pattern in found]
    renewed = [
        replace(
            one,
            proof=_proof(found[one.pattern], command.result),
            is_critical=one.is_critical or found[one.pattern].is_critical,
        )
        for one in stand
    ]
    return [after for before, after in zip(stand, renewed, strict=True) if after != before]


def _asked(reads: Reads, command: FinishNight, ended: Iterable[HoldPolicy]) -> list[HoldPolicy]:
    if shadow_problem(reads, command):
        return []
    known = {one.id: one for one in (*reads.holds.policies(command.workspace_id), *ended)}
    number = max((one.number for one in known.values()), default=0)
    barred = {one.pattern for one in known.values() if _bars(reads, one)}
    wanted = sorted(command.result.candidates, key=lambda one: -one.held)
    chosen = [one for one in wanted if one.pattern not in barred][:MOST_ASKED]
    return [
        HoldPolicy(
            id=reads.new_id(),
            workspace_id=command.workspace_id,
            number=number + place,
            pattern=one.pattern,
            is_critical=one.is_critical,
            state=PolicyState.PROPOSED,
            changed_at=reads.now,
            proof=_proof(one, command.result),
        )
        for place, one in enumerate(chosen, start=1)
    ]


def _bars(reads: Reads, policy: HoldPolicy) -> bool:
    """Whether it keeps people from being asked about its pattern again."""
    if policy.state in {PolicyState.DECLINED, PolicyState.REVOKED}:
        return reads.now - policy.changed_at < ASKED_AGAIN_AFTER
    return policy.state in OPEN_STATES or policy.state is PolicyState.LIVE


def _proof(candidate: Candidate, result: NightResult) -> Proof:
    rule = next((one for one in result.rules if one.pattern == candidate.pattern), None)
    return Proof(
        held=candidate.held,
        days=result.days,
        windows=rule.windows if rule else 0,
        incidents=rule.incidents if rule else 0,
        upper=rule.upper if rule else None,
        replay=candidate.sentence,
        called=rule.called if rule else "",
    )


def _found(result: NightResult) -> dict[str, Any]:
    """What is kept of a night to be shown."""
    return {
        "days": result.days,
        "rules": [
            {
                "source": one.pattern.source,
                "rule": one.pattern.name,
                "called": one.called,
                "fired": one.fired,
                "windows": one.windows,
                "incidents": one.incidents,
                "upper": one.upper,
                "eligible": one.is_eligible,
                "why": list(one.why),
            }
            for one in result.rules[:MOST_KEPT]
        ],
        "blocked": _lines((str(one.pattern), one.sentence) for one in result.blocked),
        "candidates": _lines((str(one.pattern), one.sentence) for one in result.candidates),
    }


def _lines(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [list(pair) for pair in pairs]
