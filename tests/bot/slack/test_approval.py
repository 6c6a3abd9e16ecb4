"""From the draft to the published document: who may sign, what voids a signature, what is published."""

import subprocess
from html import unescape

import pytest

from tests.effort import leading, thinned
from tests.fake_slack import Fault
from tests.slack_room import APPROVER, COMMANDER, OTHER, RESPONDER, Room, served_again


def test_author_may_not_approve_where_four_eyes_are_needed(room: Room) -> None:
    """Whoever asked for the draft of a SEV2 is refused, though they hold the approver's role."""
    number, channel = _drafted(room, "SEV2 Wallets empty")

    answer = _approve(room, COMMANDER, channel)

    assert answer.startswith(f"#{number} counts as SEV2, and you wrote part of this revision")
    assert "Publish" not in _offer_buttons(room, channel)


def test_somebody_else_approves_and_the_offer_says_who(room: Room) -> None:
    """A second person's press signs the revision, and only then is publishing offered."""
    number, channel = _drafted(room, "SEV2 Wallets empty")
    before = _offer_buttons(room, channel)

    answer = _approve(room, APPROVER, channel)
    room.settle()

    assert answer.startswith(f"You approved draft 1 of #{number}, hash ")
    assert list(before) == ["Approve", "Ask for another"]
    assert list(_offer_buttons(room, channel)) == ["Publish", "Take back approval"]
    assert "Approved by abel" in str(_offer(room, channel))


def test_severity_lowered_before_the_review_lowers_no_bar(room: Room) -> None:
    """What was SEV1 once needs four eyes, whatever it is called now."""
    number, channel = room.declare(text="SEV1 Wallets empty")
    for text in ("severity SEV4 not so bad", "resolve", "draft"):
        room.ask(COMMANDER, text, channel)
    room.settle()

    answer = _approve(room, COMMANDER, channel)

    assert answer.startswith(f"#{number} counts as SEV1")


def test_who_promoted_a_fact_is_an_author_too(room: Room) -> None:
    """Vouching for an event makes one an author of the document."""
    number, channel = room.declare(text="SEV2 Wallets empty")
    room.ask(APPROVER, "promote E1 as cause", channel)
    for text in ("resolve", "draft"):
        room.ask(COMMANDER, text, channel)
    room.settle()

    answer = _approve(room, APPROVER, channel)

    assert answer.startswith(f"#{number} counts as SEV2, and you wrote part of this revision")


def test_person_without_the_role_may_not_approve(room: Room) -> None:
    """A responder who wrote nothing still lacks the approver's role."""
    number, channel = _drafted(room, "SEV2 Wallets empty")

    answer = _approve(room, OTHER, channel)

    assert answer == f"#{number} counts as SEV2: only a person with the approver role may approve it."


def test_commander_alone_approves_a_mild_one_and_it_is_marked(room: Room) -> None:
    """Below the floor the incident commander may sign their own draft; the document says so."""
    _, channel = _drafted(room, "SEV4 Typo on the receipt", commander=COMMANDER)

    answer = _approve(room, COMMANDER, channel)
    room.settle()

    assert answer.startswith("You approved draft 1")
    assert "alone and as its own author" in str(_offer(room, channel))


@pytest.mark.thorough
def test_draft_is_not_approved_before_it_arrived(room: Room) -> None:
    """While Slack has not taken the whole document, nobody may sign it there."""
    number, channel = room.declare(text="SEV2 Wallets empty")
    room.ask(COMMANDER, "resolve", channel)
    room.settle()
    room.slack.rate_limit("chat.postMessage", 20, channel=channel)
    room.draft(COMMANDER, channel)

    early = room.ask(APPROVER, f"approve {_true_hash(room, number)}", channel)
    room.settle()
    later = room.ask(APPROVER, f"approve {_true_hash(room, number)}", channel)

    assert early.startswith("Draft 1 has not arrived whole in Slack yet.")
    assert later.startswith("You approved draft 1")


def test_record_changed_since_the_draft_shows_the_difference(room: Room) -> None:
    """A signature on what the record no longer says is refused, and the news are named."""
    _, channel = _drafted(room, "SEV2 Wallets empty")
    room.ask(RESPONDER, "note It was the cache after all", channel)

    answer = _approve(room, APPROVER, channel)

    assert answer.startswith("The record changed since this draft (1 line: E")
    assert "It was the cache after all" in answer


