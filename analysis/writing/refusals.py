"""What is wrong with a sentence, as the model is told it: fixed words by code, its own words, nothing of the record."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from analysis.grounding.records import FailureCode
from analysis.writing.account import AT_ODDS, Judged
from analysis.writing.slots import FlawCode

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        FlawCode.FORM.value: "write one plain sentence on one line, with one or two entries, no markup and no link",
        FlawCode.SLOT.value: (
            "use only {t:E1}, {dur:E1-E2} with the earlier entry first, and the slots that an entry lists under "
            '"numbers", all with entries that the sentence names'
        ),
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
#: How the detail of a flaw names what it speaks of.
_NAMED = re.compile("“([^“”]{1,80})”")


def refused(judged: Judged) -> dict[str, Any]:
    """A sentence that does not stand as the model itself gave it, with the codes of what is wrong and with which words.

    Nothing that was put back is in it, and of what a flaw names only what the model wrote.
    """
    given = judged.proposed
    named = [word for flaw in judged.flaws for word in _NAMED.findall(flaw.detail) if _is_own(word, given.text)]
    return {
        "number": given.number,
        "events": list(given.events),
        "text": given.text,
        "wrong": list(dict.fromkeys(flaw.code for flaw in judged.flaws)),
        "words": list(dict.fromkeys(named)),
    }


def _is_own(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None
