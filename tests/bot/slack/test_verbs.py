"""`/incident` and its verbs, each through a signed request."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.usecases.verbs import VERBS
from tests.effort import thinned
from tests.slack_room import COMMANDER, HOME, OTHER, RESPONDER, Room, number_in, open_room


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody types in an incident's channel after `before`, and what the answer says."""

    text: str
    answer: str
    user: str = COMMANDER
    before: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Short, for the test run."""
        return " then ".join((*self.before, self.text[:40]))


DONE = (
    Typed(text="declare SEV2 Logins fail", answer="SEV2 declared: Logins fail"),
    Typed(text="list", answer="Card payments fail"),
    Typed(text="list all", answer="Card payments fail"),
    Typed(text="status", answer="SEV3 declared: Card payments fail"),
    Typed(text="status mitigating", answer="is now mitigating"),
    Typed(text="severity SEV1 money at risk", answer="is now SEV1, was SEV3"),
    Typed(text=f"role commander <@{OTHER}>", answer="incident commander is now otto"),
    Typed(text=f"role scribe <@{OTHER}|otto>", answer="scribe is now otto"),
    Typed(text="role deputy @otto", answer="deputy is now otto"),
    Typed(text="role comms", answer="communications lead is now cleo"),
    Typed(text="role scribe none", answer="scribe is now nobody", before=("role scribe me",)),
    Typed(text="note The switch was thrown", answer="The switch was thrown", user=RESPONDER),
    Typed(text="impact 3 % of payments fail", answer="customer impact is on record", user=RESPONDER),
    Typed(text="update We have found it", answer="the update is on record and will be posted", user=RESPONDER),
    Typed(text="milestone detection 1h ago", answer="detection was at", user=RESPONDER),
    Typed(text="timeline", answer="`E1`"),
    Typed(text="promote E1 as trigger", answer="E1 stands as trigger: “Card payments fail”", user=RESPONDER),
    Typed(text="promote E1 as none", answer="E1 is no longer promoted", before=("promote E1 as cause",)),
    Typed(text="unpromote E1 as cause", answer="E1 stands as fact only", before=("promote E1", "promote E1 as cause")),
    Typed(
        text="correct E3 done at last", answer="E3 is corrected: “done at last” (before: ", before=("note dun at last",)
    ),
    Typed(text="correct E3 1m ago", answer=": “The cat is out” (before: ", before=("note The cat is out",)),
    Typed(text="withdraw E3 wrong room", answer="E3 is off the timeline", before=("note The cat is out",)),
    Typed(
        text="restore E3",
        answer="E3 is on the timeline again: “The cat is out”",
        before=("note The cat is out", "withdraw E3 wrong incident"),
    ),
    Typed(text="milestone detection none", answer="detection is not set any more", before=("milestone detection now",)),
    Typed(text="resolve", answer="is resolved. Not on record yet: occurrence"),
    Typed(
        text="resolve",
        answer="Not on record yet: occurrence, mitigation, recovery. Set one",
        before=("milestone detection now",),
    ),
    Typed(text="reopen It came back at once", answer="is open again, phase 2", before=("resolve",)),
    Typed(text="draft", answer="entries of its ledger; it is offered here in a moment.", before=("resolve",)),
    Typed(text="approve", answer="Name the draft you read by its hash", before=("resolve", "draft")),
    Typed(text="publish", answer="is not approved", before=("resolve", "draft")),
    Typed(text="close It was a drill", answer="is closed", before=("resolve", "draft")),
    Typed(text="decline It was a planned test", answer="is declined"),
    Typed(text="cancel Nobody needs it any more", answer="is cancelled"),
    Typed(text="private", answer="goes on in a new private channel"),
    Typed(text="public", answer="Make it public?", before=("role deputy me", "private")),
    Typed(text="public confirm", answer="is now public", before=("role deputy me", "private")),
    Typed(text="noise 30d", answer="fired"),
    Typed(text="help", answer="`/incident declare [SEV1…SEV5] [private:] title`"),
)

REFUSED = (
    Typed(text="declare SEV9 Logins fail", answer="“SEV9” is not a severity"),
    Typed(text=f"declare {'x' * 201}", answer="200 fit"),
    Typed(text="status resolved", answer="“resolved” is not a status to go to"),
    Typed(text="status declared", answer="is already declared."),
    Typed(text="severity minor since 12:00", answer="“minor” is not a severity"),
    Typed(text="severity", answer="Say which"),
    Typed(text="severity SEV3", answer="is already SEV3"),
    Typed(text="role", answer="Say the role and who"),
    Typed(text="role chef @otto", answer="“chef” is not a role"),
    Typed(text="role scribe @nobody-here", answer="I do not know @nobody-here"),
    Typed(text="note", answer="Say what happened"),
    Typed(text=f"note {'x' * 4001}", answer="4000 fit"),
    Typed(text="impact", answer="Say it in words"),
    Typed(text=f"impact {'x' * 301}", answer="300 fit"),
    Typed(text="update", answer="Say it in words"),
    Typed(text="milestone", answer="Say which and when: `milestone detection 09:12`. There are: occurrence,"),
    Typed(text="milestone detection tomorrow-ish", answer="is not a time"),
    Typed(text="promote", answer="Say which"),
    Typed(text="promote E999", answer="“E999” is not on the timeline"),
    Typed(text="promote E01", answer="“E01” is not on the timeline"),
    Typed(text=f"promote E{'9' * 5000}", answer="9” is not on the timeline"),
    Typed(text="promote E1 as culprit", answer="“culprit” is not a tag"),
    Typed(text="promote E2 as cause", answer="E2 is a milestone and takes no tag"),
    Typed(text="promote E3", answer="E3 is a change of status and takes no tag", before=("status mitigating",)),
    Typed(text="promote E3 as impact", answer="E3 is a role and takes no tag", before=("role scribe me",)),
    Typed(text="unpromote E1", answer="E1 was never promoted"),
    Typed(text="unpromote E1 as cause", answer="E1 was never promoted to cause", before=("promote E1",)),
    Typed(text="unpromote E1 as culprit", answer="“culprit” is not a tag"),
    Typed(text="unpromote the cause", answer="Say which entry by its label"),
    Typed(text="correct", answer="Say which entry by its label: `correct E7 [time] text`"),
    Typed(text="correct the switch was thrown", answer="Say which entry by its label"),
    Typed(text="correct E999 done", answer="“E999” is not on the timeline"),
    Typed(text="oncall payments", answer="No pager is set up that Debrief can ask"),
    Typed(text="page payments", answer="No pager is set up, so nobody was paged"),
    Typed(text="correct E1 Cards fail", answer="E1 is the declaration: its instant is corrected by"),
    Typed(text="correct E2 09:12", answer="E2 is a milestone: set it anew"),
    Typed(text="correct E3", answer="Say what is right", before=("note The cat is out",)),
    Typed(text="correct E3 2027-01-01 10:00 done", answer="is in the future", before=("note The cat is out",)),
    Typed(text=f"correct E3 {'x' * 4001}", answer="4000 fit", before=("note The cat is out",)),
    Typed(text="correct E3 SEV4", answer="E3 is a change of severity", before=("severity SEV2",)),
    Typed(text="correct E3 monitoring", answer="E3 is a change of status", before=("status mitigating",)),
    Typed(text="correct E3 @otto", answer="E3 is a change of roles", before=("role scribe me",)),
    Typed(text="withdraw E3", answer="Say why, in at least 10 letters", before=("note The cat is out",)),
    Typed(text="withdraw E1 it was no incident", answer="E1 is the declaration"),
    Typed(
        text="withdraw E3 we never said so", answer="E3 is what stakeholders were told", before=("update All is well",)
    ),
    Typed(text="withdraw E3 nobody felt it", answer="E3 is the customer impact", before=("impact 3 % of payments",)),
    Typed(text="restore E3", answer="E3 was not withdrawn", before=("note The cat is out",)),
    Typed(text="milestone detection none", answer="has no detection on record"),
    Typed(
        text="milestone detection none",
        answer="has no detection of phase 2 on record",
        before=("milestone detection now", "resolve", "reopen It came back at once"),
    ),
    Typed(text="milestone detection 08:00 phase 2", answer="has 1 phase; there is no phase 2"),
    Typed(text="duplicate 12 hours of waiting", answer="Say of which incident: `duplicate of 12 [reason]`"),
    Typed(text="severity 2 hours of outage", answer="Write `severity SEV2 reason`"),
    Typed(text="resolve tomorrow", answer="`resolve` takes no words"),
    Typed(text="#0", answer="There is no incident #0"),
    Typed(text="resolve", answer="is resolved already", before=("resolve",)),
    Typed(text="reopen because", answer="cannot be reopened"),
    Typed(text="reopen oops", answer="at least 10 letters", before=("resolve",)),
    Typed(text="draft", answer="cannot be drafted"),
    Typed(text="approve 12345678", answer="has no draft to approve while it is declared. Possible here: `status`, "),
    Typed(text="approve 12345678", answer="Name the draft you read by its hash", before=("resolve", "draft")),
    Typed(text="unapprove", answer="there is nothing to take back", before=("resolve", "draft")),
    Typed(text="publish", answer="has no draft"),
    Typed(text="close It was a drill", answer="cannot be closed"),
    Typed(text="close", answer="Say why it closes", before=("resolve", "draft")),
    Typed(text="duplicate", answer="Say of which incident"),
    Typed(text="duplicate of 99999999", answer="There is no incident #99999999"),
    Typed(text="decline no", answer="at least 10 letters"),
    Typed(text="cancel", answer="at least 10 letters"),
    Typed(text="private", answer="Only admin or commander may restrict", user=OTHER),
    Typed(text="public", answer="is already public"),
    Typed(text="alerts G-99999999", answer="There is no group G-99999999"),
    Typed(text="changes never", answer="Say how many hours before the start"),
    Typed(text="attach C-99999999", answer="There is no change C-99999999"),
    Typed(text="attach G-99999999", answer="There is no group G-99999999"),
    Typed(text="detach G-99999999", answer="There is no group G-99999999"),
    Typed(text="signals G-99999999 useful", answer="There is no group G-99999999"),
    Typed(text="signals G-7 maybe", answer="`signals G-7 not related`"),
    Typed(text="severty SEV2", answer="Did you mean `severity SEV2 [reason]`?"),
    Typed(text="xyzzy", answer="`help` lists what I can do"),
)


def test_every_verb_is_tried() -> None:
    """The tables below leave out no verb that people can type."""
    tried = {case.text.partition(" ")[0] for case in (*DONE, *REFUSED)}

    assert set(VERBS) - tried == set()


@pytest.mark.parametrize("case", DONE, ids=[case.name for case in DONE])
def test_verb_does_what_it_says(room: Room, case: Typed) -> None:
    """The asker alone is told what was done."""
    number, channel = room.declare()
    for earlier in case.before:
        room.ask(COMMANDER, earlier, channel)
        room.wait_for_draft(number)
    if "private" in case.before:
        room.settle()
        channel = newest_channel(room, number)

    answer = room.say(case.user, case.text, channel)

    assert case.answer in answer.text
    assert answer.json["response_type"] == "ephemeral"


@pytest.mark.parametrize("case", thinned(REFUSED, every=3), ids=[case.name for case in REFUSED])
def test_verb_refuses_and_records_nothing(quick_room: Room, case: Typed) -> None:
    """A refusal names what is wrong, is seen by the asker alone, and leaves the record as it was."""
    number, channel = quick_room.kept_incident(*case.before)
    before = quick_room.facts(number)

    answer = quick_room.say(case.user, case.text, channel)

    assert case.answer in answer.text
    assert answer.json["response_type"] == "ephemeral"
    assert quick_room.facts(number) == before


def test_resolution_that_somebody_has_set_is_not_replaced_by_the_move(quick_room: Room) -> None:
    """It was over before anybody typed so."""
    number, channel = quick_room.declare()
    quick_room.clock.move(minutes=10)
    quick_room.ask(COMMANDER, "milestone resolution 5m ago", channel)

    quick_room.ask(COMMANDER, "resolve", channel)

    set_at = [one.occurred_at for one in quick_room.events(number) if one.payload.get("milestone") == "resolution"]
    assert set_at == [min(set_at)]
    assert set_at[0] < quick_room.clock.now() - timedelta(minutes=4)


def test_duplicate_names_the_other_incident(room: Room) -> None:
    """`duplicate of N` ends the incident and says which one it belongs to."""
    other, _ = room.declare(text="SEV3 Refunds fail")
    number, channel = room.declare(text="SEV3 Refunds do not arrive")

    answer = room.ask(COMMANDER, f"duplicate of #{other}", channel)

    assert answer == f"#{number} is a duplicate of #{other} “Refunds fail”; go on there."
    assert room.timeline(COMMANDER, number)[-1].endswith(f"cleo: duplicate of #{other} (was declared)")


def test_duplicate_of_itself_is_refused(room: Room) -> None:
    """An incident cannot be its own duplicate."""
    number, channel = room.declare()

    answer = room.ask(COMMANDER, f"duplicate of {number}", channel)

    assert answer == f"#{number} cannot be a duplicate of itself."


def test_bare_command_in_an_incident_channel_shows_its_card(room: Room) -> None:
    """`/incident` alone, typed in an incident's channel, answers with that incident's card and its buttons."""
    number, channel = room.declare(text="SEV4 Receipts are blank")

    answer = room.say(RESPONDER, "", channel)

    assert answer.text == f"#{number} SEV4 declared: Receipts are blank"
    assert any(block["type"] == "actions" for block in answer.json["blocks"])


def test_bare_command_elsewhere_opens_the_declare_form(room: Room) -> None:
    """`/incident` alone, typed anywhere else, answers with nothing and opens a form in time."""
    views = len(room.slack.views)

    answer = room.say(RESPONDER, "", HOME)
    (view,) = room.wait_for("a form", lambda: room.slack.views[views:])

    assert (answer.status, answer.body) == (200, "")
    assert view["callback_id"] == "form.declare"
    assert view["trigger_age_seconds"] < 3


def test_number_before_a_verb_names_the_incident_from_anywhere(room: Room) -> None:
    """`#12 note …` reaches incident 12 from another incident's channel."""
    number, _ = room.declare(text="SEV3 Fees wrong")
    _, elsewhere = room.declare(text="SEV3 Limits wrong")

    answer = room.ask(RESPONDER, f"#{number} note Seen from afar", elsewhere)

    assert number_in(answer) == number
    assert any("Seen from afar" in line for line in room.timeline(RESPONDER, number))