@pytest.mark.parametrize("changed", leading(1, [{"publish_git_dir": None}, {"audience": "everybody"}]))
def test_draft_that_would_be_published_otherwise_by_now_is_not_approved(
    own_room: Room, changed: dict[str, object]
) -> None:
    """Over a restart with other targets, or for others, the file that people read is not what would go out."""
    number, channel = _drafted(own_room, "SEV2 Wallets empty")

    with served_again(own_room, **changed) as room:
        refused = _approve(room, APPROVER, channel)
        signed = "approved" in _kinds(room, number)
        room.draft(COMMANDER, channel)
        room.settle()
        answer = _approve(room, APPROVER, channel)

    other = "The templates or targets changed since this draft was made. Ask for another with `/incident draft`."
    assert (refused, signed) == (other, False)
    assert answer.startswith("You approved draft 2")


def test_hash_of_another_draft_is_refused(room: Room) -> None:
    """The button of a superseded offer signs nothing."""
    _, channel = _drafted(room, "SEV2 Wallets empty")
    old = _offer_buttons(room, channel)["Approve"]
    room.ask(RESPONDER, "note It was the cache", channel)
    room.ask(COMMANDER, "draft", channel)
    room.settle()

    answer = room.press(APPROVER, old["action_id"], old["value"], channel)

    assert answer.startswith("Name the draft you read by its hash.")


@pytest.mark.parametrize(
    "text",
    thinned(
        [
            "milestone detection 5m ago",
            "milestone resolution none",
            "severity SEV1",
            "impact 3 % of payments",
            "promote E1 as cause",
            "correct E3 Nobody threw the switch",
            "correct E3 5m ago",
            "withdraw E3 it was another incident",
        ],
        every=9,
    ),
)
def test_news_void_an_approval(room: Room, text: str) -> None:
    """A milestone, a severity, an impact, a cause or a correction after the signature takes it back, visibly."""
    number, channel = _drafted(room, "SEV2 Wallets empty")
    _approve(room, APPROVER, channel)

    room.ask(RESPONDER, text, channel)
    room.settle()

    assert _kinds(room, number).count("approval_voided") == 1
    assert "Publish" not in _offer_buttons(room, channel)
    assert room.ask(COMMANDER, "publish confirm", channel).endswith("is not approved, so it cannot be published.")


def test_chat_does_not_void_an_approval(room: Room) -> None:
    """A note about something else leaves the signature standing."""
    number, channel = _drafted(room, "SEV2 Wallets empty")
    _approve(room, APPROVER, channel)

    room.ask(RESPONDER, "note Thanks everybody", channel)

    assert "approval_voided" not in _kinds(room, number)


def test_reopening_voids_and_keeps_the_old_draft(room: Room) -> None:
    """After a reopening the old signature is void, and the next draft is draft 2."""
    number, channel = _drafted(room, "SEV2 Wallets empty")
    _approve(room, APPROVER, channel)
    room.clock.move(minutes=31)  # a second draft would be more than the first half hour may bring

    for text in ("reopen It came back at once", "resolve", "draft"):
        room.ask(COMMANDER, text, channel)
    room.settle()

    assert "approval_voided" in _kinds(room, number)
    assert f"Postmortem #{number}, draft 2" in str(_offer(room, channel))


@pytest.mark.thorough
def test_edit_of_a_cited_message_voids_the_approval(room: Room) -> None:
    """The text that was signed no longer is what was said."""
    number, channel = room.declare(text="SEV2 Wallets empty")
    ts = room.slack.say(channel, OTHER, "It was the cache")
    room.react(RESPONDER, channel, ts)
    room.settle()
    for text in ("resolve", "draft"):
        room.ask(COMMANDER, text, channel)
    room.settle()
    _approve(room, APPROVER, channel)

    room.edit(channel, ts, "It was not the cache")

    assert "approval_voided" in _kinds(room, number)


