"""Rows of holding back to records and back."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from analysis.alerts.held_patterns import Pattern, PatternKind
from analysis.alerts.hold_reasons import Action
from analysis.alerts.waiting import End
from bot.ports.holding import Hold, HoldDigest, HoldPolicy, Night, PolicyState, Proof, Switch
from bot.store.record.mapping import Row
from bot.store.record.sealing import Sealer


def hold_values(hold: Hold) -> dict[str, Any]:
    """The row of an event that waits, or would."""
    return {
        "seq": hold.seq,
        "workspace_id": hold.workspace_id,
        "alert_id": hold.alert_id,
        "group_id": hold.group_id,
        **_pattern_values(hold.pattern),
        "is_critical": hold.is_critical,
        "action": hold.action.value,
        "would": hold.would.value,
        "guard": hold.guard,
        "since": hold.since,
        "ended_at": hold.ended_at,
        "end": hold.end.value if hold.end else None,
        "digest_id": hold.digest_id,
    }


def to_hold(row: Row) -> Hold:
    """The hold of a row."""
    return Hold(
        seq=row["seq"],
        workspace_id=row["workspace_id"],
        alert_id=row["alert_id"],
        group_id=row["group_id"],
        pattern=to_row_pattern(row),
        is_critical=row["is_critical"],
        action=Action(row["action"]),
        would=Action(row["would"]),
        guard=row["guard"],
        since=row["since"],
        ended_at=row["ended_at"],
        end=End(row["end"]) if row["end"] else None,
        digest_id=row["digest_id"],
    )


def to_row_pattern(row: Row) -> Pattern:
    """The pattern that a row is about."""
    return Pattern(kind=PatternKind(row["kind"]), source=row["source"], name=row["name"])


def policy_values(policy: HoldPolicy, sealer: Sealer) -> dict[str, Any]:
    """The row of a policy."""
    content = {
        "proof": asdict(policy.proof),
        "approved_by": list(policy.approved_by),
        "why": policy.why,
        "ts": policy.ts,
    }
    return {
        "id": policy.id,
        "workspace_id": policy.workspace_id,
        "number": policy.number,
        **_pattern_values(policy.pattern),
        "is_critical": policy.is_critical,
        "state": policy.state.value,
        "changed_at": policy.changed_at,
        "expires_at": policy.expires_at,
        "content": sealer.seal_whole("hold_policy", _bytes(content)),
    }


def to_policy(row: Row, sealer: Sealer) -> HoldPolicy:
    """The policy of a row."""
    content = json.loads(sealer.open_whole("hold_policy", row["content"]))
    return HoldPolicy(
        id=row["id"],
        workspace_id=row["workspace_id"],
        number=row["number"],
        pattern=to_row_pattern(row),
        is_critical=row["is_critical"],
        state=PolicyState(row["state"]),
        changed_at=row["changed_at"],
        expires_at=row["expires_at"],
        proof=Proof(**content["proof"]),
        approved_by=tuple(content["approved_by"]),
        why=content["why"],
        ts=content["ts"],
    )


def switch_values(switch: Switch, sealer: Sealer) -> dict[str, Any]:
    """The row of the kill switch."""
    return {
        "workspace_id": switch.workspace_id,
        "is_on": switch.is_on,
        "changed_at": switch.changed_at,
        "content": sealer.seal_whole("hold_switch", _bytes({"person": switch.person})),
    }


def to_switch(row: Row, sealer: Sealer) -> Switch:
    """The kill switch of a row."""
    content = json.loads(sealer.open_whole("hold_switch", row["content"]))
    return Switch(
        workspace_id=row["workspace_id"], is_on=row["is_on"], changed_at=row["changed_at"], person=content["person"]
    )


def night_values(night: Night, sealer: Sealer) -> dict[str, Any]:
    """The row of a nightly replay."""
    content = None if night.found is None else sealer.seal_whole("hold_night", _bytes(night.found))
    return {
        "workspace_id": night.workspace_id,
        "day": night.day,
        "began_at": night.began_at,
        "read": night.read,
        "total": night.total,
        "finished_at": night.finished_at,
        "content": content,
    }


def to_night(row: Row, sealer: Sealer) -> Night:
    """The nightly replay of a row."""
    sealed = row["content"]
    return Night(
        workspace_id=row["workspace_id"],
        day=row["day"],
        began_at=row["began_at"],
        read=row["read"],
        total=row["total"],
        finished_at=row["finished_at"],
        found=json.loads(sealer.open_whole("hold_night", sealed)) if sealed else None,
    )


def to_hold_digest(row: Row) -> HoldDigest:
    """The digest of a row."""
    return HoldDigest(id=row["id"], workspace_id=row["workspace_id"], at=row["at"], ts=row["ts"])


def _pattern_values(pattern: Pattern) -> dict[str, str]:
    return {"kind": pattern.kind.value, "source": pattern.source, "name": pattern.name}


def _bytes(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