def test_verb_outside_an_incident_channel_says_where_to_go(room: Room) -> None:
    """A verb that needs an incident is refused where none is meant."""
    answer = room.ask(RESPONDER, "note hello", HOME)

    assert answer.startswith("This is not an incident channel.")


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ("updte", "Did you mean `update text`?"),
        ("note [14:02]", "is not a time that I can read"),
        ("note 14:02 CET", "CET is ambiguous"),
    ],
)
def test_long_text_that_is_refused_comes_back(quick_room: Room, typed: str, because: str) -> None:
    """Slack keeps no command that was sent, so it can be copied: as it was typed, and masked."""
    _, channel = quick_room.declare()
    words = "the pool of card-auth was exhausted by retries &amp; drained, 4111 1111 1111 1111 was declined"

    answer = quick_room.ask(RESPONDER, f"{typed} {words}", channel)
    short = quick_room.ask(RESPONDER, f"{typed} rolled back", channel)

    assert because in answer
    assert answer.endswith(
        f"\nYour text, to copy:\n```{typed} the pool of card-auth was exhausted by retries &amp; drained, "
        "[card ****1111] was declined```"
    )
    assert because in short
    assert "to copy" not in short


def test_every_line_of_a_long_timeline_can_be_shown(quick_room: Room) -> None:
    """The newest come first; what is not shown is named by the label from which on it is."""
    number, channel = quick_room.declare()
    for place in range(3, 91):
        quick_room.ask(RESPONDER, f"note number {place}", channel)

    def shown(words: str) -> tuple[list[str], list[str]]:
        lines = quick_room.ask(RESPONDER, words, channel).splitlines()[1:]
        labels = [line.split("`")[1] for line in lines if line.startswith("`E")]
        return labels, [line for line in lines if not line.startswith("`E")]

    newest, middle, first = shown("timeline"), shown(f"#{number} timeline e11"), shown("timeline E1")

    assert newest == (
        [f"E{place}" for place in range(51, 91)],
        [f"50 earlier lines not shown here: `/incident #{number} timeline E1` shows them from E1 on."],
    )
    assert middle[0] == [f"E{place}" for place in range(11, 51)]
    assert middle[1] == [
        f"10 earlier lines not shown here: `/incident #{number} timeline E1` shows them from E1 on.",
        f"40 later lines not shown here: `/incident #{number} timeline E51` shows them from E51 on.",
    ]
    assert first[0] == [f"E{place}" for place in range(1, 41)]
    assert quick_room.ask(RESPONDER, "timeline E91", channel).startswith("“E91” is not on the timeline.")
    assert quick_room.ask(RESPONDER, "timeline all", channel).startswith("Use `timeline` for the newest lines")