def test_published_is_exactly_what_was_approved(room: Room) -> None:
    """Git and the channel get the signed text followed by who signed it, once, and the incident closes."""
    number, channel = _drafted(room, "SEV2 Wallets empty")
    _approve(room, APPROVER, channel)
    room.settle()
    button = _offer_buttons(room, channel)["Publish"]

    first = room.press(APPROVER, button["action_id"], button["value"], channel)
    second = room.press(APPROVER, button["action_id"], button["value"], channel)
    room.settle()

    documents = _published(room, number)
    signed, uploaded = _files(room, number)
    assert first == "Publishing draft 1 to: git, channel."
    assert second == f"Draft 1 of #{number} is published already, or on its way."
    assert documents == [uploaded]
    assert "Wallets empty" in signed
    assert uploaded.startswith(signed)
    assert "- **Approved by:** abel (slack:U0APPROVER)" in uploaded.removeprefix(signed).splitlines()
    assert "- **Authors:** cleo (slack:U0COMMANDER)" in signed.splitlines()
    assert f"- **Draft:** 1, {_head(room, number)}" in signed.splitlines()
    assert f"#{number} SEV2 closed" in room.ask(COMMANDER, f"#{number} status")


def test_unapproved_is_never_published(room: Room) -> None:
    """Neither the verb nor a forged button publishes what nobody signed."""
    number, channel = _drafted(room, "SEV2 Wallets empty")
    shown = room.shown_hash(channel)

    answers = [
        room.ask(COMMANDER, "publish confirm", channel),
        room.press(COMMANDER, "draft.publish", f"{number}|{shown}", channel),
    ]
    room.settle()

    assert all("is not approved" in answer for answer in answers)
    assert _published(room, number) == []


@pytest.mark.thorough
def test_publish_button_of_another_draft_publishes_nothing(room: Room) -> None:
    """A press that means draft 1 does not publish draft 2."""
    number, channel = _drafted(room, "SEV2 Wallets empty")
    old = room.shown_hash(channel)
    room.ask(RESPONDER, "note It was the cache", channel)
    room.ask(COMMANDER, "draft", channel)
    room.settle()
    _approve(room, APPROVER, channel)

    answer = room.press(COMMANDER, "draft.publish", f"{number}|{old}", channel)

    assert answer.startswith("The approved one is draft 2, hash ")
    assert _published(room, number) == []


def test_line_recorded_after_the_signature_is_told_before_publishing(room: Room) -> None:
    """Chat voids nothing, but nobody publishes without having read what the document lacks."""
    number, channel = _drafted(room, "SEV2 Wallets empty")
    _approve(room, APPROVER, channel)
    room.ask(RESPONDER, "note The money of 12 customers was lost", channel)
    room.settle()
    offered = _offer_buttons(room, channel)["Publish"]

    typed = room.ask(APPROVER, "publish confirm", channel)
    pressed = room.press(APPROVER, offered["action_id"], offered["value"], channel)
    asked = _published(room, number)
    read_up_to = room.events(number)[-1].seq
    room.ask(RESPONDER, "note It was fraud", channel)
    meanwhile = room.press(APPROVER, offered["action_id"], f"{offered['value']} despite {read_up_to}", channel)
    before = _published(room, number)
    knows_all = f"{offered['value']} despite {room.events(number)[-1].seq}"
    answer = room.press(APPROVER, offered["action_id"], knows_all, channel)
    room.settle()

    told = "1 line of the timeline is new or changed since the draft was made, and not in it: E"
    assert typed.startswith(told)
    assert pressed.startswith(told)
    assert meanwhile.startswith("2 lines of the timeline are new or changed since the draft was made, and not in it: E")
    assert asked == before == []
    assert answer == "Publishing draft 1 to: git, channel."
    assert len(_published(room, number)) == 1


def test_news_after_publication_flag_the_document(room: Room) -> None:
    """What is published stays as it is; the record says that it is out of date."""
    number, channel = _drafted(room, "SEV2 Wallets empty")
    _approve(room, APPROVER, channel)
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()
    before = _published(room, number)

    room.ask(RESPONDER, f"#{number} milestone detection 5m ago")
    room.settle()

    assert "document_flagged" in _kinds(room, number)
    assert "approval_voided" not in _kinds(room, number)
    assert _published(room, number) == before


