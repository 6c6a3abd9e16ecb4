"""Every mistake can be corrected in Slack: by a new event that points at the old one, which stays on record."""

import time

import pytest

from analysis.events import EventKind, TimelineEvent
from analysis.milestones import Milestone, phases
from analysis.timeline import timeline
from bot.render.templates import TemplateRenderer
from tests import slack_requests as requests
from tests.bot.slack.alert_room import text_of
from tests.erasing import erase_field
from tests.slack_room import APPROVER, COMMANDER, OTHER, RESPONDER, Room

PUBLISHED = EventKind.PUBLISHED


def test_corrected_note_reads_as_corrected_and_the_old_one_stays(room: Room) -> None:
    """The timeline says by whom; the ledger has both, and the new points at the old."""
    number, channel = room.declare()
    room.ask(RESPONDER, "note 08:50 UTC rolled bak", channel)

    answer = room.ask(OTHER, "correct E1 rolled back", channel)

    line = room.timeline(RESPONDER, number)[0]
    note, correction = _of_kind(room, number, EventKind.NOTE, EventKind.CORRECTED)
    at = note.occurred_at
    told = f"<!date^{int(at.timestamp())}^{{time}} {{date_short}}|{at:%Y-%m-%d} 08:50 UTC>"
    assert answer == f"#{number}: E1 is corrected: “rolled back” (before: {told}, “rolled bak”)."
    assert "remy: rolled back (corrected by otto, " in line
    assert (note.text, correction.text, correction.refers_to) == ("rolled bak", "rolled back", note.id)


def test_correction_sent_twice_is_one(room: Room) -> None:
    """A repeated delivery of the same command records nothing new."""
    number, channel = room.declare()
    room.ask(RESPONDER, "note rolled bak", channel)
    sent = room.command(RESPONDER, "correct E3 rolled back", channel)

    answers = [room.send(sent).text for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(_of_kind(room, number, EventKind.CORRECTED)) == 1


def test_label_stays_when_a_time_is_corrected_or_an_entry_withdrawn(room: Room) -> None:
    """The lines are in the order of their times, and each keeps the label it had."""
    number, channel = room.declare()
    for minute in (50, 51, 52):
        room.ask(OTHER, f"note 08:{minute} UTC number {minute}", channel)

    room.ask(OTHER, "correct E1 08:55 UTC", channel)
    room.ask(OTHER, "withdraw E2 it was another incident", channel)
    after = _notes(room, number)
    room.ask(OTHER, "restore E2", channel)

    assert after == [("E3", "number 52"), ("E1", "number 50")]
    assert _notes(room, number) == [("E2", "number 51"), ("E3", "number 52"), ("E1", "number 50")]


def test_timeline_names_what_is_withdrawn_so_that_it_can_be_restored(room: Room) -> None:
    """Below the lines stand the labels that are off, by whom and why; not a message that nobody marks any more."""
    number, channel = room.declare()
    room.ask(RESPONDER, "note The cat is out", channel)
    room.settle()
    shown = [text_of(room.card(channel))]
    room.ask(RESPONDER, "withdraw E3 it was another incident", channel)
    room.settle()
    shown.append(text_of(room.card(channel)))
    ts = room.slack.say(channel, OTHER, "Lunch")
    for is_on in (True, False):
        room.react(OTHER, channel, ts, is_on=is_on)
        room.settle()

    told = room.ask(OTHER, "timeline", channel).rpartition("\n")[2]
    room.ask(RESPONDER, "restore E3 it was this one", channel)

    assert ["The cat is out" in card for card in shown] == [True, False]
    assert room.events(number)[-1].text == "it was this one"
    assert told.startswith("`E3` withdrawn ")
    assert told.endswith("by remy: it was another incident")


def test_correction_of_what_is_withdrawn_says_that_it_stays_off(quick_room: Room) -> None:
    """It is recorded and shown once the entry is back."""
    number, channel = quick_room.declare()
    quick_room.ask(RESPONDER, "note The cat is out", channel)
    quick_room.ask(RESPONDER, "withdraw E3 it was another incident", channel)

    answer = quick_room.ask(OTHER, "correct E3 The fuse had blown", channel)
    before = _notes(quick_room, number)
    quick_room.ask(OTHER, "restore E3", channel)

    assert answer.endswith("It stays off the timeline; `/incident restore E3` puts it back.")
    assert before == []
    assert _notes(quick_room, number) == [("E3", "The fuse had blown")]


@pytest.mark.parametrize(
    "words",
    [
        "yesterday",
        "10 minutes earlier",
        "5m later",
        "around noon",
        "14.02",
        "at 14h02",
        "about half an hour earlier",
        "1 hour and 5 minutes later",
        "a few minutes before",
    ],
)
def test_correction_that_says_only_when_is_not_taken_for_the_text(quick_room: Room, words: str) -> None:
    """What was noted stays, and the answer says how a time is written."""
    number, channel = quick_room.declare()
    quick_room.ask(RESPONDER, "note The switch was thrown", channel)

    answer = quick_room.ask(OTHER, f"correct E3 {words}", channel)

    assert answer.startswith(f"“{words}” says when, and not exactly enough to be taken. Write a time such as 14:02")
    assert _notes(quick_room, number) == [("E3", "The switch was thrown")]


@pytest.mark.parametrize("words", ["rollback began 5 minutes later", "Alerts fired two hours earlier", "noon minus 5"])
def test_correction_that_says_what_happened_is_the_text(quick_room: Room, words: str) -> None:
    """A length of time at its end makes no time of it."""
    number, channel = quick_room.declare()
    quick_room.ask(RESPONDER, "note The switch was thrown", channel)

    answer = quick_room.ask(OTHER, f"correct E3 {words}", channel)

    assert "E3 is corrected" in answer
    assert _notes(quick_room, number) == [("E3", words)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "swapped"])
