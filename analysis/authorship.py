"""By whom a draft was written, as people say it of one sentence, two or more.

It stands here and not with what it is about, because `analysis.writing` is part of the version of the schema, which a
word for people must not change.
"""

from collections.abc import Mapping
from typing import Any

from analysis.writing.marking import WRITING, how_written


def by_whom(tree: Mapping[str, Any]) -> str:
    """The end of a summary, with a space before it; empty where no model is set up.

    >>> by_whom({"writing": {"model": "m", "asked": 1, "kept": 1}})
    ' The one sentence that m gave stands in it.'
    """
    block = tree.get(WRITING)
    if not block or not block["kept"] or block["kept"] != block["asked"]:
        return how_written(tree)
    asked, model = block["asked"], block["model"]
    if asked == 1:
        return f" The one sentence that {model} gave stands in it."
    return f" {'Both' if asked == 2 else f'All {asked}'} sentences that {model} gave stand in it."


def none_follows(asked: int) -> str:
    """Why nothing of what a model said is in a draft, where it gave so many sentences, as the end of a sentence."""
    if asked == 1:
        return "the one sentence it gave does not follow from the record"
    return f"{'neither' if asked == 2 else 'none'} of the {asked} sentences it gave follows from the record"
