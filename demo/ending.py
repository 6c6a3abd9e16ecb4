"""After the incident: the draft, the approval by somebody else, the publication."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from demo.documents import Published, published
from demo.message import Message
from demo.play import Play, step
from demo.served import Served
from demo.waiting import wait_for

APPROVE = "draft.approve"
PUBLISH = "draft.publish"
# The bot's own words: any other answer that speaks of approving is not the one that is promised.
_REFUSAL = "you wrote part of this revision"
_APPROVED = "You approved draft "
_TOO_EARLY = "has not arrived whole in Slack yet"
_ATTACHED = "Attached to"
_APPROVED_BY = "- **Approved by:**"
# The offer is edited a moment after the answer, so what must not change is watched that long.
_WATCHED_SECONDS = 3.0
_DRAFT_SECONDS = 60.0
_PUBLISH_SECONDS = 60.0
_PAUSE_SECONDS = 0.1


class NotAsPromised(Exception):
    """Something happened that must not, or did not that must."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the whole path left behind."""

    refusal: str
    document: Published
    notice: str


def check_record(play: Play) -> int:
    """Each noted and marked sentence is on the timeline once, and nothing that nobody marked; how many there are."""
    facts = [*play.scenario.notes(), *play.scenario.marked()]

    def shown() -> str | None:
        answer = _plain(play.ask(play.scenario.author, play.channel, "timeline").words())
        return answer if all(_plain(fact) in answer for fact in facts) else None

    with step("the timeline holds what was noted and marked"):
        answer = wait_for(f"all {len(facts)} facts on the timeline", shown, every=1.0)
        repeated = [fact for fact in facts if answer.count(_plain(fact)) != 1]
        _expect(not repeated, f"it holds twice: {repeated}")
        _expect_kept_out(play, answer)
    return len(facts)


def check_alerts(play: Play) -> int:
    """All alerts of the incident are one message, which says that they are over; how many there are.

    What has another cause stands in a message of its own, and is no part of the incident.
    """
    alarms = play.scenario.alarms()
    count = sum(len(alarm.sites) for alarm in alarms if alarm.belongs)

    def told() -> Message | None:
        found = [message for message in play.workspace.messages(play.alerts) if _ATTACHED in message.words()]
        return found[0] if len(found) == 1 and f"{count} alerts folded" in found[0].words() else None

    with step("the alerts of the incident are one message"):
        words = wait_for(f"one message about all {count} alerts, and that they are over", told).words()
        strangers = [alarm.rule for alarm in alarms if not alarm.belongs and alarm.rule in words]
        _expect(not strangers, f"it names {strangers}, which have another cause")
    return count


def draft(play: Play) -> Message:
    """Ask for the draft as its author, and return the message that offers it."""
    author = play.scenario.author
    with step("the author asks for the draft"):
        before = len(play.workspace.messages(play.channel))
        play.workspace.command(author, play.channel, "draft")
        return play.workspace.wait_for_message(
            "a draft with a button to approve it",
            play.channel,
            lambda message: any(button.action_id == APPROVE for button in message.buttons()),
            after=before,
            seconds=_DRAFT_SECONDS,
        )


def approve_and_publish(play: Play, served: Served, offer: Message) -> Outcome:
    """The author is refused, the approver approves and publishes; each is asserted."""
    with step("the author's own approval is refused"):
        refusal = _refused(play, offer)
    with step("the approver's button approves"):
        _approve(play, offer)
        offering = wait_for("a button to publish", lambda: _offering(play, PUBLISH), seconds=_PUBLISH_SECONDS)
    with step("nothing is published before somebody says so"):
        _expect(not published(served.documents), "a document was committed before it was published")
    with step("the approver publishes"):
        before = len(play.workspace.messages(play.channel))
        play.workspace.press(play.scenario.approver, offering, PUBLISH)
    with step("the document is committed"):
        document = wait_for("a commit", lambda: published(served.documents), seconds=_PUBLISH_SECONDS)[-1]
    with step("the channel is told"):
        notice = play.workspace.wait_for_message(
            "a notice of the publication",
            play.channel,
            lambda message: message.ephemeral_to is None and "ublished" in message.words(),
            after=before,
            seconds=_PUBLISH_SECONDS,
        )
    with step("the document says what the record says"):
        _check_document(play, document.text)
    with step("the document names who approved it"):
        _check_approver(play, document.text)
    with step("it is published once"):
        _expect(len(published(served.documents)) == 1, "there is more than one commit")
    return Outcome(refusal=refusal, document=document, notice=notice.words())