def test_correction_that_was_said_last_counts(room: Room, order: tuple[int, int]) -> None:
    """Slack's second of the request decides, not which came first."""
    number, channel = room.declare()
    room.ask(RESPONDER, "note down", channel)
    now = time.time()
    said = [
        requests.command(
            user,
            f"correct E3 {text}",
            channel=channel,
            trigger=room.slack.trigger(),
            response_url=room.slack.response_url(),
            at=now - seconds,
        )
        for user, text, seconds in ((OTHER, "half way", 20), (RESPONDER, "up", 10))
    ]

    for place in order:
        room.send(said[place])

    assert _notes(room, number) == [("E3", "up")]


def test_next_draft_has_what_is_right_and_tells_what_was_wrong(room: Room) -> None:
    """A cause that is no longer tagged is asked for; what is withdrawn is gone; a corrected line has its history."""
    number, channel = room.declare()
    for text in ("note the pool is to small", "note a secret of others", "promote E3 as cause"):
        room.ask(RESPONDER, text, channel)
    for text in ("correct E3 the pool is too small", "withdraw E4 it was another incident", "unpromote E3 as cause"):
        room.ask(OTHER, text, channel)
    room.ask(COMMANDER, "resolve", channel)
    room.draft(COMMANDER, channel)

    document = _document(room, number)

    assert "Cause: not yet established." in document
    assert "the pool is too small" in document
    assert "Corrected by responder (otto)" in document
    assert "a secret of others" not in document


def test_withdrawal_after_the_draft_stands_in_the_way_of_its_approval(room: Room) -> None:
    """What the draft shows is no longer on the timeline, so it cannot be signed."""
    _, channel = _drafted(room)
    room.ask(OTHER, "withdraw E3 it was another incident", channel)

    answer = room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)

    assert answer.startswith("The record changed since this draft (1 line: E3 The switch was thrown)")


