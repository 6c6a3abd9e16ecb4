"""Reading alerts, service graphs and events from the rows that `debrief eval` takes (`docs/reference/evaluation.md`).

A row that cannot be read is refused with its reason, so that a file is never half understood.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from analysis.alerts.alert import Alert, AlertStatus, severity_of
from analysis.alerts.environments import environment_called
from analysis.errors import InvalidInput

_MOST_SHOWN = 60
_YEARS = range(1970, 2101)
_PARTS = ("services", "calls", "pod_node", "node_zone", "third_party")


class HappeningKind(StrEnum):
    """What an event of the record was, that may explain alerts."""

    DEPLOY = "deploy"  #: a new version of a service
    FLAG = "flag"  #: a feature flag of a service
    UPSTREAM_OUTAGE = "upstream_outage"  #: a third party said that it is down


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A deploy, a flag or an upstream outage of `service` at `at`, in the `environment` if one is named."""

    at: datetime
    kind: HappeningKind
    service: str
    environment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceGraph:
    """What runs where and calls what.

    `calls` are pairs (caller, callee); `pods` maps a pod to its service, `pod_node` to its node, `node_zone` a node to
    its zone; `third_party` maps a provider to the services that depend on it; `kinds` a service to its kind.
    """

    calls: frozenset[tuple[str, str]] = frozenset()
    kinds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pods: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pod_node: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    node_zone: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    third_party: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))


def read_alert(row: object) -> Alert:
    """The alert in a row; `received_at` is `starts_at` where the row has none.

    Raises
    ------
    InvalidInput
        If a field is missing or is not what it must be; the sentence names the field.
    """
    fields = _object(row, "An alert")
    starts_at = _instant(fields, "starts_at")
    word = _text(fields, "severity", default="")
    return Alert(
        id=_text(fields, "id"),
        source=_text(fields, "source"),
        rule=_text(fields, "rule"),
        severity=severity_of(word),
        severity_word=word,
        status=_status(fields),
        labels=_texts(fields, "labels"),
        annotations=_texts(fields, "annotations"),
        starts_at=starts_at,
        ends_at=_instant(fields, "ends_at") if fields.get("ends_at") and not _is_open(fields["ends_at"]) else None,
        received_at=_instant(fields, "received_at") if fields.get("received_at") else starts_at,
    )


def read_graph(raw: object) -> ServiceGraph:
    """The service graph in a JSON object; every part of it may be missing.

    Raises
    ------
    InvalidInput
        If a part is not what it must be, or there is something and no part of a graph.
    """
    fields = _object(raw, "The service graph")
    if fields and not fields.keys() & set(_PARTS):
        message = f"The service graph says nothing that is read: it has none of {', '.join(_PARTS)}."
        raise InvalidInput(message)
    services = [_object(service, "A service of the graph") for service in _list(fields, "services")]
    return ServiceGraph(
        calls=frozenset(_pair(call) for call in _list(fields, "calls")),
        kinds=MappingProxyType({_text(one, "name"): _text(one, "kind", default="") for one in services}),
        pods=MappingProxyType({str(pod): _text(one, "name") for one in services for pod in _list(one, "pods")}),
        pod_node=_texts(fields, "pod_node"),
        node_zone=_texts(fields, "node_zone"),
        third_party=MappingProxyType(_dependants(fields)),
    )


def read_happening(row: object) -> Happening:
    """The event in a row.

    Raises
    ------
    InvalidInput
        If a field is missing or is not what it must be.
    """
    fields = _object(row, "An event")
    kind = _text(fields, "kind")
    if kind not in {member.value for member in HappeningKind}:
        message = f"“{kind[:_MOST_SHOWN]}” is no kind of event; it is one of {', '.join(HappeningKind)}."
        raise InvalidInput(message)
    return Happening(
        at=_instant(fields, "at"),
        kind=HappeningKind(kind),
        service=_text(fields, "service"),
        environment=environment_called(_text(fields, "environment", default="")),
    )


def _status(fields: Mapping[str, Any]) -> AlertStatus:
    word = _text(fields, "status", default=AlertStatus.FIRING.value)
    if word not in {member.value for member in AlertStatus}:
        message = f"“{word[:_MOST_SHOWN]}” is no status of an alert; it is firing or resolved."
        raise InvalidInput(message)
    return AlertStatus(word)


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        message = f"{what} must be a JSON object."
        raise InvalidInput(message)
    return value


def _list(fields: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = fields.get(name) or []
    if not isinstance(value, list):
        message = f"“{name}” must be a list."
        raise InvalidInput(message)
    return value


def _pair(value: object) -> tuple[str, str]:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(name, str) for name in value):
        message = "A call of the graph must be a pair of service names, the caller first."
        raise InvalidInput(message)
    return value[0], value[1]


def _text(fields: Mapping[str, Any], name: str, *, default: str | None = None) -> str:
    value = fields.get(name, default)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or (default is None and not value):
        message = f"“{name}” is missing or is not a text."
        raise InvalidInput(message)
    return value


def _texts(fields: Mapping[str, Any], name: str) -> Mapping[str, str]:
    value = fields.get(name) or {}
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        message = f"“{name}” must be an object of texts."
        raise InvalidInput(message)
    return MappingProxyType(dict(value))


def _dependants(fields: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    named = _object(fields.get("third_party") or {}, "“third_party”")
    return {provider: frozenset(map(str, _list(named, provider))) for provider in named}


def _instant(fields: Mapping[str, Any], name: str) -> datetime:
    word = _text(fields, name)
    try:
        instant = datetime.fromisoformat(word)
    except ValueError:
        message = f"“{name}” is no time: write it like 2026-03-02T00:00:30Z."
        raise InvalidInput(message) from None
    if instant.tzinfo is None:
        message = f"“{name}” has no time zone: write it like 2026-03-02T00:00:30Z."
        raise InvalidInput(message)
    if instant.year not in _YEARS:
        message = f"“{name}” is too far away to be a time."
        raise InvalidInput(message)
    return instant.astimezone(UTC)


def _is_open(ends_at: object) -> bool:
    """Whether it is the year 1, by which programs in Go say that something has no end yet."""
    return isinstance(ends_at, str) and ends_at.startswith("0001-01-01T")
