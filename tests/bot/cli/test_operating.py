"""What an operator does on the command line, and how every command answers what it cannot do."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import bot
from bot.cli.incidents.incident_verbs import EXAMPLES
from bot.settings import Settings, load_settings
from bot.store.database.engine import open_database
from bot.store.migrate import upgrade
from tests.bot.cli.conftest import Debrief
from tests.effort import leading
from tests.fake_slack import Fault
from tests.slack_room import OPERATIONS, Room, open_room

ROOT = Path(__file__).parents[3]
COMMANDS = (
    *("serve", "replay", "verify", "erase", "export", "anchor", "doctor", "migrate", "config", "demo", "document"),
    *("lanes", "lanes list", "lanes resume", "import", "import alerts"),
)
SECRET = "xoxb-a-long-secret"


def test_help_lists_every_command(debrief: Debrief) -> None:
    """`debrief --help` names them all."""
    listed = {line.split()[0] for line in debrief("--help").out.splitlines() if line.startswith("  ")}

    assert {command.split()[0] for command in COMMANDS} <= listed


def test_page_of_the_command_line_names_every_command() -> None:
    """A command without a word about it in the documentation is missed."""
    page = (ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")

    unnamed = [name for name in (*COMMANDS, *EXAMPLES) if f"`{name}" not in page and f"debrief {name}" not in page]

    assert unnamed == []


@pytest.mark.parametrize("command", COMMANDS)
def test_command_help_has_an_example(debrief: Debrief, command: str) -> None:
    """Every command shows how it is used."""
    answer = debrief(*command.split(), "--help")

    assert answer.status == 0
    assert "Example: `debrief " in answer.out or "Examples: `debrief " in answer.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(("promte",), "No such command 'promte'. Did you mean 'promote'", id="no-command"),
        pytest.param(("statsu",), "No such command 'statsu'. Did you mean 'status'? `debrief --help`", id="question"),
        pytest.param(("verify", "--bogus"), "No such option: --bogus. `debrief verify --help`", id="no-option"),
        pytest.param(("note", "-i", "1", "-3", "nodes"), "No such option: -3. Words that begin with a dash", id="dash"),
        pytest.param(("-i", "1", "note"), "No such option: -i. Options come after the command.", id="too-early"),
        pytest.param(
            ("note", "text"),
            "Missing option '--incident' / '-i'. Name it, such as --incident 12; `debrief list` shows",
            id="no-incident",
        ),
        pytest.param(
            ("note", "-i", "zero", "text"),
            "Invalid value for '--incident' / '-i': “zero” is not the number of an incident, such as 12.",
            id="no-number",
        ),
        pytest.param(("egress", "-i", "0"), "Invalid value for '--incident' / '-i': “0” is not", id="nought"),
        pytest.param(("replay",), "Missing argument 'INCIDENT.json'.", id="no-argument"),
        pytest.param(("models", "show", "x"), "Invalid value for 'VERSION': it must be a whole number.", id="whole"),
        pytest.param(
            ("replay", "x.json", "--speed", "fast"), "Invalid value for '--speed': it must be a number.", id="number"
        ),
        pytest.param(("draft", "-i", "1", "--zone"), "Option '--zone' requires an argument.", id="no-value"),
        pytest.param(
            ("replay", "x.json", "--style", "iso"), "Invalid value for '--style': 'iso' is not one of", id="choice"
        ),
        pytest.param(("templates", "print"), "Missing argument 'style'. Choose from: sre, pagerduty", id="no-choice"),
    ],
)
def test_wrong_usage_is_one_sentence(debrief: Debrief, arguments: tuple[str, ...], sentence: str) -> None:
    """Exit status 2, what is wrong, and where to look."""
    answer = debrief(*arguments)

    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(sentence)
    assert len(answer.err.splitlines()) == 1
    assert "--help` shows how it is used." in answer.err


def test_incident_is_named_as_people_write_it(debrief: Debrief) -> None:
    """The number may have the sign that answers show before it."""
    debrief("declare", "payments")

    assert debrief("status", "-i", "#1").status == 0


def test_help_promises_no_form_and_no_channel_here(debrief: Debrief) -> None:
    """What a verb does in Slack alone is not said on the command line."""
    answers = [debrief("--help"), debrief("declare", "--help"), debrief("alerts", "--help")]

    assert [
        answer.out for answer in answers if "asks with a form" in answer.out or "of this incident or" in answer.out
    ] == []


def test_no_command_offers_to_change_the_shell(debrief: Debrief) -> None:
    """Completion is not set up here, so no help offers it."""
    groups = ("graph", "lanes", "eval", "models", "import", "templates")

    assert [name for name in groups if "completion" in debrief(name, "--help").out] == []


def test_setting_that_is_not_usable_is_named(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong value and JSON that is none name their variable, in one sentence."""
    monkeypatch.setenv("DEBRIEF_HTTP_PORT", "eighty")
    number = debrief("config")
    monkeypatch.delenv("DEBRIEF_HTTP_PORT")
    monkeypatch.setenv("DEBRIEF_ACCESS", "{approver: me}")
    mapping = debrief("config")

    assert (number.status, mapping.status) == (2, 2)
    assert number.err.startswith("DEBRIEF_HTTP_PORT is not usable: ")
    assert mapping.err == "DEBRIEF_ACCESS is not usable: it must be JSON, see `docs/reference/settings.md`.\n"


