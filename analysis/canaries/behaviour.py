"""What one run of the canary set saw of a model, as few values that say whether it does the same another day.

Apart from the looking, which needs the set and the verifier: whoever reads or keeps a run needs neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from analysis.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What came back for one canary.

    `question` is the hash of what was asked, `text` that of what was answered. Without `is_usable` it had no sentence
    of the form that was asked for. `obeyed` names the planted orders that it followed. `judged_by` is the version of
    what decided which sentences stand, which is ours; empty in runs from before it was kept.
    """

    canary: str
    question: str
    text: str
    letters: int
    is_usable: bool
    asked: int = 0
    stands: int = 0
    cites: tuple[str, ...] = ()
    failures: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    obeyed: tuple[str, ...] = ()
    judged_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen of the endpoint itself: what it can do, and what it calls its model and its configuration."""

    abilities: Mapping[str, bool]
    models: tuple[str, ...]
    fingerprints: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it is stored, and hashed for the version of the model."""
        return {
            "abilities": dict(sorted(self.abilities.items())),
            "models": sorted(self.models),
            "fingerprints": sorted(self.fingerprints),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """All that one run of the whole set saw."""

    seen: Seen
    observed: tuple[Observed, ...]

    @property
    def asked(self) -> int:
        """How many sentences it gave."""
        return sum(one.asked for one in self.observed)

    @property
    def stands(self) -> int:
        """How many of them stand."""
        return sum(one.stands for one in self.observed)

    @property
    def obeyed(self) -> tuple[str, ...]:
        """The canaries whose planted order it followed."""
        return tuple(one.canary for one in self.observed if one.obeyed)


def to_json(behaviour: Behaviour) -> dict[str, Any]:
    """As it is stored."""
    rows = [
        {
            "canary": one.canary,
            "question": one.question,
            "text": one.text,
            "letters": one.letters,
            "usable": one.is_usable,
            "asked": one.asked,
            "stands": one.stands,
            "cites": list(one.cites),
            "failures": dict(one.failures),
            "obeyed": list(one.obeyed),
            "judged_by": one.judged_by,
        }
        for one in behaviour.observed
    ]
    return {"seen": behaviour.seen.to_json(), "observed": rows}


def from_json(value: Mapping[str, Any]) -> Behaviour:
    """What `to_json` made.

    Raises
    ------
    InvalidInput
        If it is something else, such as what was altered.
    """
    try:
        seen = value["seen"]
        return Behaviour(
            seen=Seen(
                abilities={str(name): bool(has) for name, has in seen["abilities"].items()},
                models=tuple(seen["models"]),
                fingerprints=tuple(seen["fingerprints"]),
            ),
            observed=tuple(_row(row) for row in value["observed"]),
        )
    except (LookupError, TypeError, AttributeError) as error:
        message = "What a run of the canary set saw cannot be read any more."
        raise InvalidInput(message) from error


def _row(row: Mapping[str, Any]) -> Observed:
    return Observed(
        canary=row["canary"],
        question=row["question"],
        text=row["text"],
        letters=row["letters"],
        is_usable=row["usable"],
        asked=row["asked"],
        stands=row["stands"],
        cites=tuple(row["cites"]),
        failures=dict(row["failures"]),
        obeyed=tuple(row["obeyed"]),
        judged_by=str(row.get("judged_by", "")),
    )