def test_correction_after_publication_is_published_without_a_reopening(room: Room) -> None:
    """What is published stays as it is, and is flagged; the next draft is of the same phase, and replaces it."""
    number, channel = _published(room)
    untouched = {room.ask(COMMANDER, words, channel) for words in ("draft", "draft short")}
    room.clock.move(minutes=40)  # beyond the first messages, which are few
    room.ask(OTHER, f"#{number} correct E3 Nobody threw the switch")
    (flag,) = _of_kind(room, number, EventKind.DOCUMENT_FLAGGED)

    room.draft(COMMANDER, channel)
    room.settle()
    document = _document(room, number)
    _publish(room, channel)

    assert untouched == {f"Draft 1 of #{number} is published, and nothing on record changed since."}
    assert flag.payload["because"] == "an event that it cites was corrected"
    assert not _of_kind(room, number, EventKind.APPROVAL_VOIDED, EventKind.REOPENED)
    moves = [event.payload["to"] for event in _of_kind(room, number, EventKind.STATUS_CHANGED)]
    assert moves == ["resolved", "in_review", "closed", "in_review", "closed"]
    assert "Nobody threw the switch" in document
    published = {(event.payload["revision"], event.payload["target"]) for event in _of_kind(room, number, PUBLISHED)}
    assert published == {(1, "channel"), (1, "git"), (2, "channel"), (2, "git")}
    assert f"#{number} SEV2 closed" in room.ask(COMMANDER, f"#{number} status")


def test_corrected_impact_is_on_the_card(room: Room) -> None:
    """The card shows what is right; a correction of an earlier statement leaves it alone."""
    _, channel = room.declare()
    room.ask(RESPONDER, "impact 3 % of payments fail", channel)
    room.ask(RESPONDER, "impact 5 % of payments fail", channel)

    room.ask(OTHER, "correct E3 2 % of payments fail", channel)
    room.settle()
    earlier = str(room.card(channel)["blocks"])
    room.ask(OTHER, "correct E4 4 % of payments fail", channel)
    room.settle()

    assert "*Customer impact:* 5 % of payments fail" in earlier
    assert "*Customer impact:* 4 % of payments fail" in str(room.card(channel)["blocks"])


def test_corrected_update_is_posted(room: Room) -> None:
    """Whoever was told something wrong is told so; the time at which it was told cannot be corrected."""
    number, channel = room.declare()
    room.ask(RESPONDER, "update All is wel", channel)
    room.settle()

    room.ask(RESPONDER, "correct E3 14:02 All is well", channel)
    room.settle()

    assert f"#{number} Card payments fail: Update, corrected by remy: 14:02 All is well" in [
        post["text"] for post in room.slack.posts(channel)
    ]


def test_reported_deploy_keeps_its_words_and_may_get_its_time(room: Room) -> None:
    """What a system reported is not rewritten."""
    number, channel = room.declare()
    at = f"{room.clock.now():%Y-%m-%dT%H:%M:%SZ}"
    room.webhook({"kind": "deploy", "text": "Deployed", "at": at, "incident": number, "service": "card-auth"}, key=at)
    (deploy,) = _of_kind(room, number, EventKind.DEPLOY)
    label = next(line.split("`")[1] for line in room.timeline(OTHER, number) if "deploy card-auth" in line)

    refused = room.ask(OTHER, f"correct {label} 5m ago It was another", channel)
    moved = room.ask(OTHER, f"correct {label} 5m ago", channel)

    assert refused.startswith(f"{label} is what a system reported: its time can be corrected, its words cannot.")
    assert moved.startswith(f"#{number}: {label} is corrected at ")
    assert _of_kind(room, number, EventKind.DEPLOY) == [deploy]


