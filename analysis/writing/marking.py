"""How a document says by whom it was written, and what is signed of what a model said."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.wording import counted
from analysis.writing.account import Judged, verdicts

#: Where it stands in the tree, so that the signature covers it and sealing and erasing reach it.
WRITING = "writing"
#: Where the fact that a draft was made names the model.
MODEL = "model"


def by_model(
    model: str, versions: Mapping[str, str], judged: Sequence[Judged], said: Sequence[Judged], note: str
) -> dict[str, Any]:
    """The block where a model answered: *judged* is what became of each sentence, *said* all that it said."""
    kept = sum(one.stands for one in judged)
    reason = "" if kept else f"none of the {counted(len(judged), 'sentence')} it gave follows from the record"
    return {
        "model": model,
        "versions": dict(versions),
        "asked": len(judged),
        "kept": kept,
        "because": reason,
        "note": note if kept else "",
        "verdicts": verdicts(said),
    }


def without_model(model: str, versions: Mapping[str, str], because: str) -> dict[str, Any]:
    """The block of a draft that a model was to have a part in and had none."""
    return {
        "model": model,
        "versions": dict(versions),
        "asked": 0,
        "kept": 0,
        "because": because.strip().removesuffix("."),
        "note": "",
        "verdicts": [],
    }


def with_writing(tree: Mapping[str, Any], block: Mapping[str, Any]) -> dict[str, Any]:
    """*tree* with *block*; as it is where there is none."""
    return {**tree, WRITING: dict(block)} if block else dict(tree)


def how_written(tree: Mapping[str, Any]) -> str:
    """The end of a summary, with a space before it: by whom it was written; empty where no model is set up."""
    block = tree.get(WRITING)
    if not block:
        return ""
    if not block["kept"]:
        return f" Made without the model: {_clause(block['because'])}."
    stand = "stands" if block["kept"] == 1 else "stand"
    return f" Of the {counted(block['asked'], 'sentence')} that {block['model']} gave, {block['kept']} {stand} in it."


def model_of(tree: Mapping[str, Any]) -> dict[str, str]:
    """What the fact that a draft was made says of its model: empty where none wrote, nothing where none is set up."""
    block = tree.get(WRITING)
    return {MODEL: block["model"] if block["kept"] else ""} if block else {}


def _clause(because: str) -> str:
    """A sentence as the end of another one."""
    return f"{because[:1].lower()}{because[1:]}"
