"""What is wrong with a sentence, as the model is told it: fixed words by code, nothing of the record."""

from collections.abc import Mapping
from types import MappingProxyType

from analysis.grounding.records import FailureCode
from analysis.writing.account import AT_ODDS
from analysis.writing.slots import FlawCode

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        FlawCode.FORM.value: "write one plain sentence on one line, with one or two entries, no markup and no link",
        FlawCode.SLOT.value: "use only {t:E1}, {dur:E1-E2} and {n:E1}, with entries that the sentence names",
        FlawCode.TYPED_TIME.value: "you typed a time, date or length; write a slot instead",
        FlawCode.PLACEHOLDER.value: "leave this placeholder out",
        FlawCode.SECTION.value: "people write this section; choose another one",
        FlawCode.WELDED.value: "you made one event of two entries; say only what one entry says",
        FailureCode.CITATION.value: "name entries that the sentence rests on, each of which it needs",
        FailureCode.TIER.value: "choose another entry",
        FailureCode.TIME.value: "the entry has another time; write a slot instead",
        FailureCode.DURATION.value: "the entries give another length; write a slot instead",
        FailureCode.NUMBER.value: "the entries do not have this number",
        FailureCode.UNIT.value: "the entries give this number for something else",
        FailureCode.ENTITY.value: "the entries do not name this",
        FailureCode.WORD.value: "you used words that the entries do not; use their own words",
        FailureCode.ANTONYM.value: "the entry says the contrary",
        FailureCode.POLARITY.value: "you say that it was so and the entry that it was not, or the other way round",
        FailureCode.ORDER.value: "what you put first came later",
        FailureCode.ROLE.value: "the entry says this of somebody or something else",
        FailureCode.QUOTE.value: "the entry does not have these words",
        FailureCode.CAUSE.value: "the entry states no cause; say only what happened",
        FailureCode.QUANTIFIER.value: "the entry does not say all, only, never or first",
        FailureCode.LENGTH.value: "it is longer than a sentence may be",
        FailureCode.CERTAINTY.value: "the entry says that it was planned, tried or supposed, not that it was so",
        AT_ODDS: "a time, number or quotation is not that of the entries",
    }
)