def test_milestone_of_an_earlier_phase_is_set_corrected_and_taken_back(room: Room) -> None:
    """Durations of that phase follow, and the present one is left alone."""
    number, channel = room.declare()
    for text in ("resolve", "reopen It came back at once", "milestone detection 08:40 UTC phase 1"):
        room.ask(COMMANDER, text, channel)
    set_to = _detections(room, number)

    corrected = room.ask(OTHER, "milestone detection 08:45 UTC phase 1", channel)
    corrected_to = _detections(room, number)
    taken_back = room.ask(OTHER, "milestone detection none phase 1", channel)

    assert [set_to, corrected_to, _detections(room, number)] == [["08:40", None], ["08:45", None], [None, None]]
    assert corrected.startswith(f"#{number}: detection of phase 1 was at ")
    assert " 08:40 UTC>." in corrected
    assert taken_back == f"#{number}: detection of phase 1 is not set any more. What was said of it stays on record."
    assert len(_of_kind(room, number, EventKind.MILESTONE_SET)) == 5


def test_milestone_form_offers_the_phases_once_there_are_several(room: Room) -> None:
    """The present one is chosen already."""
    number, channel = room.declare()
    before = room.open_form(COMMANDER, "milestone", number, channel)
    for text in ("resolve", "reopen It came back at once"):
        room.ask(COMMANDER, text, channel)

    view = room.open_form(COMMANDER, "milestone", number, channel)
    told = room.submit(COMMANDER, view, milestone="detection", time="08:40 UTC", phase="1")

    assert "phase" not in {block["block_id"] for block in before["blocks"]}
    assert told["response_action"] == "update"
    assert _detections(room, number) == ["08:40", None]


def test_erasing_a_corrected_note_erases_every_word_of_it(room: Room) -> None:
    """Neither the note nor a correction of it keeps a name."""
    number, channel = room.declare()
    room.ask(RESPONDER, "note Frau Huber cannot pay", channel)
    room.ask(RESPONDER, "correct E3 Frau Maria Huber cannot pay", channel)

    erase_field(room, number, "E3")

    assert not [event for event in room.events(number) if "Huber" in event.text]


def _of_kind(room: Room, number: int, *kinds: EventKind) -> list[TimelineEvent]:
    return [event for event in room.events(number) if event.kind in kinds]


def _notes(room: Room, number: int) -> list[tuple[str, str]]:
    """Label and text of the notes, in the order in which people read them."""
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
        assert incident is not None
        entries = timeline(reads.events(incident.id))
    return [(entry.label, entry.text) for entry in entries if entry.event.kind is EventKind.NOTE]


def _detections(room: Room, number: int) -> list[str | None]:
    """When each phase was detected."""
    instants = [phase.at(Milestone.DETECTION) for phase in phases(room.events(number))]
    return [f"{at:%H:%M}" if at else None for at in instants]


def test_draft_of_an_incident_that_was_closed_without_it_can_still_be_signed(room: Room) -> None:
    """Closing with a reason is no end: another draft of the same record leads into review again."""
    number, channel = _drafted(room)
    room.ask(COMMANDER, "close The review is put off", channel)
    room.settle()
    room.clock.move(minutes=40)  # beyond the first messages, which are few

    answer = room.ask(COMMANDER, "draft", channel)
    room.settle()
    _publish(room, channel)

    assert answer.startswith(f"Drafting #{number} from")
    assert f"#{number} SEV2 closed" in room.ask(COMMANDER, f"#{number} status")
    assert _of_kind(room, number, PUBLISHED)


def _drafted(room: Room) -> tuple[int, str]:
    number, channel = room.declare(text="SEV2 Wallets empty")
    for verb in ("note The switch was thrown", "resolve", "draft"):
        room.ask(COMMANDER, verb, channel)
    room.settle()
    return number, channel


def _published(room: Room) -> tuple[int, str]:
    """An incident whose postmortem is published."""
    number, channel = _drafted(room)
    _publish(room, channel)
    return number, channel


def _publish(room: Room, channel: str) -> None:
    """Approve what is offered and publish it."""
    room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()


def _document(room: Room, number: int) -> str:
    """The newest draft as it would be published."""
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
        assert incident is not None
        document = reads.revisions(incident.id)[-1].document
    return TemplateRenderer().render(document, form="markdown").decode()