@pytest.mark.thorough
def test_news_void_the_current_approval_after_an_earlier_one(room: Room) -> None:
    """Draft 1 was approved, too; what changes the record takes the approval of draft 2, and nothing is published."""
    number, channel = _drafted(room, "SEV2 Wallets empty")
    _approve(room, APPROVER, channel)
    room.clock.move(minutes=31)
    room.ask(RESPONDER, "note The fuse had blown", channel)
    room.draft(COMMANDER, channel)
    room.settle()
    approved = _approve(room, APPROVER, channel)

    room.ask(COMMANDER, "milestone detection 5m ago", channel)
    room.settle()
    answer = room.ask(COMMANDER, "publish confirm", channel)
    room.settle()

    assert approved.startswith("You approved draft 2")
    assert answer == f"Draft 2 of #{number} is not approved, so it cannot be published."
    assert any("The approval of draft 2 no longer holds" in str(post) for post in room.slack.posts(channel))
    assert _published(room, number) == []


@pytest.mark.thorough
def test_second_publication_is_on_record_and_closes(room: Room) -> None:
    """After a reopening another draft goes the whole way: its publication and the closing are events of their own."""
    number, channel = _drafted(room, "SEV2 Wallets empty")
    _approve(room, APPROVER, channel)
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()
    room.clock.move(minutes=31)
    for text in ("reopen It came back at once", "resolve"):
        room.ask(COMMANDER, text, channel)
    room.draft(COMMANDER, channel)
    room.settle()
    _approve(room, APPROVER, channel)
    unsaid = room.ask(COMMANDER, "close", channel)

    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()
    room.ask(RESPONDER, f"#{number} milestone detection 5m ago")
    room.settle()

    events = room.events(number)
    published = [(one.payload["revision"], one.payload["target"]) for one in events if one.kind == "published"]
    flagged = [one.payload["revision"] for one in events if one.kind == "document_flagged"]
    assert sorted(published) == [(1, "channel"), (1, "git"), (2, "channel"), (2, "git")]
    assert f"#{number} SEV2 closed" in room.ask(COMMANDER, f"#{number} status")
    assert unsaid.startswith("The draft in review was not published. Say why it closes")
    assert flagged == [1, 2]  # the first by the reopening, the second by the milestone


def test_document_of_a_public_incident_is_not_published_once_it_is_private(room: Room) -> None:
    """Whatever became of the approval, what says “public” leaves for nowhere when its incident is private."""
    number, channel = _drafted(room, "SEV2 Wallets empty", commander=COMMANDER)
    _approve(room, APPROVER, channel)

    room.ask(COMMANDER, "private", channel)
    room.settle()
    answer = room.ask(COMMANDER, f"#{number} publish confirm")
    room.settle()

    assert "cannot be published" in answer
    assert _published(room, number) == []


def test_approver_is_shown_what_is_signed(room: Room) -> None:
    """The file is the signed bytes whole; the blocks below it say nothing that the file says otherwise."""
    number, channel = room.declare(text="SEV2 Wallets empty")
    long = "It was <the> cache & nothing else. " * 110
    for text in (f"note {long}", "note 8am Seen by support", "note 12:00 Reported", "note 1d ago Deployed"):
        room.ask(RESPONDER, text, channel)
    room.ask(RESPONDER, "promote E1 as cause", channel)
    for text in ("milestone detection 8am", "impact 3 % of wallets", "resolve", "draft"):
        room.ask(COMMANDER, text, channel)
    room.settle()

    (file,) = _files(room, number)
    blocks = _offer(room, channel)["blocks"]
    lines = [line for block in blocks[2:-4] for line in block["text"]["text"].splitlines()]  # type: ignore[index]
    answer = _approve(room, APPROVER, channel)

    said = _letters(file)
    assert file.count("nothing else") >= 110
    assert "(hour only)" in "".join(lines)
    assert "- **Authors:** cleo (slack:U0COMMANDER); remy (slack:U0RESPONDER)" in file.splitlines()
    assert [line for line in lines if _letters(line.partition("…")[0]) not in said] == []
    assert "<!date" not in "".join(lines)
    assert answer.startswith("You approved draft 1")