def test_unavailable_database_is_exit_status_three(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that does not answer is a dependency that is unavailable, told in one sentence without its password."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", "postgresql://debrief:hidden-word@127.0.0.1:1/debrief")

    answer = debrief("list")

    assert (answer.status, answer.out) == (3, "")
    assert len(answer.err.splitlines()) == 1
    assert "hidden-word" not in answer.err
    assert answer.err.endswith("Mend that, or name another one in DEBRIEF_DATABASE_URL.\n")


def test_config_hides_every_secret(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens, signing secrets and the passwords of databases are not shown, in either form; what is set is told."""
    monkeypatch.setenv("DEBRIEF_SLACK_BOT_TOKEN", SECRET)
    monkeypatch.setenv("DEBRIEF_WEBHOOK_SECRETS", json.dumps({"deploys": [SECRET, SECRET]}))
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", f"postgresql://debrief:{SECRET}@db/debrief")
    monkeypatch.setenv("DEBRIEF_MLFLOW_URI", f"https://ada:{SECRET}@mlflow.bank.example/runs")

    plain, as_json = debrief("config"), debrief("config", "--json")

    shown = json.loads(as_json.out)
    assert SECRET not in plain.out + as_json.out
    assert shown.keys() == {f"DEBRIEF_{name.upper()}" for name in Settings.model_fields}
    assert shown["DEBRIEF_SLACK_BOT_TOKEN"] == "(hidden)"
    assert shown["DEBRIEF_SLACK_APP_TOKEN"] == ""
    assert shown["DEBRIEF_WEBHOOK_SECRETS"] == {"deploys": ["(hidden)", "(hidden)"]}
    assert shown["DEBRIEF_DATABASE_URL"] == "postgresql+psycopg://debrief:***@db/debrief"
    assert shown["DEBRIEF_MLFLOW_URI"] == "https://***@mlflow.bank.example/runs"
    assert SECRET not in repr(load_settings().mlflow_uri)
    assert "DEBRIEF_SLACK_BOT_TOKEN\tenvironment\t(hidden)" in plain.out


def test_record_that_is_begun_is_told(debrief: Debrief, own_folder: Path) -> None:
    """Whoever types in the wrong folder while Slack is down hears that no server knows of it: once, and not by JSON."""
    first = debrief("declare", "SEV2", "payments", "--json")
    second = debrief("note", "-i", "1", "it goes on")

    where = own_folder / ".debrief" / "debrief.db"
    assert first.err.startswith(f"There was no record in {where}: a new one is begun there. Where a server runs, run ")
    assert json.loads(first.out)["incident"] == 1
    assert (second.status, second.err) == (0, "")


def test_config_shows_values_as_they_are_set(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shown can be copied into the environment: lists and maps are JSON, and nothing changes by it."""
    monkeypatch.setenv("DEBRIEF_ACCESS", '{"approver": ["S0123"]}')
    shown = debrief("config").out
    rows = [line.split("\t") for line in shown.splitlines()]

    for name, _, value in rows:
        monkeypatch.setenv(name, value)

    assert ["DEBRIEF_ACCESS", "environment", '{"approver": ["S0123"]}'] in rows
    assert ["DEBRIEF_PUBLISH_GIT_PUSH", "default", "false"] in rows
    assert [line.split("\t")[::2] for line in debrief("config").out.splitlines()] == [row[::2] for row in rows]


def test_migrate_says_where_the_database_is(
    debrief: Debrief, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first time from nothing, the second time nothing is left to do."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", database_url)

    first, second = debrief("migrate"), debrief("migrate")

    assert first.out.startswith("Migrated from nothing to ")
    assert second.out.startswith("The database is at revision ")


def test_migrate_says_beforehand_that_it_takes_a_while(debrief: Debrief, own_folder: Path) -> None:
    """Whoever upgrades a big record knows what it does meanwhile, and that nothing is lost by ending it."""
    (own_folder / ".debrief").mkdir(mode=0o700)
    database = open_database("sqlite:///.debrief/debrief.db")
    upgrade(database, to="0008")
    database.close()

    answer, again = debrief("migrate"), debrief("migrate")

    assert answer.err.startswith("Changing the tables from revision 0008 to ")
    assert answer.out.startswith("Migrated from 0008 to ")
    assert again.err == ""


@pytest.fixture
def slack_room(ready_sqlite_url: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """Yield a served bot on the database that the command line works with."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", ready_sqlite_url)
    monkeypatch.setenv("DEBRIEF_KEY_FILE", str(own_folder / "debrief.key"))
    with open_room(ready_sqlite_url, own_folder, start=datetime.now(UTC)) as room:
        yield room


def test_parked_lane_goes_on_when_it_is_told_to(debrief: Debrief, slack_room: Room) -> None:
    """A lane that Slack closed is listed with incident, time, reason and command; the command sends its messages."""
    room = slack_room
    number, channel = room.declare()
    room.slack.fail("chat.postMessage", "not_in_channel", channel=channel)
    room.ask("U0RESPONDER", "update payments recover", channel)
    room.settle()
    room.slack.heal()
    (note,) = [post["text"] for post in room.slack.posts(OPERATIONS)]

    (parked,) = json.loads(debrief("lanes", "--json").out)
    row = debrief("lanes", "list").out.rstrip("\n").split("\t")
    unknown = debrief("lanes", "resume", "nowhere")
    resumed = debrief(*parked["command"].split()[1:])
    room.settle()

    assert (number, parked["parked"], parked["incidents"]) == (1, 1, [1])
    assert parked["because"] == "Slack answered not_in_channel"
    assert parked["command"] == f"debrief lanes resume {parked['lane']}"
    assert f"`{parked['command']}`" in note
    assert abs(datetime.now(UTC) - datetime.fromisoformat(parked["since"])) < timedelta(minutes=5)
    assert [row[0], row[1], row[3], row[5], row[6]] == [
        parked["lane"],
        "#1",
        "1",
        parked["because"],
        parked["command"],
    ]
    assert (unknown.status, resumed.status) == (1, 0)
    assert "payments recover" in json.dumps(room.slack.posts(channel))


@pytest.mark.thorough
def test_lanes_of_a_revoked_token_go_on_together(debrief: Debrief, slack_room: Room) -> None:
    """Every lane is parked; with a new token one command lets all of them go on, and nothing is lost."""
    room = slack_room
    channels = [room.declare()[1] for _ in range(2)]
    room.slack.fail("*", "token_revoked", times=None)
    for channel in channels:
        room.ask("U0RESPONDER", "update still here", channel)
    room.settle()
    room.slack.heal()

    parked = json.loads(debrief("lanes", "list", "--json").out)
    both, neither = debrief("lanes", "resume", "operator", "--all"), debrief("lanes", "resume")
    resumed, again = debrief("lanes", "resume", "--all"), debrief("lanes", "resume", "--all")
    room.settle()

    assert {lane["because"] for lane in parked} == {"Slack answered token_revoked"}
    assert len(parked) == 3
    assert (both.status, neither.status) == (2, 2)
    assert len(resumed.out.splitlines()) == 3
    assert again.out == "No lane is parked.\n"
    assert all("still here" in json.dumps(room.slack.posts(channel)) for channel in channels)


def test_lane_whose_message_may_have_arrived_says_so(debrief: Debrief, slack_room: Room) -> None:
    """With the history down the operator reads that it is looked for, and that there is nothing to run (fault 5)."""
    room = slack_room
    _, channel = room.declare()
    room.slack.break_down(Fault(method="chat.postMessage", channel=channel, loses="answer"))
    room.slack.fail("conversations.history", "internal_error", status=500, channel=channel, times=None)
    room.ask("U0RESPONDER", "update payments recover", channel)
    room.settle()

    (waits,) = json.loads(debrief("lanes", "--json").out)
    row = debrief("lanes").out.rstrip("\n").split("\t")

    assert (waits["unknown"], waits["parked"], waits["command"]) == (1, 0, "")
    assert row[5:] == [
        "Slack answered internal_error; it may have arrived, and is looked for",
        "nothing, it goes on by itself",
    ]


def test_message_that_is_held_back_is_listed_with_the_reason(debrief: Debrief, slack_room: Room) -> None:
    """Nobody need wonder why an update is not in the channel yet."""
    room = slack_room
    _, channel = room.declare()
    for count in range(5):
        room.ask("U0RESPONDER", f"update number {count}", channel)
    room.settle()

    (waits,) = json.loads(debrief("lanes", "--json").out)

    assert (waits["waiting"], waits["because"]) == (2, "held back, so that the first half hour stays readable")


def test_lanes_at_rest_have_nothing_to_show(debrief: Debrief) -> None:
    """Nothing waits on a new database."""
    assert debrief("lanes").out == "Nothing waits.\n"


def test_demo_offers_a_replay_where_there_is_none(
    debrief: Debrief, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installation without the source says what to do instead."""
    monkeypatch.setattr(bot, "__file__", str(own_folder / "site-packages" / "bot" / "__init__.py"))

    answer = debrief("demo")

    assert answer.status == 2
    assert answer.err == (
        "The demo is part of the source, not of an installation. Instead: debrief replay INCIDENT.json --out DIR\n"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "kill"])
def test_demo_that_is_stopped_ends_what_it_started(own_folder: Path, number: signal.Signals) -> None:
    """A stand-in that nobody ends listens on every interface: however long the demo takes to end its own, it is let."""
    (own_folder / "demo").mkdir()
    (own_folder / "demo" / "__init__.py").touch()
    (own_folder / "demo" / "run.py").write_text(
        "import signal, time\n"
        # A shell lets what runs in its background ignore Ctrl-C.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "signal.signal(signal.SIGTERM, signal.default_int_handler)\n"
        "try:\n    print('it runs', flush=True)\n    time.sleep(60)\n"
        "except KeyboardInterrupt:\n    time.sleep(1)\n    print('all is ended', flush=True)\n    raise SystemExit(7)\n"
    )
    program = f"import bot; bot.__file__ = {str(own_folder / 'bot' / 'x')!r}; from bot.cli import main; main(['demo'])"

    with subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "it runs\n"
        # A terminal tells all that it started, `kill` tells one.
        os.killpg(process.pid, number) if number is signal.SIGINT else process.send_signal(number)
        said = process.stdout.read()

    assert (process.returncode, said) == (7, "all is ended\n")


def test_reader_who_stops_early_is_no_error(own_folder: Path) -> None:
    """Piped into `head`, a long answer ends without a complaint."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    module = f"{sys.executable} -m bot"

    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{module} config | true"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_migrate_needs_nothing_prepared(debrief: Debrief, own_folder: Path) -> None:
    """In an empty folder it makes the database with its folder, closed to others, as `doctor` says it does."""
    answer = debrief("migrate")

    assert answer.status == 0, answer
    assert answer.out.startswith("Migrated from nothing to ")
    assert stat.S_IMODE((own_folder / ".debrief").stat().st_mode) == 0o700


@pytest.mark.parametrize("verb", leading(1, ["inventory", "models", "egress"]))
def test_reading_what_was_only_migrated_says_that_nothing_is_there(
    debrief: Debrief,
    own_folder: Path,
    verb: str,
) -> None:
    """There is no key yet, so no wrong key is blamed."""
    debrief("migrate")

    answer = debrief(verb)

    assert answer.status == 3
    assert answer.err == "Nothing is recorded in this database yet. Run `debrief serve` once, or record something.\n"
