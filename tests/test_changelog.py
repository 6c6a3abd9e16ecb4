"""The changelog can be read: days in order, and in each what to do first, then what is new, then what was wrong."""

import re
from pathlib import Path

TEXT = (Path(__file__).parent.parent / "CHANGELOG.md").read_text()
PARTS = {"To do when upgrading": "[CHANGE]", "New": "[FEATURE]", "Was wrong": "[FIX]"}


def test_days_are_there_once_and_newest_first() -> None:
    """Two sides of a merge that both began a day leave its heading twice."""
    days = re.findall(r"^## (.*)$", TEXT, re.MULTILINE)

    assert days == sorted(set(days), reverse=True)
    assert [day for day in days if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day)] == []


def test_parts_of_a_day_are_in_order_and_hold_their_own_lines() -> None:
    """What asks for something stands first, so that whoever upgrades reads no further than needed."""
    for day in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        _, *parts = re.split(r"^### ", day, flags=re.MULTILINE)
        names = [part.partition("\n")[0] for part in parts]

        assert names == [name for name in PARTS if name in names]
        for name, part in zip(names, parts, strict=True):
            assert set(re.findall(r"^- (\S+)", part, re.MULTILINE)) == {PARTS[name]}


def test_every_line_says_of_which_kind_it_is() -> None:
    """A line without a tag would have no place."""
    lines = re.findall(r"^- .*", TEXT, re.MULTILINE)

    assert [line for line in lines if not line.startswith(tuple(f"- {tag} " for tag in PARTS.values()))] == []