def test_summary_of_a_draft_fits_into_one_message_and_says_where_the_rest_is(room: Room) -> None:
    """However long the document, its offer is one message that points to the file."""
    number, channel = room.declare(text="SEV2 Wallets empty")
    for place in range(8):
        room.ask(RESPONDER, f"note {place} {'x' * 1500}", channel)
        room.ask(RESPONDER, f"promote E{place + 3} as cause", channel)
    for text in ("resolve", "draft"):
        room.ask(COMMANDER, text, channel)
    room.settle()

    shown = str(_offer(room, channel))

    assert "… and 3 more in the file." in shown
    assert "is the file above this message" in shown
    assert "x" * 1500 in _files(room, number)[0]
    assert "x" * 301 not in shown


@pytest.mark.thorough
def test_channel_that_fails_to_take_the_document_gets_it_later_once(room: Room) -> None:
    """An upload whose answer is lost is found again, not repeated."""
    number, channel = _drafted(room, "SEV2 Wallets empty")
    _approve(room, APPROVER, channel)
    room.settle()
    room.slack.break_down(Fault(method="files.completeUploadExternal", loses="answer"))

    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()

    uploads = [post for post in room.slack.posts(channel) if post.get("files")]
    assert len(uploads) == 2  # the draft and the published document
    assert f"#{number} SEV2 closed" in room.ask(COMMANDER, f"#{number} status")


def _drafted(room: Room, text: str, commander: str = "") -> tuple[int, str]:
    """An incident in review whose draft has arrived in its channel."""
    number, channel = room.declare(text=text)
    if commander:
        room.ask(commander, "role commander me", channel)
    for verb in ("note The switch was thrown", "resolve", "draft"):
        room.ask(COMMANDER, verb, channel)
    room.settle()
    return number, channel


def _offer(room: Room, channel: str) -> dict[str, object]:
    """The newest message that offers a draft."""
    return [post for post in room.slack.posts(channel) if "Draft " in post["text"] and "blocks" in post][-1]


def _offer_buttons(room: Room, channel: str) -> dict[str, dict[str, str]]:
    return room.buttons(_offer(room, channel)["blocks"])  # type: ignore[arg-type]


def _approve(room: Room, user: str, channel: str) -> str:
    button = _offer_buttons(room, channel)["Approve"]
    assert "confirm" in button
    return room.press(user, button["action_id"], button["value"], channel)


def _kinds(room: Room, number: int) -> list[str]:
    return [event.kind.value for event in room.events(number)]


def _true_hash(room: Room, number: int) -> str:
    """The current revision's hash, which people have not been shown yet."""
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
        assert incident is not None
        return reads.revisions(incident.id)[-1].hash.hex()


def _published(room: Room, number: int) -> list[str]:
    """The texts of the incident's document in git, one for each commit, newest first."""
    folder = str(room.settings.publish_git_dir)
    path = f"postmortems/{number:04d}-*.md"
    log = ["git", "-C", folder, "log", "--all", "--format=%H", "--", path]
    commits = subprocess.run(log, capture_output=True, text=True, check=False).stdout.split()
    return [_file_at(folder, commit, f"postmortems/{number:04d}-") for commit in commits]


def _file_at(folder: str, commit: str, start: str) -> str:
    listed = ["git", "-C", folder, "ls-tree", "-r", "--name-only", commit]
    names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.splitlines()
    (name,) = [name for name in names if name.startswith(start)]
    shown = ["git", "-C", folder, "show", f"{commit}:{name}"]
    return subprocess.run(shown, capture_output=True, text=True, check=True).stdout


def _files(room: Room, number: int) -> list[str]:
    """The texts of the files of this incident that were uploaded to its channel, oldest first."""
    return [
        file["content"].decode()
        for file in room.slack.files.values()
        if file["name"].startswith(f"postmortem-{number}-")
    ]


def _head(room: Room, number: int) -> str:
    """How the first draft names the record that it was made from: all before the draft itself."""
    events = sorted(room.events(number), key=lambda event: event.seq)
    last = events[[event.kind.value for event in events].index("drafted") - 1]
    return f"from the record up to row {last.seq} of its ledger, whose hash is {last.hash.hex()}"


def _letters(text: str) -> str:
    """Letters, digits and colons only, so that escapes and line ends make no difference."""
    plain = unescape(text).replace("`@`", "@")
    return "".join(letter for letter in plain if letter.isalnum() or letter == ":")
