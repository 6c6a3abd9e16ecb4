"""All forms of a word have one stem, and words that only look alike have different ones."""

import pytest

from analysis.grounding.stems import stem

#: A word and forms of it, as English spells them.
FORMS = """
cancel cancels cancelled cancelling canceled|control controls controlled controlling|signal signalled signalling
label labelled labelling labeled|level levelled|total totalled|travel travelled|propel propelled|install installed
enroll enrolled|recall recalled|fill filled|roll rolled rolling|pull pulled|call called|stall stalled
agree agrees agreed agreeing|disagree disagreed|guarantee guaranteed guarantees|free frees freed freeing
succeed succeeded|exceed exceeded|need needed|feed fed feeding|repeat repeats repeated repeating|defeat defeated
retreat retreated|create creates created creating|recreate recreated recreating|overheat overheated overheating
family families|assembly assemblies|rally rallied rallies|apply applies applied|reply replied|query queries queried
discovery discoveries|recovery recoveries|delivery deliveries|deny denied denies|policy policies
use uses used using|note notes noted noting|die dies died dying|tie ties tied tying|owe owes owed owing
prove proved proven proves|bend bent|burn burnt burned|dig dug|bleed bled|spell spelt|spoil spoilt|beat beaten
mislead misled|rewind rewound|rethink rethought|analysis analyses|crisis crises|hypothesis hypotheses|vertex vertices
criterion criteria|phenomenon phenomena|man men|woman women|half halves|shelf shelves|alias aliases|bias biases
witness witnessed witnesses|harness harnessed|lens lenses|think thoughts thought
"""
#: Words that are not forms of one another.
APART = """
fill file|roll role|stall stale|pull pulse|call calm|feed fee|seed see|speed speech|need knee|heat hear|repeat repel
defeat defect|note not|die did|tie tide|using us|analysis analyst|lying lay|witness wit|family fame|threat treat
agree agent|free fret|control contrast|cancel cancer|halves have|alias alien|install instant
"""


def _rows(table: str) -> list[list[str]]:
    return [row.split() for row in table.strip().replace("\n", "|").split("|")]


@pytest.mark.parametrize("row", _rows(FORMS), ids=lambda row: row[0])
def test_stem_is_one_of_all_forms(row: list[str]) -> None:
    """A doubled consonant, -ee, -eat, -ly, irregular pasts and plurals."""
    assert len({stem(word) for word in row}) == 1


@pytest.mark.parametrize("row", _rows(APART), ids=lambda row: row[0])
def test_stem_keeps_other_words_apart(row: list[str]) -> None:
    """No rule takes off what belongs to the word."""
    assert len({stem(word) for word in row}) == len(row)
