"""Rows of groups, their stream and their decisions to records and back."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.decisions import DecisionKind
from analysis.alerts.digest import to_digest
from analysis.alerts.episodes import News
from bot.ports.grouping import (
    AlertGroup,
    Decided,
    Feedback,
    FeedbackKind,
    FeedbackOrigin,
    InputKind,
    NewInput,
    PlacedInput,
    Storm,
    StreamEvent,
)
from bot.store.record.mapping import Row
from bot.store.record.sealing import Sealer, Unopenable

_NO_CONTENT: Mapping[str, Any] = MappingProxyType({})
#: Made once, because making it costs as much as encoding a row.
_ENCODER = json.JSONEncoder(separators=(",", ":"))


def group_values(group: AlertGroup, sealer: Sealer) -> dict[str, Any]:
    """The row of a group."""
    return {
        "id": group.id,
        "workspace_id": group.workspace_id,
        "number": group.number,
        "opened_at": group.opened_at,
        "last_at": group.last_at,
        "quiet_at": group.quiet_at,
        "severity": group.severity.value,
        "is_closed": group.is_closed,
        "alerts": group.alerts,
        "series": group.series,
        "firing": group.firing,
        "merged_into": group.merged_into,
        "storm_id": group.storm_id,
        "announced_at": group.announced_at,
        "news_at": group.news_at,
        "ts": group.ts,
        "content": sealer.seal_whole("group", _bytes(group.digest.to_json())),
    }


def told_values(group: AlertGroup) -> dict[str, Any]:
    """What of the row says how the channel was told of a group."""
    return {name: getattr(group, name) for name in ("id", "storm_id", "announced_at", "news_at")}


def to_group(row: Row, sealer: Sealer) -> AlertGroup:
    """The group of a row."""
    return AlertGroup(
        id=row["id"],
        workspace_id=row["workspace_id"],
        number=row["number"],
        opened_at=row["opened_at"],
        last_at=row["last_at"],
        quiet_at=row["quiet_at"],
        severity=AlertSeverity(row["severity"]),
        is_closed=row["is_closed"],
        alerts=row["alerts"],
        series=row["series"],
        firing=row["firing"],
        merged_into=row["merged_into"],
        storm_id=row["storm_id"],
        announced_at=row["announced_at"],
        news_at=row["news_at"],
        ts=row["ts"],
        digest=to_digest(json.loads(sealer.open_whole("group", row["content"]))),
    )


def storm_values(storm: Storm) -> dict[str, Any]:
    """The row of a storm, but for its message."""
    return {
        "id": storm.id,
        "workspace_id": storm.workspace_id,
        "began_at": storm.began_at,
        "last_at": storm.last_at,
        "ts": storm.ts,
    }


def to_storm(row: Row) -> Storm:
    """The storm of a row."""
    return Storm(**{name: row[name] for name in ("id", "workspace_id", "began_at", "last_at", "ts")})


def decided_values(decided: Decided, engine: str, sealer: Sealer) -> dict[str, Any]:
    """The row of a decision."""
    content: dict[str, Any] = {"reasons": list(decided.reasons), "links": list(decided.links)}
    if decided.hold is not None:
        content["hold"] = dict(decided.hold)
    return {
        "seq": decided.seq,
        "group_id": decided.group_id,
        "kind": decided.kind.value,
        "logit": decided.logit,
        "suggested": decided.suggested,
        "engine": engine,
        "content": sealer.seal_whole("decision", _bytes(content)),
    }


def to_decided(row: Row, sealer: Sealer) -> Decided:
    """The decision of a row."""
    content = json.loads(sealer.open_whole("decision", row["decision_content"]))
    return Decided(
        seq=row["seq"],
        group_id=row["group_id"],
        kind=DecisionKind(row["kind"]),
        logit=row["logit"],
        suggested=row["suggested"],
        reasons=content["reasons"],
        links=content["links"],
        hold=content.get("hold"),
    )


def input_rows(inputs: Sequence[NewInput], sealer: Sealer) -> list[dict[str, Any]]:
    """The rows of inputs, in their places if they have one."""
    contents = sealer.seal_all_whole("input", [_bytes(dict(given.content)) for given in inputs])
    return [
        {
            "workspace_id": given.workspace_id,
            "kind": given.kind.value,
            "natural_key": given.natural_key,
            "after_seq": given.after_seq if isinstance(given, PlacedInput) else None,
            "place": given.place if isinstance(given, PlacedInput) else None,
            "content": content,
        }
        for given, content in zip(inputs, contents, strict=True)
    ]


def to_input(row: Row, sealer: Sealer) -> NewInput:
    """The input of a row."""
    given = {
        "workspace_id": row["workspace_id"],
        "kind": InputKind(row["kind"]),
        "natural_key": row["natural_key"],
        "content": MappingProxyType(json.loads(sealer.open_whole("input", row["content"]))),
    }
    return NewInput(**given)


def to_placed(row: Row, sealer: Sealer) -> PlacedInput:
    """The input of a row that has its place."""
    given = to_input(row, sealer)
    return PlacedInput(
        workspace_id=given.workspace_id,
        kind=given.kind,
        natural_key=given.natural_key,
        content=given.content,
        after_seq=row["after_seq"],
        place=row["place"],
    )


def to_stream_event(row: Row, sealer: Sealer, *, is_whole: bool = False) -> StreamEvent:
    """An event of a series as grouping sees it, or as it *is whole*; one whose content is gone is its series alone."""
    content = _alert_content(row, sealer)
    alert = Alert(
        id=str(row["seq"]),
        source=row["source"],
        rule=row["rule"],
        severity=AlertSeverity(row["severity"]),
        severity_word=content.get("severity", ""),
        status=AlertStatus(row["status"]),
        is_per_severity=bool(content.get("apart")),
        is_per_labels=bool(content.get("variant")),
        labels=MappingProxyType(content.get("labels", {"series": row["fingerprint"]})),
        annotations=MappingProxyType(content.get("annotations", {})),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        received_at=row["received_at"],
    )
    return StreamEvent(
        seq=row["seq"],
        alert_id=row["alert_id"],
        fingerprint=row["fingerprint"],
        news=News(row["news"]),
        alert=alert,
        severity=AlertSeverity(content.get("fires", row["severity"])),
        is_past=bool(content.get("past")),
        group_id=row["group_id"],
        hold=_hold(row, sealer),
        rest=MappingProxyType(content.get("extra", {}) if is_whole else {}),
    )


def is_of_the_past(content: bytes, sealer: Sealer) -> bool:
    """Whether the event with this sealed *content* was imported after it happened."""
    return bool(_alert_content({"content": content}, sealer).get("past"))


def feedback_values(feedback: Feedback, sealer: Sealer) -> dict[str, Any]:
    """The row of a label."""
    return {
        "id": feedback.id,
        "workspace_id": feedback.workspace_id,
        "kind": feedback.kind.value,
        "at": feedback.at,
        "group_id": feedback.group_id,
        "alert_id": feedback.alert_id,
        "incident_id": feedback.incident_id,
        "until": feedback.until,
        "origin": feedback.origin.value,
        "seq": feedback.seq,
        "natural_key": feedback.natural_key or None,
        "content": sealer.seal_whole("feedback", _bytes({"person": feedback.person, "reason": feedback.reason})),
    }


def to_feedback(row: Row, sealer: Sealer) -> Feedback:
    """The label of a row."""
    content = json.loads(sealer.open_whole("feedback", row["content"]))
    return Feedback(
        id=row["id"],
        workspace_id=row["workspace_id"],
        kind=FeedbackKind(row["kind"]),
        at=row["at"],
        group_id=row["group_id"],
        alert_id=row["alert_id"],
        incident_id=row["incident_id"],
        until=row["until"],
        origin=FeedbackOrigin(row["origin"]),
        seq=row["seq"],
        natural_key=row["natural_key"] or "",
        person=content["person"],
        reason=content["reason"],
    )


def _hold(row: Row, sealer: Sealer) -> Mapping[str, Any] | None:
    """What was decided about holding the event back, where the decision was read along."""
    sealed = row.get("decision_content")
    if sealed is None:
        return None
    kept: Mapping[str, Any] | None = json.loads(sealer.open_whole("decision", sealed)).get("hold")
    return kept


def _alert_content(row: Row, sealer: Sealer) -> Mapping[str, Any]:
    try:
        opened: dict[str, Any] = json.loads(sealer.open_whole("alert", row["content"]))
    except (Unopenable, ValueError):
        return _NO_CONTENT
    return opened


def _bytes(value: Mapping[str, Any]) -> bytes:
    """JSON that gives every number back as it was, to the last bit."""
    return _ENCODER.encode(value).encode()
