"""`debrief eval redact`, on files as a team would have them."""

import json
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Debrief


def write(path: Path, *rows: object) -> str:
    """Write rows, one JSON value a line."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def test_each_text_has_its_row(debrief: Debrief, own_folder: Path) -> None:
    """What is left, and what was taken out at its place in the text as it was given."""
    text = "Kim asked Kowalski at 12:30 about card 4111 1111 1111 1111 on traefik"
    texts = write(own_folder / "texts.jsonl", {"id": "a", "text": text}, {"id": 2, "text": "Rolled back."})
    people = write(own_folder / "people.json", {"U0KIMDOE01": "Kim Doe"})
    known = write(own_folder / "known.json", ["Traefik"])

    answer = debrief("eval", "redact", "--in", texts, "--people", people, "--known", known)

    first, second = (json.loads(line) for line in answer.out.splitlines())
    assert (answer.status, answer.err) == (0, "")
    assert first["text"] == "[[PERSON_1]] asked [[NAME_1]] at 12:30 about card [[CARD_1]] on traefik"
    assert [(text[one["start"] : one["end"]], one["type"]) for one in first["entities"]] == [
        ("Kim", "person"),
        ("Kowalski", "name"),
        ("4111 1111 1111 1111", "card"),
    ]
    assert second == {"id": 2, "text": "Rolled back.", "entities": []}


def test_same_input_gives_the_same_bytes(debrief: Debrief, own_folder: Path) -> None:
    """Placeholders depend on the text alone."""
    texts = write(
        own_folder / "texts.jsonl", *({"id": each, "text": f"Kowalski paid {each}11111"} for each in range(9))
    )
    outs = [own_folder / "one.jsonl.gz", own_folder / "two.jsonl.gz"]

    for out in outs:
        assert debrief("eval", "redact", "--in", texts, "--out", str(out)).status == 0

    assert outs[0].read_bytes() == outs[1].read_bytes()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"id": "a"}, "it is not an object with `id` and `text`"),
        ({"id": None, "text": "x"}, "it is not an object with `id` and `text`"),
        ("text", "it is not an object with `id` and `text`"),
        ({"id": "a", "text": "\ud800"}, "half of a character"),
        ({"id": "\ud800", "text": "x"}, "half of a character"),
    ],
)
def test_unreadable_row_is_named(debrief: Debrief, own_folder: Path, row: object, reason: str) -> None:
    """One sentence with the line, no row half-written."""
    texts = write(own_folder / "texts.jsonl", {"id": "a", "text": "Rolled back."}, row)
    out = own_folder / "out.jsonl"

    answer = debrief("eval", "redact", "--in", texts, "--out", str(out))

    assert (answer.status, out.exists()) == (2, False)
    assert "Line 2 of" in answer.err
    assert reason in answer.err


@pytest.mark.parametrize(("option", "value"), [("--people", ["Kim"]), ("--known", {"a": 1})])
def test_wrong_side_file_is_refused(debrief: Debrief, own_folder: Path, option: str, value: object) -> None:
    """The sentence shows what the file should be."""
    texts = write(own_folder / "texts.jsonl", {"id": "a", "text": "Rolled back."})

    answer = debrief("eval", "redact", "--in", texts, option, write(own_folder / "side.json", value))

    assert answer.status == 2
    assert "such as" in answer.err