def watch(play: Play, served: Served, told: Callable[[str], None]) -> None:
    """Wait, without end, for the viewer to approve and publish, and say so when it happened."""
    approved = wait_for("the approval", lambda: _offering(play, PUBLISH), seconds=float("inf"))
    told(f"Approved. Now press *{next(b.text for b in approved.buttons() if b.action_id == PUBLISH)}*.")
    document = wait_for("the publication", lambda: published(served.documents), seconds=float("inf"))[-1]
    told(f"Published: {served.documents / document.path} (commit {document.commit[:8]}).")


def _refused(play: Play, offer: Message) -> str:
    author = play.scenario.author
    answer = _pressed(play, author, offer)
    _expect(_REFUSAL in answer, f"the author reads something else: {answer}")
    watched_until = time.monotonic() + _WATCHED_SECONDS
    while time.monotonic() < watched_until:
        _expect(_offering(play, PUBLISH) is None, "the author's press approved the draft")
        time.sleep(_PAUSE_SECONDS)
    return answer


def _approve(play: Play, offer: Message) -> None:
    """Press as a person would: again if the bot says that it is not ready for it yet."""

    def press() -> bool:
        answer = _pressed(play, play.scenario.approver, offer)
        _expect(_APPROVED in answer or _TOO_EARLY in answer, f"the approver reads something else: {answer}")
        return _APPROVED in answer

    wait_for("the approval", press, every=1.0)


def _pressed(play: Play, user: str, offer: Message) -> str:
    """What pressing *Approve* answers to *user* alone."""
    before = len(play.workspace.messages(play.channel))
    play.workspace.press(user, offer, APPROVE)
    found = play.workspace.wait_for_message(
        "an answer that only one sees", play.channel, lambda message: message.ephemeral_to == user, after=before
    )
    return found.words()


def _offering(play: Play, action_id: str) -> Message | None:
    """The newest message with that button."""
    found = [
        message
        for message in play.workspace.messages(play.channel)
        if message.ephemeral_to is None and any(button.action_id == action_id for button in message.buttons())
    ]
    return found[-1] if found else None


def _check_document(play: Play, text: str) -> None:
    plain = _plain(text)
    missing = [fact for fact in (*play.scenario.notes(), *play.scenario.marked()) if _plain(fact) not in plain]
    _expect(not missing, f"it lacks {missing}")
    _expect_kept_out(play, plain)


def _check_approver(play: Play, text: str) -> None:
    """The block of the approval names the approver by id, and nobody else of the play."""
    lines = [line for line in text.splitlines() if line.startswith(_APPROVED_BY)]
    _expect(len(lines) == 1, f"it names its approver {len(lines)} times")
    named = [person.id for person in play.scenario.people.values() if person.id in lines[0]]
    _expect(named == [play.scenario.approver], f"it says “{lines[0]}”")
    _expect("alone" not in lines[0], "it says that its author approved it alone")


def _expect_kept_out(play: Play, plain: str) -> None:
    leaked = [text for text in play.scenario.kept_out() if _plain(text) in plain]
    _expect(not leaked, f"it holds what nobody marked: {leaked}")


def _plain(text: str) -> str:
    """Letters and digits only, so that escapes, quotes and line ends make no difference."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _expect(is_true: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not is_true:
        raise NotAsPromised(otherwise)
