"""The short ways in which end-to-end tests act and look in a workspace with a bot in it."""

from collections.abc import Callable
from dataclasses import dataclass

from demo.documents import Published, published
from demo.message import Message
from demo.stage import HOME, Stage
from demo.standin import User
from demo.waiting import wait_for
from demo.workspace import Workspace

COMMANDER = User(id="U0COMMANDER", name="cleo", real_name="Cleo Commander", zone="Europe/Copenhagen")
RESPONDER = User(id="U0RESPONDER", name="remy", real_name="Remy Responder", zone="America/New_York")
APPROVER = User(id="U0APPROVER", name="abel", real_name="Abel Approver")
PEOPLE = (COMMANDER, RESPONDER, APPROVER)
# The commander holds the approver's role too, so that a refusal of theirs is about what they wrote.
ACCESS = {"commander": (COMMANDER.id,), "approver": (APPROVER.id, COMMANDER.id)}

APPROVE = "draft.approve"
PUBLISH = "draft.publish"
EMOJI = "pushpin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A stage, seen from the people in its workspace."""

    stage: Stage

    @property
    def workspace(self) -> Workspace:
        """The doors that people use."""
        return self.stage.standin.workspace

    def ask(self, user: User, text: str, channel: str = HOME.id) -> str:
        """What `/incident text` answers to *user* alone."""
        return self.ask_message(user, text, channel).words()

    def ask_message(self, user: User, text: str, channel: str = HOME.id) -> Message:
        """The answer as a message, with its buttons."""
        return self._answer(user, channel, lambda: self.workspace.command(user.id, channel, text))

    def press(self, user: User, message: Message, action_id: str) -> str:
        """What pressing a button answers to *user* alone."""
        return self._answer(user, message.channel, lambda: self.workspace.press(user.id, message, action_id)).words()

    def close_forms(self) -> None:
        """Close what others left open: the stand-in has one stack of forms for everybody, over its whole page."""
        while self.workspace.modal():
            self.workspace.close(RESPONDER.id)

    def approve(self, user: User, offer: Message) -> str:
        """The answer to *Approve*, pressed again while the bot says that the draft has not arrived whole yet."""

        def press() -> str | None:
            answer = self.press(user, offer, APPROVE)
            return None if "has not arrived whole" in answer else answer

        return wait_for("an answer to the approval", press, every=0.5)

    def declare(self, user: User, text: str) -> str:
        """Declare an incident and return the id of its channel, once its card is there."""
        before = set(self.workspace.channels().values())
        self.ask(user, f"declare {text}")
        channel = wait_for("a channel", lambda: set(self.workspace.channels().values()) - before).pop()
        self.workspace.wait_for_message("the card", channel, lambda found: bool(found.buttons()))
        return channel

    def timeline(self, user: User, channel: str) -> list[str]:
        """The lines of the timeline as `/incident timeline` shows them, without its title."""
        return [line for line in self.ask(user, "timeline", channel).splitlines() if line.startswith("`E")]

    def wait_for_line(self, user: User, channel: str, text: str) -> str:
        """The timeline's line that holds *text*, once there is one."""

        def look() -> str | None:
            return next((line for line in self.timeline(user, channel) if text in line), None)

        return wait_for(f"“{text}” on the timeline", look, every=0.5)

    def wait_for_button(self, channel: str, action_id: str) -> Message:
        """The newest message with such a button, once there is one."""
        return wait_for(f"a button {action_id}", lambda: self.find_button(channel, action_id), seconds=60.0)

    def find_button(self, channel: str, action_id: str) -> Message | None:
        """The newest message with such a button, if there is one now."""
        found = [
            message
            for message in self.workspace.messages(channel)
            if any(button.action_id == action_id for button in message.buttons())
        ]
        return found[-1] if found else None

    def documents(self) -> list[Published]:
        """What was published to git."""
        return published(self.stage.served.documents)

    def posts(self, channel: str, text: str) -> list[Message]:
        """The messages for everybody that hold *text*."""
        found = self.workspace.messages(channel)
        return [message for message in found if message.ephemeral_to is None and text in message.words()]

    def _answer(self, user: User, channel: str, act: Callable[[], None]) -> Message:
        before = len(self.workspace.messages(channel))
        act()
        return self.workspace.wait_for_message(
            f"an answer to {user.name}", channel, lambda found: found.ephemeral_to == user.id, after=before
        )
