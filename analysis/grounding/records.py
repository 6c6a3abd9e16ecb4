"""What is checked, against what, and what may be wrong with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from analysis.precision import Precision


class Tier(StrEnum):
    """What an entry of the record can prove."""

    SAID = "said"  #: somebody's words: they prove only that somebody said so
    MACHINE = "machine"  #: an event that a system reported or Debrief recorded itself
    PROMOTED = "promoted"  #: a statement that a person put on the record as a fact


class FailureCode(StrEnum):
    """In which way a sentence does not follow from what it cites."""

    CITATION = "citation"  #: nothing is cited, or an entry that is not on record, or one that carries no weight
    TIER = "tier"  #: somebody's words are told as a fact
    TIME = "time"  #: a clock time or date that is not that of the cited entry
    DURATION = "duration"  #: a length of time that nothing cited gives
    NUMBER = "number"  #: a number that no cited entry has
    UNIT = "unit"  #: the number stands there, of something else or in another unit
    ENTITY = "entity"  #: a name that no cited entry has
    WORD = "word"  #: a word whose content no cited entry has
    ANTONYM = "antonym"  #: the cited entry says the contrary
    POLARITY = "polarity"  #: one says that it was so, the other that it was not
    ORDER = "order"  #: before and after, or from and to, are the other way round
    ROLE = "role"  #: the cited entry says it of something or somebody else
    QUOTE = "quote"  #: no cited entry has these words
    CAUSE = "cause"  #: a cause that nobody put on record
    QUANTIFIER = "quantifier"  #: all, only, never, first and the like, which no cited entry says
    LENGTH = "length"  #: it is longer than one sentence is
    CERTAINTY = "certainty"  #: planned, tried, begun or supposed in one, done in the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence and the labels of the entries that it rests on."""

    text: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """An entry of the record as far as a sentence may rest on it.

    `text` is what the record holds, `who` its author as the record shows names, `tags` what people tagged it as
    (`cause` for a cause), `kind` the kind of the entry in words.
    """

    at: datetime
    precision: Precision = Precision.SECOND
    text: str
    who: str = ""
    tier: Tier
    tags: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One reason why a sentence does not follow, in words for whoever reads the draft."""

    code: FailureCode
    detail: str