def test_commander_turns_declared_into_investigating(room: Room) -> None:
    """Once there is an incident commander, somebody investigates."""
    number, channel = room.declare()

    room.ask(RESPONDER, "role commander me", channel)

    assert "investigating" in room.ask(RESPONDER, f"#{number} status")


def test_responder_is_asked_before_resolving(room: Room) -> None:
    """Whoever is not the commander is asked once; yes resolves."""
    number, channel = room.declare()
    question = room.say(RESPONDER, "resolve", channel).json
    yes, no = question["blocks"][-1]["elements"]

    assert "resolved" not in room.ask(RESPONDER, "status", channel)
    room.press_only(RESPONDER, no["action_id"], no["value"], channel)
    assert "resolved" not in room.ask(RESPONDER, "status", channel)
    answer = room.press(RESPONDER, yes["action_id"], yes["value"], channel)

    assert answer.startswith(f"#{number} is resolved.")


def test_first_monitoring_is_the_mitigation(room: Room) -> None:
    """The first entry to monitoring sets the mitigation; the second one does not move it."""
    number, channel = room.declare()

    for status in ("monitoring", "investigating", "monitoring"):
        room.ask(RESPONDER, f"status {status}", channel)

    lines = [line for line in room.timeline(RESPONDER, number) if "milestone mitigation" in line]
    assert len(lines) == 1


