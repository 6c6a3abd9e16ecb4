"""What one step of grouping does about holding back: what it lets wait, whose waiting it ends, and what it is told."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

from analysis.alerts.alert import AlertSeverity
from analysis.alerts.channel_news import ChannelNews
from analysis.alerts.hold_reasons import Action, Guard, HoldDecision
from analysis.alerts.involvement import veiled
from analysis.alerts.waiting import TOLD, End, Ending
from analysis.alerts.whereabouts import place_named_by
from analysis.titles import names_in
from bot.flows.alerts.group_news import told_after_all
from bot.flows.alerts.group_states import GroupStates
from bot.flows.alerts.holds import UNINVOLVED, Holds, as_input, differs
from bot.ports.grouping import InputKind, StreamEvent
from bot.ports.holding import Hold, HoldEnd, PolicyState
from bot.ports.ledger import Reads

#: Of these something may wait or have waited.
_EVER_LIVE = (PolicyState.LIVE, PolicyState.EXPIRED, PolicyState.REVOKED)
_GUARDS = frozenset(Guard)


class HoldStep:
    """One step; `new` and `ends` are what it wants written."""

    def __init__(self, reads: Reads, workspace_id: UUID, holds: Holds, states: GroupStates, news: ChannelNews) -> None:
        """Look at what waits; *news* learns of what is told after all."""
        self._reads = reads
        self._workspace_id = workspace_id
        self._holds = holds
        self._states = states
        self._news = news
        self._policies = reads.holds.policies(workspace_id, _EVER_LIVE)
        self._open = {hold.seq: hold for hold in reads.holds.open(workspace_id)} if self._policies else {}
        self.new: list[Hold] = []
        self.ends: list[HoldEnd] = []
        states.watch(is_on=bool(self._policies))

    def inputs(self, *, is_killed: bool) -> Iterable[tuple[InputKind, Mapping[str, Any]]]:
        """What the engine has to be told before the next alert; *is_killed* where a file says so."""
        now = {"at": self._reads.now.isoformat()}
        if self._holds.has_failed or self._holds.is_ahead(self._reads.now):
            yield InputKind.RESET, now
        governed = self._governed(is_killed=is_killed)
        if differs(self._holds.governed, governed):
            yield InputKind.HOLDING, {**governed, **now}
        involved = self._involved() if governed["permits"] else UNINVOLVED
        if differs(self._holds.involved, involved):
            yield InputKind.INVOLVED, {**involved, **now}

    def due(self) -> Mapping[str, Any] | None:
        """End the waiting of those whose moment has come; the input that says so, if it ended any."""
        content = {"at": self._reads.now.isoformat()}
        endings = self._holds.apply(as_input(self._workspace_id, InputKind.TICK, content, "tick"))
        self.end(endings)
        return content if endings else None

    def decide(self, event: StreamEvent, group: UUID) -> tuple[bool, Mapping[str, Any] | None]:
        """Whether an event that goes into *group* waits, and what is kept of the decision; what is past does not."""
        if event.is_past:
            return False, None
        seen, kept = self._holds.decide(event, group)
        decision = seen.decision
        if decision and decision.would is not Action.PASS and decision.pattern:
            self._keep(event, group, decision)
        self.end(seen.endings)
        return bool(decision and decision.action is not Action.PASS), kept

    def end(self, endings: Iterable[Ending]) -> None:
        """Write down that waiting ended, and tell what must be told."""
        endings = tuple(endings)
        told_after_all(self._news, endings)
        for ending in endings:
            hold = self._open.pop(int(ending.alert.id), None)
            if hold:
                self._end(hold, HoldEnd(seq=hold.seq, at=max(ending.at, hold.since), end=ending.end))

    def end_unknown(self) -> None:
        """Tell what waits on record and in no engine: whatever the reason, nobody would ever end it."""
        for hold in [one for one in self._open.values() if not self._holds.is_waiting(one.seq)]:
            del self._open[hold.seq]
            self._end(hold, HoldEnd(seq=hold.seq, at=max(self._reads.now, hold.since), end=End.RELEASED))

    def _keep(self, event: StreamEvent, group: UUID, decision: HoldDecision) -> None:
        is_held = decision.action is not Action.PASS
        guard = next((one.code.value for one in decision.reasons if one.code in _GUARDS), "")
        hold = Hold(
            seq=event.seq,
            workspace_id=self._workspace_id,
            alert_id=event.alert_id,
            group_id=group,
            pattern=decision.pattern,  # type: ignore[arg-type] # the caller looked
            is_critical=event.alert.severity is AlertSeverity.CRITICAL,
            action=decision.action,
            would=decision.would,
            guard="" if is_held else guard,
            since=event.alert.received_at,
            ended_at=None if is_held else event.alert.received_at,
        )
        self.new.append(hold)
        if is_held:
            self._open[hold.seq] = hold

    def _end(self, hold: Hold, end: HoldEnd) -> None:
        self.ends.append(end)
        if end.end in TOLD:
            self._states.tell(hold.group_id)

    def _governed(self, *, is_killed: bool) -> dict[str, Any]:
        switch = self._reads.holds.switch(self._workspace_id)
        permits = (one.permit(self._reads.now) for one in self._policies)
        return {
            "seed": self._holds.governed["seed"] or self._reads.new_id().hex,
            "is_killed": is_killed or bool(switch and switch.is_on),
            "permits": sorted(one.to_json() for one in permits if one),
        }

    def _involved(self) -> dict[str, Any]:
        """What public and private incidents are about: attached groups by id, places and words of titles veiled."""
        seed, incidents = self._holds.governed["seed"], self._reads.holds.involved(self._workspace_id)
        places = self._places({series for one in incidents for series in one.series})
        found: dict[bool, set[str]] = {True: set(), False: set()}
        for one in incidents:
            names = names_in(one.incident.title).union(places[series] for series in one.series)
            here = found[one.is_private]
            here.update(str(group) for group in one.groups)
            here.update(veiled(seed, name) for name in names if name)
        return {"public": sorted(found[False]), "private": sorted(found[True])}

    def _places(self, series: AbstractSet[UUID]) -> Mapping[UUID, str]:
        """Where each series is; empty where that is not known."""
        known = self._holds.places
        labels = self._reads.groups.labels_of(series - known.keys())
        known.update({one: place_named_by(labels.get(one, {})) for one in series - known.keys()})
        return known
