"""The verbs on the command line: the server's own database, the login's identity, and Slack told once it is back."""

import io
import json
import os
import pty
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analysis.errors import Forbidden
from bot.cli import main
from bot.cli.incidents.incident_verbs import EXAMPLES
from bot.cli.office import acting_person, login_name, machine_zone
from bot.ports.records import KnownPerson, Membership
from bot.settings import Settings
from bot.slack.workspace.directory import SlackDirectory
from bot.usecases.verbs import VERBS
from tests.bot.cli.conftest import Answer, Debrief
from tests.effort import leading
from tests.fake_slack import Fault
from tests.model_endpoint import endpoint, says
from tests.slack_room import APPROVER, Room, open_room

# What is tried here begins with tables that are there already: making them takes longer.
pytestmark = pytest.mark.usefixtures("tables")

ME = login_name()


@pytest.fixture
def on_database(debrief: Debrief, ready_url: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Debrief:
    """Return what runs `debrief` on a database of each dialect with nothing on record."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", ready_url)
    monkeypatch.setenv("DEBRIEF_KEY_FILE", str(own_folder / "debrief.key"))
    return debrief


class NoPeople:
    """A directory's store before Slack was ever asked, or with the people that a test knows."""

    def __init__(self, *people: KnownPerson) -> None:
        self._people = people

    def load_people(self) -> tuple[KnownPerson, ...]:
        return self._people

    def load_memberships(self) -> tuple[Membership, ...]:
        return ()

    def save_people(self, people: object) -> None:
        raise NotImplementedError

    def save_memberships(self, memberships: object) -> None:
        raise NotImplementedError

    def private_channels(self) -> tuple[str, ...]:
        return ()


def test_every_verb_but_help_has_an_example() -> None:
    """A verb that is added to the table must be shown in use."""
    assert EXAMPLES.keys() == VERBS.keys() - {"help"}


@pytest.mark.parametrize("verb", sorted(EXAMPLES))
def test_verb_help_shows_the_example_that_runs(debrief: Debrief, verb: str) -> None:
    """`--help` shows the example, and the example begins with its verb."""
    answer = debrief(verb, "--help")

    assert answer.status == 0
    assert f"Example: `debrief {EXAMPLES[verb]}`" in " ".join(answer.out.split())
    assert EXAMPLES[verb].split()[0] == verb


def test_incident_lives_from_declaration_to_draft_on_the_command_line(on_database: Debrief) -> None:
    """Each verb answers in one sentence, and the timeline has what was said, in order."""
    lines = (
        "declare SEV3 card authorisations failing",
        "note --incident 1 rolled back the deploy",
        "role --incident 1 commander me",
        "status --incident 1 mitigating",
        "severity --incident 1 SEV2 all regions",
        "impact --incident 1 3 % of card payments fail",
        "update --incident 1 payments recover",
        "milestone --incident 1 detection now",
        "promote --incident 1 E3 as cause",
        "resolve --incident 1",
        "draft --incident 1",
    )

    answers = [on_database(*line.split()) for line in lines]
    told = json.loads(on_database("timeline", "--incident", "1", "--json").out)

    assert [answer.status for answer in answers] == [0] * len(lines)
    assert all(len(answer.out.splitlines()) == 1 and not answer.err for answer in answers)
    assert answers[0].out == "#1 SEV3 declared: card authorisations failing\n"
    assert answers[-1].out.startswith("Draft 1 is ready: ")
    assert [row["kind"] for row in told if row["kind"] in {"declared", "note", "impact_set", "update_sent"}] == [
        "declared",
        "note",
        "impact_set",
        "update_sent",
    ]
    assert {(row["actor"], row["source"]) for row in told if row["source"] != "debrief"} == {
        (f"cli:{ME}", "command_line")
    }


def test_mistakes_are_corrected_on_the_command_line(on_database: Debrief) -> None:
    """The newest words are shown with what they replaced, what is withdrawn with why; the export verifies."""
    lines = (
        ("declare card authorisations failing", 0),
        ("note -i 1 rolled bak", 0),
        ("note -i 1 a secret of others", 0),
        ("promote -i 1 E3 as cause", 0),
        ("correct -i 1 E3 now rolled back", 0),
        ("correct -i 1 E3 rolled back", 0),
        ("correct -i 1 E1 another title", 1),
        ("correct -i 1 rolled back", 2),
        ("withdraw -i 1 E4 no", 2),
        ("withdraw -i 1 E4 another incident", 0),
        ("unpromote -i 1 E3 as cause", 0),
        ("unpromote -i 1 E2", 1),
        ("milestone -i 1 detection now", 0),
        ("milestone -i 1 detection none", 0),
        ("milestone -i 1 detection 08:00 phase 2", 2),
        ("duplicate -i 1 12 hours of waiting", 2),
        ("export --incident 1 --out ledger.jsonl", 0),
        ("verify --export ledger.jsonl", 0),
    )

    answers = [on_database(*line.split()) for line, _ in lines]
    shown = on_database("timeline", "-i", "1").out
    rows = {row["label"]: row for row in json.loads(on_database("timeline", "-i", "1", "--json").out)}

    assert [answer.status for answer in answers] == [status for _, status in lines]
    assert all(len(answer.err.splitlines()) == 1 for answer, (_, status) in zip(answers, lines, strict=True) if status)
    assert [row["before"] for row in rows["E3"]["corrections"]] == ["rolled bak", "now rolled back"]
    assert (rows["E3"]["text"], rows["E3"]["tags"]) == ("rolled back", [])
    assert rows["E4"]["withdrawn_because"] == "another incident"
    assert "“rolled back” Corrected by" in shown
    assert "E4 was withdrawn at " in shown
    assert "detection" not in shown
    later = on_database("timeline", "-i", "1", "E3", "--json").out
    assert [row["label"] for row in json.loads(later)] == ["E3", "E4"]
    assert on_database("timeline", "-i", "1", "E9").status == 1


@pytest.mark.thorough
def test_life_goes_on_after_the_resolution(debrief: Debrief) -> None:
    """Reopen, close, duplicate, decline and cancel do what they do in Slack, and ask for their reasons."""
    for title in ("first", "second", "third", "fourth"):
        debrief("declare", title, "incident")
    for line in ("resolve -i 1", "draft -i 1"):
        debrief(*line.split())
    lines = (
        ("close -i 1", 2),
        ("close -i 1 a drill", 0),
        ("reopen -i 1 why", 2),
        ("reopen -i 1 declines rose again", 0),
        ("duplicate -i 2 of 0", 2),
        ("duplicate -i 2 of 1", 0),
        ("decline -i 3 planned maintenance", 0),
        ("cancel -i 4 opened by mistake", 0),
        ("note -i 4", 2),
        ("status -i 2 mitigating", 1),
        ("note -i 99 text", 1),
    )

    answers = [debrief(*line.split()) for line, _ in lines]
    states = {row["number"]: row["status"] for row in json.loads(debrief("list", "all", "--json").out)}

    assert [answer.status for answer in answers] == [status for _, status in lines]
    assert states == {1: "investigating", 2: "duplicate", 3: "declined", 4: "cancelled"}
    assert all(len(answer.err.splitlines()) == 1 for answer in answers if answer.status)


def test_unmapped_login_can_never_approve(debrief: Debrief) -> None:
    """Even as the commander of a mild incident, who could approve alone in Slack."""
    for line in ("declare SEV5 drill", "role -i 1 commander me", "resolve -i 1", "draft -i 1"):
        debrief(*line.split())
    shown = debrief("document", "--incident", "1").err.partition("hash ")[2][:8]

    answer = debrief("approve", "--incident", "1", shown)

    assert answer.status == 1
    assert answer.err == (
        f"{ME} is nobody in Slack as far as Debrief knows, and an approval needs an identity. "
        "Map the login in DEBRIEF_COMMAND_LINE_USERS, or approve in Slack.\n"
    )


def test_login_that_corrects_its_own_words_is_not_told_that_it_stands_in_the_way(debrief: Debrief) -> None:
    """Whoever wrote something may write it better; by naming a cause the login is an author of every draft."""
    for line in ("declare SEV2 drill", "note -i 1 The swich was thrown"):
        debrief(*line.split())

    own = debrief("correct", "-i", "1", "E3", "The switch was thrown")
    tagged = debrief("promote", "-i", "1", "E3", "as", "cause")

    assert (own.status, "Nobody can tell who" in own.out) == (0, False)
    assert f"Nobody can tell who cli:{ME} is, so no draft of #1 can be approved" in tagged.out


def test_login_that_nobody_can_invite_makes_nothing_private_that_it_would_not_see(
    on_database: Debrief, ready_url: str, own_folder: Path
) -> None:
    """Slack has no account to invite into the new channel, so it is refused until the login has a role."""
    with open_room(ready_url, own_folder, start=datetime.now(UTC)) as room:
        number, _ = room.declare(text="SEV3 Payout file leaked")

        refused = on_database("private", "-i", str(number))
        before = [event.kind for event in room.events(number)]
        on_database("role", "-i", str(number), "scribe", "me")
        done = on_database("private", "-i", str(number))
        seen = on_database("status", "-i", str(number))

    assert refused.status == 1
    assert refused.err.startswith(f"You would not see #{number} any more. Join its channel or take a role in it first")
    assert "visibility_changed" not in before
    assert (done.status, seen.status) == (0, 0)
    assert "Payout file leaked" in seen.out


def test_document_prints_the_draft_and_how_it_stands(debrief: Debrief) -> None:
    """The Markdown goes to stdout for a file, its hash to stderr for the reader."""
    for line in ("declare drill", "resolve -i 1 --yes", "draft -i 1"):
        debrief(*line.split())

    answer = debrief("document", "--incident", "1")

    assert answer.out.startswith("# Postmortem #1: drill\n")
    assert answer.err.startswith("Draft 1 of #1, hash ")
    assert answer.err.endswith(", not approved.\n")


def test_document_that_is_laid_out_otherwise_by_now_is_not_passed_for_what_was_signed(
    debrief: Debrief, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an upgrade the printed bytes are not those of the hash that stands beside them, which is said."""
    for line in ("declare drill", "resolve -i 1 --yes", "draft -i 1"):
        debrief(*line.split())

    monkeypatch.setenv("DEBRIEF_AUDIENCE", "everybody")
    answer = debrief("document", "--incident", "1")

    assert answer.status == 0
    assert "need not be, letter by letter, what its hash stands for" in answer.err


def test_list_of_nothing_is_a_no(debrief: Debrief) -> None:
    """Exit status 1 says that nothing was found."""
    answer = debrief("list")

    assert (answer.status, answer.out, answer.err) == (1, "", "There are no open incidents.\n")


def test_declare_without_words_is_wrong_usage(debrief: Debrief) -> None:
    """What asks with a form in Slack asks for words here."""
    answer = debrief("declare")

    assert (answer.status, answer.err) == (2, "Say it in words: `debrief declare SEV2 card authorisations failing`.\n")


def test_commands_that_answers_name_run_as_they_stand(debrief: Debrief) -> None:
    """In Slack the channel says which incident is meant; here what helps is said with its number, and runs."""
    debrief("declare", "payments")

    told = debrief("declare", "payments fail").out
    refused = debrief("publish", "--incident", "1").err
    asked = debrief("document", "--incident", "1").err
    resolved = debrief("resolve", "--incident", "1", "--yes").out

    assert "`debrief duplicate --incident 2 of 1`" in told
    assert refused == asked == "#1 has no draft. Make one with `debrief draft --incident 1`.\n"
    assert "`debrief milestone --incident 1 occurrence TIME`" in resolved
    assert debrief("draft", "--incident", "1").status == 0


def test_note_reads_times_in_the_zone_that_was_given(debrief: Debrief) -> None:
    """A back-dated note is in the zone of `--zone`, and a card number never reaches the record."""
    debrief("declare", "payments")

    answer = debrief("note", "-i", "1", "--zone", "Asia/Kolkata", "1m ago", "4111 1111 1111 1111 was declined")
    wrong = debrief("note", "-i", "1", "--zone", "Mars/Base", "14:02", "landed")
    summer = debrief("note", "-i", "1", "--zone", "CEST", "14:02", "landed")
    winter = debrief("impact", "-i", "1", "--zone", "EST", "landed")

    assert answer.out.endswith(": [card ****1111] was declined\n")
    assert wrong.status == 2
    assert "Mars/Base is not a known time zone" in wrong.err
    assert summer.err == "CEST is ambiguous. Write a zone such as Europe/Berlin, or an offset such as +02:00.\n"
    assert winter.status == 2
    assert winter.err == "EST is ambiguous. Write a zone such as America/New_York, or an offset such as +02:00.\n"


def test_resolving_as_a_mapped_responder_needs_a_yes(
    debrief: Debrief, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is not the commander is asked; without a terminal the answer is no, and `--yes` says yes."""
    monkeypatch.setenv("DEBRIEF_COMMAND_LINE_USERS", json.dumps({ME: "U0REMY"}))
    debrief("declare", "payments")

    unsure, sure = debrief("resolve", "-i", "1"), debrief("resolve", "-i", "1", "--yes")

    assert unsure.status == 2
    assert unsure.err == (
        "You are not the incident commander of #1. Resolve it all the same? "
        "Add --yes to say so; nothing was recorded.\n"
    )
    assert (sure.status, sure.out.startswith("#1 is resolved.")) == (0, True)


def test_question_is_asked_on_a_terminal(
    debrief: Debrief, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A person at a terminal is asked, answers `y`, and it is done."""
    monkeypatch.setenv("DEBRIEF_COMMAND_LINE_USERS", json.dumps({ME: "U0REMY"}))
    debrief("declare", "payments")
    outer, inner = pty.openpty()

    with (
        os.fdopen(outer, "wb", buffering=0) as person,
        os.fdopen(os.dup(inner)) as keys,
        os.fdopen(inner, "w") as screen,
    ):
        person.write(b"y\n")
        monkeypatch.setattr(sys, "stdin", keys)
        monkeypatch.setattr(sys, "stderr", screen)
        with pytest.raises(SystemExit) as stopped:
            main(("resolve", "-i", "1"))
        shown = os.read(outer, 1000).decode()

    assert stopped.value.code == 0
    assert "Resolve it all the same? [y/N] " in shown
    assert capsys.readouterr().out.startswith("#1 is resolved.")


def test_slack_hears_what_was_recorded_while_it_was_down(
    on_database: Debrief, ready_url: str, own_folder: Path
) -> None:
    """Beside a running server, what the command line records reaches the channel when Slack is back."""
    with open_room(ready_url, own_folder, start=datetime.now(UTC)) as room:
        room.slack.break_down(Fault(method="*", error="internal_error", status=500))
        answers = [on_database("declare", "SEV2", "payments"), on_database("update", "-i", "1", "payments recover")]
        room.slack.heal()
        room.settle()

        channel = room.slack.channel_named("inc-1-")

        assert [answer.status for answer in answers] == [0, 0]
        assert channel is not None
        assert "payments recover" in json.dumps(room.slack.posts(channel.id))


def test_mapped_login_acts_as_its_person_in_slack(
    on_database: Debrief, ready_url: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is an approver in Slack approves on the command line what somebody else drafted there."""
    with open_room(ready_url, own_folder, start=datetime.now(UTC)) as room:
        number, drafted = draft_in_slack(room, "SEV3")
        act_as_approver(monkeypatch, own_folder)

        answer = on_database("approve", "-i", str(number), drafted)

        approved = [event for event in room.events(number) if event.kind == "approved"]
        assert (answer.status, answer.err) == (0, "")
        assert [event.actor for event in approved] == [f"slack:{APPROVER}"]


def test_what_is_recorded_while_the_question_stands_is_asked_about(
    on_database: Debrief, ready_url: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who said yes knew nothing of it; who reads it and says no publishes nothing, and yes to all of it is enough."""
    screen = Screen()
    with open_room(ready_url, own_folder, start=datetime.now(UTC)) as room:
        number, drafted = draft_in_slack(room, "SEV3")
        act_as_approver(monkeypatch, own_folder)
        on_database("approve", "-i", str(number), drafted)
        monkeypatch.setattr(sys, "stderr", screen)

        refused = screen.answers(
            monkeypatch, lambda: on_database("publish", "-i", str(number)), note_and_yes(room, number), lambda: "n"
        )
        begun = publications(room, number)
        published = screen.answers(monkeypatch, lambda: on_database("publish", "-i", str(number)), lambda: "y")

        news = "1 line of the timeline is new or changed since the draft was made, and not in it: E"
        plain, told, *more = screen.getvalue().split("[y/N] ")
        assert plain.startswith(f"Publish draft 1 of #{number} to: ")
        assert told.startswith(news)
        assert more[0].partition("nothing was recorded.\n")[2].startswith(news)
        assert (refused.status, begun) == (2, 0)
        assert published.out.startswith("Publishing draft 1 to: git")


class Screen(io.StringIO):
    """A terminal on which a person answers each question, perhaps after something else happened."""

    def isatty(self) -> bool:
        return True

    def answers(self, monkeypatch: pytest.MonkeyPatch, run: Callable[[], Answer], *given: Callable[[], str]) -> Answer:
        """What *run* leaves where its questions get the answers *given*, and nothing is asked after those."""
        left = iter(given)
        keys = Screen()

        def answered() -> str:
            return next(left)()

        monkeypatch.setattr(keys, "readline", answered)
        monkeypatch.setattr(sys, "stdin", keys)
        answer = run()
        assert list(left) == []
        return answer


def note_and_yes(room: Room, number: int) -> Callable[[], str]:
    """Return what says yes to a question, after somebody has recorded something."""

    def answered() -> str:
        room.ask("U0COMMANDER", f"#{number} note It was fraud")
        return "y"

    return answered


def publications(room: Room, number: int) -> int:
    """How many targets of the incident's drafts were begun."""
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
        assert incident is not None
        heads = reads.revision_heads(incident.id)
        return sum(one.target != "offer" for head in heads for one in reads.publications(head.id))


def test_approval_that_needs_four_eyes_is_given_in_slack_only(
    on_database: Debrief, ready_url: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A setting of whoever runs the command proves no identity, and cannot lower the severities that need one."""
    with open_room(ready_url, own_folder, start=datetime.now(UTC)) as room:
        number, drafted = draft_in_slack(room, "SEV2")
        act_as_approver(monkeypatch, own_folder)
        monkeypatch.setenv("DEBRIEF_FOUR_EYES_SEVERITIES", "[]")

        answer = on_database("approve", "-i", str(number), drafted)

        assert answer.status == 1
        assert "approve it in Slack" in answer.err
        assert [event for event in room.events(number) if event.kind == "approved"] == []


def act_as_approver(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Map this login to the approver, with the targets that the room publishes to."""
    monkeypatch.setenv("DEBRIEF_COMMAND_LINE_USERS", json.dumps({ME: APPROVER}))
    monkeypatch.setenv("DEBRIEF_ACCESS", json.dumps({"approver": [APPROVER]}))
    monkeypatch.setenv("DEBRIEF_PUBLISH_GIT_DIR", str(folder / "documents"))


def draft_in_slack(room: Room, severity: str) -> tuple[int, str]:
    """Declare, resolve and draft in Slack as the commander; returns the number and the shown hash."""
    number, channel = room.declare("U0COMMANDER", f"{severity} Card payments fail")
    for text in ("role commander me", "resolve", "draft"):
        room.ask("U0COMMANDER", text, channel)
    room.settle()
    return number, room.shown_hash(channel)


@pytest.mark.thorough
def test_workspace_that_slack_could_not_name_is_taken_over(
    on_database: Debrief, ready_url: str, own_folder: Path
) -> None:
    """What was declared before Slack ever answered is found in Slack afterwards."""
    on_database("declare", "SEV2", "payments")

    with open_room(ready_url, own_folder, start=datetime.now(UTC)) as room:
        room.settle()

        assert "payments" in room.ask("U0RESPONDER", "list")


def test_login_that_slack_has_closed_may_not_act() -> None:
    """A mapping does not outlive the account that it names."""
    gone = KnownPerson(slack_id="U1", name="gail", zone="UTC", is_deactivated=True)
    settings = Settings(command_line_users={"gail": "U1"})

    with pytest.raises(Forbidden, match="gail is mapped to U1, which is closed or a bot"):
        acting_person("gail", settings, SlackDirectory(NoPeople(gone), settings))


def test_login_that_slack_has_not_told_of_has_what_configuration_gives() -> None:
    """Slack being down since the first start keeps nobody from recording, and gives nobody more than is written."""
    settings = Settings(command_line_users={"remy": "U1"}, access={"approver": {"U1", "S1"}})

    person = acting_person("remy", settings, SlackDirectory(NoPeople(), settings))

    assert (person.id, sorted(person.access)) == ("slack:U1", ["approver", "responder"])


def test_machine_zone_is_one_that_everybody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's zone counts where it is a name, and UTC where it is none."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    named = machine_zone()
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    unnamed = machine_zone()

    assert (named, unnamed) == ("Europe/Berlin", "UTC")


@pytest.mark.parametrize("zone", leading(1, ["Nonsense/X", "CET-1CEST,M3.5.0,M10.5.0/3"]))
def test_zone_of_the_environment_that_is_none_is_said(
    debrief: Debrief, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    """Times in the words are read in UTC then, and whoever types them hears it, unless they say the zone."""
    debrief("declare", "SEV3", "Card payments fail")
    monkeypatch.setenv("TZ", zone)

    said = {
        "note": debrief("note", "-i", "1", "1m ago", "rolled back"),
        "milestone": debrief("milestone", "-i", "1", "detection", "now"),
        "zone given": debrief("note", "-i", "1", "--zone", "Europe/Berlin", "1m ago", "rolled back"),
        "no time in it": debrief("impact", "-i", "1", "3 % of payments"),
    }

    told = f"TZ={zone} is not the name of a time zone, so times are read in UTC. Give --zone"
    assert {name: answer.status for name, answer in said.items()} == dict.fromkeys(said, 0)
    assert [name for name, answer in said.items() if told in answer.err] == ["note", "milestone"]


def test_zone_of_the_environment_that_is_one_is_not_mentioned(
    debrief: Debrief, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is known says all there is."""
    debrief("declare", "SEV3", "Card payments fail")
    monkeypatch.setenv("TZ", ":Europe/Berlin")

    assert debrief("note", "-i", "1", "1m ago", "rolled back").err == ""


def test_number_beyond_all_numbers_is_wrong_usage(debrief: Debrief) -> None:
    """Four hundred digits are no incident and no traceback."""
    debrief("declare", "SEV3", "Card payments fail")

    answer = debrief("note", "-i", "9" * 400, "rolled back")

    assert answer.status == 2
    assert "Traceback" not in answer.err


def test_going_public_needs_a_yes(debrief: Debrief) -> None:
    """Without a terminal nothing is recorded; `--yes` and `confirm` say it."""
    for title in ("Payout file leaked", "Vault keys lost"):
        debrief("declare", "SEV3", "private:", title)

    refused = debrief("public", "-i", "1")
    sure = debrief("public", "-i", "1", "--yes")
    confirmed = debrief("public", "-i", "2", "confirm")

    assert refused.status == 2
    assert "Make it public? Add --yes to say so; nothing was recorded." in refused.err
    assert sure.out.startswith("#1 is now public")
    assert confirmed.out.startswith("#2 is now public")


def test_draft_with_a_model_says_until_when_it_is_asked(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is waited for goes to stderr, and the draft comes whatever the model does."""
    with endpoint(says("no JSON")) as fake:
        monkeypatch.setenv("DEBRIEF_LLM_BASE_URL", fake.url)
        monkeypatch.setenv("DEBRIEF_LLM_MODEL", "pinned")
        monkeypatch.setenv("DEBRIEF_LLM_NETWORKS", '["127.0.0.0/8"]')
        monkeypatch.setenv("DEBRIEF_INVENTORY_OWNERS", '{"all": "model-risk@bank.example"}')
        for line in ("declare drill", "resolve -i 1 --yes"):
            debrief(*line.split())
        answer = debrief("draft", "-i", "1")

    assert answer.status == 0
    assert answer.err.startswith("Asking pinned… the template draft comes at the latest at ")
    assert answer.out.endswith("Made without the model: the model's answer is no JSON.\n")
    assert len(fake.received) == 1


def test_what_a_model_said_of_a_draft_is_shown_with_what_was_found(
    debrief: Debrief, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sets a model up, or signs, sees refused sentences too, as lines or as JSON with all that is signed."""
    said = {"events": ["E1"], "section": "summary", "text": "All money is gone"}
    with endpoint(says(f"Sure: {json.dumps({'sentences': [said]})}")) as fake:
        monkeypatch.setenv("DEBRIEF_LLM_BASE_URL", fake.url)
        monkeypatch.setenv("DEBRIEF_LLM_MODEL", "pinned")
        monkeypatch.setenv("DEBRIEF_LLM_NETWORKS", '["127.0.0.0/8"]')
        monkeypatch.setenv("DEBRIEF_INVENTORY_OWNERS", '{"all": "model-risk@bank.example"}')
        for line in ("declare drill", "resolve -i 1 --yes", "draft -i 1"):
            debrief(*line.split())

    shown = debrief("document", "-i", "1", "--verdicts")
    value = json.loads(debrief("document", "-i", "1", "--json").out)

    attempt, verdict, entries, words = shown.out.splitlines()[0].split("\t")
    (judged, *_) = value["writing"]["verdicts"]
    assert (attempt, entries, words) == ("1", "E1", "All money is gone")
    assert verdict.split(", ") == judged["failures"]
    assert "quantifier" in judged["failures"]
    assert shown.err.startswith(
        f"What stood around the JSON of the answer was dropped: words.\nDraft 1 of #1, hash {value['hash'][:8]}, "
    )
    assert value["markdown"].startswith("# Postmortem #1: drill\n")
    assert all(claim["events"] and claim["supported"] for claim in value["claims"])


def test_draft_without_a_model_has_no_verdicts(debrief: Debrief) -> None:
    """That is a no, for programs too."""
    for line in ("declare drill", "resolve -i 1 --yes", "draft -i 1"):
        debrief(*line.split())

    answer = debrief("document", "-i", "1", "--verdicts")

    assert (answer.status, answer.out, answer.err) == (1, "", "Draft 1 of #1 has no sentence of a model.\n")


def test_list_says_how_many_more_there_are_and_shows_them(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that ends says so on stderr, for programs too, and what it names shows the rest."""
    monkeypatch.setattr("bot.cli.incidents.showing.LISTED", 2)
    for title in ("first", "second", "third"):
        debrief("declare", "SEV4", title)

    answer, rest, as_json = debrief("list", "all"), debrief("list", "all", "before", "2"), debrief("list", "--json")

    assert ("third" in answer.out, "first" in answer.out) == (True, False)
    assert answer.err == "1 more: `debrief list all before 2` shows the next ones.\n"
    assert ("first" in rest.out, rest.err) == (True, "")
    assert as_json.err == "1 more: `debrief list before 2` shows the next ones.\n"