def test_phases_have_milestones_of_their_own(room: Room) -> None:
    """After a reopening, the next resolution belongs to the next phase."""
    number, channel = room.declare()
    for text in ("resolve", "reopen It came back at once", "status monitoring", "resolve"):
        room.ask(COMMANDER, text, channel)

    found = [
        (event.payload["milestone"], event.payload["phase"])
        for event in room.events(number)
        if event.kind == "milestone_set"
    ]

    assert found == [
        ("awareness", 1),
        ("resolution", 1),
        ("awareness", 2),
        ("mitigation", 2),
        ("resolution", 2),
    ]


def test_name_means_the_one_person_who_still_has_it(room: Room) -> None:
    """A closed account of the same name is in nobody's way; two people of one name have to be told apart."""
    _, channel = room.declare()
    name = f"sam{next(room.slack.numbers)}"
    ids = [f"U0{name.upper()}{letter}" for letter in "AB"]
    account = {"name": name, "team_id": room.slack.team, "profile": {}}
    room.event({"type": "team_join", "user": {**account, "id": ids[0], "deleted": True}})
    room.event({"type": "team_join", "user": {**account, "id": ids[1]}})

    one = room.ask(RESPONDER, f"role scribe @{name}", channel)
    room.event({"type": "user_change", "user": {**account, "id": ids[0], "updated": 1}})
    two = room.ask(RESPONDER, f"role deputy @{name}", channel)

    assert one.endswith(f"scribe is now {name}.")
    assert two.startswith(f"I do not know @{name}.")


def newest_channel(room: Room, number: int) -> str:
    """Where an incident is that has left its first channel."""
    channel = room.slack.channel_named(f"inc-{number}-")
    assert channel is not None
    return channel.id


def test_sentences_say_the_command_as_it_is_called_here(ready_sqlite_url: str, tmp_path: Path) -> None:
    """Where it has another name, every sentence that says what to type says that name: answer, form, press and post."""
    with open_room(ready_sqlite_url, tmp_path, slack_command="/outage") as room:
        number, channel = room.declare()
        form = room.open_form(RESPONDER, "correct", number, channel)
        mark = room.slack.say(channel, OTHER, "")
        room.react(RESPONDER, channel, mark)
        room.settle()

        said = [
            room.ask(RESPONDER, "note Rolled back"),
            room.press(RESPONDER, "incident.nonsense", str(number), channel),
            *room.submit(RESPONDER, form, label="E99", what="correct", text="Right")["errors"].values(),
            str(room.slack.calls_of("chat.postEphemeral")[-1].arguments["text"]),
        ]

    assert [re.findall(r"`(/[a-z]+ [a-z]+)", each) for each in said] == [
        ["/outage declare"],
        ["/outage help"],
        ["/outage timeline"],
        ["/outage note"],
    ]
