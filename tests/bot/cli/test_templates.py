"""`debrief templates`, and what else of styles the command line has."""

import json
from pathlib import Path

import pytest

from analysis.styles import Style
from bot.render.templates import template_folder
from tests.bot.cli.conftest import Debrief
from tests.effort import leading

RECORD = Path(__file__).parents[2] / "data" / "long_record.json"
BAD = "# Ours\n\n{{ incident.name }}\n"
INCOMPLETE = "{{ sections.contributing_factors }}\n\n{{ sections.open_questions }}\n"


@pytest.mark.parametrize("style", leading(1, [Style.PAGERDUTY, Style.SHORT]))
def test_printed_style_is_a_template_to_start_from(debrief: Debrief, own_folder: Path, style: Style) -> None:
    """What is printed is what Debrief uses, and passes the check as it is."""
    printed = debrief("templates", "print", style)
    (own_folder / "own.md.j2").write_text(printed.out, encoding="utf-8")

    checked = debrief("templates", "check", "own.md.j2")

    assert printed.out == (template_folder() / "styles" / f"{style}.md.j2").read_text(encoding="utf-8")
    assert (checked.status, checked.err) == (0, "")
    assert checked.out.startswith("own.md.j2: 3 example incidents laid out, each complete. Version ")


def test_default_style_has_no_template_to_start_from(debrief: Debrief) -> None:
    """It is said which have."""
    answer = debrief("templates", "print", "sre")

    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith("The style sre has no template of this kind. `debrief templates print pagerduty`")


def test_check_says_in_which_line_what_is_wrong(debrief: Debrief, own_folder: Path) -> None:
    """One line for what all examples have, and the exit status says no."""
    (own_folder / "own.md.j2").write_text(BAD, encoding="utf-8")

    answer = debrief("templates", "check", "own.md.j2")

    assert (answer.status, answer.out) == (1, "")
    assert answer.err == (
        "own.md.j2, line 3: “Incident” has no attribute 'name'; it has is_private, number, severity and title.\n"
    )


@pytest.mark.thorough
def test_check_tries_what_only_some_incidents_have(debrief: Debrief, own_folder: Path) -> None:
    """A template that drops the model's account is found before a model writes one; programs read the same as JSON."""
    (own_folder / "own.md.j2").write_text(INCOMPLETE, encoding="utf-8")

    answer, as_json = debrief("templates", "check", "own.md.j2"), debrief("templates", "check", "own.md.j2", "--json")

    assert answer.status == as_json.status == 1
    assert answer.err == (
        "own.md.j2: For one with a model's account: it leaves out the account of the language model: "
        "{{ sections.account }}.\n"
    )
    assert [bool(one["failure"]) for one in json.loads(as_json.out)["examples"]] == [False, False, True]


def test_check_shows_what_the_template_makes(debrief: Debrief, own_folder: Path) -> None:
    """The first example as it would be published."""
    (own_folder / "own.md.j2").write_text(f"# Ours\n\n{INCOMPLETE}\n{{{{ sections.account }}}}\n", encoding="utf-8")

    answer = debrief("templates", "check", "own.md.j2", "--show")

    assert answer.status == 0
    assert answer.out.startswith("# Postmortem #12: Card payments fail in DE\n")
    assert "\n## Ours\n" in answer.out


def test_check_without_a_template_says_how_to_name_one(debrief: Debrief) -> None:
    """Neither a setting nor a file is wrong usage."""
    answer = debrief("templates", "check")

    assert answer.status == 2
    assert (
        "set DEBRIEF_DOCUMENT_TEMPLATE to its file or folder, or name one: `debrief templates check FILE`" in answer.err
    )


@pytest.mark.parametrize(
    ("source", "style", "said"),
    leading(
        2,
        [
            (None, "", "ok"),
            (None, "company", "fails"),
            (BAD, "company", "fails"),
            (f"{INCOMPLETE}\n{{{{ sections.account }}}}", "company", "ok"),
        ],
    ),
    ids=["default", "unset", "bad", "good"],
)
def test_doctor_tries_the_company_template(
    debrief: Debrief, own_folder: Path, monkeypatch: pytest.MonkeyPatch, source: str | None, style: str, said: str
) -> None:
    """It is known before a draft needs it, with what to do."""
    if source is not None:
        (own_folder / "own.md.j2").write_text(source, encoding="utf-8")
        monkeypatch.setenv("DEBRIEF_DOCUMENT_TEMPLATE", "own.md.j2")
    if style:
        monkeypatch.setenv("DEBRIEF_DOCUMENT_STYLE", style)

    answer = debrief("doctor", "--json")

    (check,) = [one for one in json.loads(answer.out) if one["check"] == "documents"]
    assert check["verdict"] == said
    assert ("drafts are made in the style sre meanwhile" in check["todo"].lower()) == (said == "fails")


def test_setting_that_is_no_style_is_refused(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the variable."""
    monkeypatch.setenv("DEBRIEF_DOCUMENT_STYLE", "long")

    answer = debrief("config")

    assert answer.status == 2
    assert answer.err.startswith("DEBRIEF_DOCUMENT_STYLE is not usable: ")


@pytest.mark.usefixtures("tables")
def test_draft_is_made_in_a_style_without_slack(debrief: Debrief) -> None:
    """The verb takes the style as in Slack, and `document` prints what would be signed."""
    for line in ("declare drill", "resolve -i 1 --yes"):
        assert debrief(*line.split()).status == 0

    drafted, wrong = debrief("draft", "-i", "1", "short"), debrief("draft", "-i", "1", "tiny")

    assert drafted.status == 0
    assert "In the style short." in drafted.out
    assert "\n## To look at\n" in debrief("document", "-i", "1").out
    assert wrong.status == 2
    assert "“tiny” is no style of a draft" in wrong.err


def test_replay_leaves_a_draft_in_a_style(debrief: Debrief, own_folder: Path) -> None:
    """How a style reads on a past incident can be seen without any of its people."""
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    record["timeline"] = record["timeline"][:12]
    (own_folder / "record.json").write_text(json.dumps(record), encoding="utf-8")

    answer = debrief("replay", "record.json", "--out", "made", "--style", "short")

    assert answer.status == 0
    assert "\n## To look at\n" in (own_folder / "made" / "draft.md").read_text(encoding="utf-8")
    assert '<h2 dir="auto">To look at</h2>' in (own_folder / "made" / "draft.html").read_text(encoding="utf-8")
