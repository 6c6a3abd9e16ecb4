"""What is in the inventory, what each is for and where its limits are.

The words stand here and not beside the code that they are about: the versions of several things are hashes of their
source, so that a word more about a limit would be another version of the thing itself.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any

DIGITS = 16


class Thing(StrEnum):
    """What decides or writes here, as an inventory lists it."""

    MODEL = "model"  #: the language model at the approved endpoint
    PROMPTS = "prompts"  #: the words by which it is asked
    SCHEMA = "schema"  #: what it may answer, and how an answer becomes sentences
    VERIFIER = "verifier"  #: which of its sentences stand
    REDACTOR = "redactor"  #: what may leave for it
    GROUPING = "grouping"  #: the weights with which alerts are grouped
    ATTACHING = "attaching"  #: the weights with which groups are attached to incidents
    HOLDING = "holding"  #: when alerts may wait


#: Without an owner for each of these nothing is sent to a language model.
SENDING = (Thing.MODEL, Thing.PROMPTS, Thing.SCHEMA, Thing.VERIFIER, Thing.REDACTOR)
#: In `DEBRIEF_INVENTORY_OWNERS`: the owner of whatever is not named there.
EVERYTHING = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a thing is for, and what it must not be relied on for; `page` tells more."""

    purpose: str
    limits: str
    page: str


CARDS: Mapping[Thing, Card] = MappingProxyType(
    {
        Thing.MODEL: Card(
            purpose="Writes the account of a draft: a few sentences about what happened.",
            limits=(
                "It is shown redacted, typed events only, has no tools, and decides nothing. What it writes stands "
                "only where the verifier finds it in the record, and an approver signs it. It is switched off when it "
                "behaves otherwise under the same name."
            ),
            page="docs/reference/inventory.md",
        ),
        Thing.PROMPTS: Card(
            purpose="Ask the model for the account.",
            limits="English only. Planted text is data in them, and no prompt is relied on to keep a model from it.",
            page="docs/reference/model-endpoint.md",
        ),
        Thing.SCHEMA: Card(
            purpose="Says what an answer may hold, and puts sentences together from it.",
            limits=(
                "At most eight sentences of one or two entries each; times, lengths and counts are slots that code "
                "fills. An endpoint with JSON mode alone is held to it after the answer, not while it is written."
            ),
            page="docs/reference/model-endpoint.md",
        ),
        Thing.VERIFIER: Card(
            purpose="Decides by code which sentences follow from the entries that they cite.",
            limits=(
                "English only. It refuses from a quarter to more than half of true sentences in words other than the "
                "record's; inventions made of a short entry's own words still pass in none of 28 cases to two of five, "
                "by the set that was scored, of a long one's in one in ten, so a person reads."
            ),
            page="docs/reference/verification.md",
        ),
        Thing.REDACTOR: Card(
            purpose="Takes out of a record what must not leave, and looks at the bytes of each request.",
            limits=(
                "English vocabulary only. A name that is an ordinary word leaves where it is written in small letters. "
                "Times, ratios and labels leave."
            ),
            page="docs/reference/redaction.md",
        ),
        Thing.GROUPING: Card(
            purpose="Decides which alerts are one group.",
            limits=(
                "In dense storms and where everything depends on everything, groups of several causes occur; without a "
                "service graph groups are worse. People split and attach."
            ),
            page="docs/reference/alert-groups.md",
        ),
        Thing.ATTACHING: Card(
            purpose="Decides which groups are attached to an incident, and in which order they are suggested.",
            limits=(
                "Where the title names no place nothing is attached by itself. About one of twenty attachments is "
                "wrong; one press takes it back for good."
            ),
            page="docs/reference/signals.md",
        ),
        Thing.HOLDING: Card(
            purpose="Decides which alerts may wait, and for how long.",
            limits=(
                "It knows of incidents what people attached to them: an incident without its alerts protects no rule. "
                "A person approves each pattern, and one command stops it. What is held is told or over after five "
                "minutes; of a rule that never tells an end an alert is listed, at most two hours after it fired."
            ),
            page="docs/reference/holding-back.md",
        ),
    }
)


def digest(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """The version that *value* stands for: the beginning of the SHA-256 of its canonical JSON."""
    return sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:DIGITS]


def owner_of(thing: Thing, owners: Mapping[str, str]) -> str:
    """Who answers for *thing*; empty where nobody is named."""
    return owners.get(thing.value, "").strip() or owners.get(EVERYTHING, "").strip()


def without_owner(owners: Mapping[str, str]) -> tuple[Thing, ...]:
    """What is needed to ask a model and has no owner."""
    return tuple(thing for thing in SENDING if not owner_of(thing, owners))
