"""The signals on an incident as people see them: one list, the most likely first."""

from collections.abc import Sequence

from analysis.alerts.attaching import Fit
from analysis.incident import Incident
from analysis.signals import Signal, SignalKind, SignalState, Verdict, ranked
from analysis.wording import counted
from bot.ports.grouping import AlertGroup
from bot.ports.ledger import Reads
from bot.ports.signals import FoundSignal
from bot.usecases.groups.asking import Belonging, group_words


def signals_of(reads: Reads, incident: Incident) -> tuple[Signal, ...]:
    """Every signal that was found about *incident* or that people attached to it."""
    found = {one.group_id: one for one in reads.signals.of_incident(incident.id) if one.group_id}
    attached = {group.id: group for group in reads.groups.attached_to(incident.id)}
    others = reads.groups.several(found.keys() - attached.keys())
    groups = {**{key: others[key] for key in found if key in others and not others[key].merged_into}, **attached}
    verdicts = reads.signals.verdicts(incident.id)
    itself = reads.signals.attached_by_itself(incident.id)
    belonging = Belonging(reads, groups.values())
    signals = []
    for key, group in groups.items():
        if not group.series:  # all that was in it is in other groups by now
            continue
        state = _state(
            belonging,
            incident,
            group,
            found.get(key),
            verdicts.get(key),
            is_attached=key in attached,
            is_itself=key in itself,
        )
        signals.append(_signal(group, found.get(key), state, verdicts.get(key)))
    return ranked(signals)


def signals_summary(signals: Sequence[Signal]) -> str:
    """How many there are, in a few words; empty where there is none."""
    attached = [one for one in signals if one.state in {SignalState.ATTACHED, SignalState.ATTACHED_ITSELF}]
    suggested = [one for one in signals if one.state is SignalState.SUGGESTED]
    parts = [f"{counted(len(attached), 'group')} of alerts attached"] if attached else []
    parts += [f"{len(suggested)} suggested"] if suggested else []
    return ", ".join(parts)


def _signal(group: AlertGroup, found: FoundSignal | None, state: SignalState, verdict: Verdict | None) -> Signal:
    return Signal(
        kind=SignalKind.ALERT_GROUP,
        row=group.id,
        reference=group.reference,
        what=group_words(group),
        since=group.fires_since,
        state=state,
        now=f"{group.severity}, firing" if group.firing else "",
        over_at=None if group.firing else group.quiet_at or group.last_at,
        reasons=found.reasons if found else (),
        verdict=verdict,
    )


def _state(
    belonging: Belonging,
    incident: Incident,
    group: AlertGroup,
    found: FoundSignal | None,
    verdict: Verdict | None,
    *,
    is_attached: bool,
    is_itself: bool,
) -> SignalState:
    if is_attached:
        return SignalState.ATTACHED_ITSELF if is_itself else SignalState.ATTACHED
    if verdict is Verdict.NOT_RELATED:
        return SignalState.DECLINED
    is_near = found is not None and found.fit is not Fit.NONE and not belonging.is_settled(group, incident)
    return SignalState.SUGGESTED if is_near else SignalState.FAINT
