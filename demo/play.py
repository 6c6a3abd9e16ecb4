"""Play the script: people act one after the other through the stand-in's doors, at speed."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from demo.message import Message, chosen, typed
from demo.monitoring import Alarm, Monitoring
from demo.scenario import Scenario, Script, Step
from demo.waiting import wait_for
from demo.workspace import Workspace

EMOJI = "pushpin"
CHANNEL_PREFIX = "inc-"
DECLARE = "form.open:group_declare"
_DECLARE_FORM = "form.group_declare"
_MONITORING = "the monitoring"
# However long nothing happened in the incident, the viewer waits no longer than this.
_LONGEST_PAUSE = timedelta(seconds=4)
_ANSWER_SECONDS = 15.0
_RETRY_SECONDS = 1.0
# Slack dates what people ask for by the second; what is said within the one of the declaration has no order beside it.
_SECOND = 1.0
# What the answer to each verb holds when it was recorded.
_ANSWERS = {
    "alerts": " attached to #",
    "impact": "on record",
    "milestone": " was at ",
    "note": "Noted",
    "promote": " stands as ",
    "resolve": " is resolved",
    "role": " is now ",
    "status": " is now ",
    "update": "on record",
}


_LABEL = re.compile(r"\bE\d+\b")


class StepFailed(Exception):
    """A step of the demo did not go as it must; the message names it."""


class Refused(Exception):
    """The bot answered a command of the script with something else than the script expects."""


@contextmanager
def step(name: str) -> Iterator[None]:
    """Name what is being done, so that a failure says where it happened."""
    try:
        yield
    except StepFailed:
        raise
    except Exception as error:
        raise StepFailed(f"{name}: {error}") from error


@dataclass(slots=True, kw_only=True)
class Play:
    """One performance of *scenario* in *workspace*; *home* is the channel where people are before the incident.

    *alerts* is the channel in which the bot posts what *monitoring* sends.
    `speed` is how many times faster than the real incident; without it, nobody waits. `look` is told of each step
    before it is done.
    """

    scenario: Scenario
    workspace: Workspace
    monitoring: Monitoring
    home: str
    alerts: str
    tell: Callable[[str], None]
    speed: float | None = None
    look: Callable[[Step], None] = lambda _: None
    channel: str = ""
    channel_name: str = ""
    _written: dict[str, str] = field(default_factory=dict)
    _fired: list[tuple[Alarm, datetime]] = field(default_factory=list)

    def perform(self) -> None:
        """Do every step in order, the resolution last."""
        ends_at = datetime.now(UTC) + sum(self._pauses(), timedelta())
        script = Script(scenario=self.scenario, ends_at=ends_at, label=self._label)
        actions = {
            "fire": lambda step, _: self._fire(step, script),
            "settle": lambda step, _: self._settle(script.moved(step.at)),
            "say": self._say,
            "declare": self._declare,
            "command": self._command,
            "react": self._react,
            "edit": self._edit,
            "delete": self._delete,
        }
        for pause, each in zip(self._pauses(), self.scenario.steps, strict=True):
            time.sleep(pause.total_seconds())
            self.look(each)
            self.tell(f"  {each.at}  {self._name(each)}  {self.scenario.told(each)}")
            with step(f"{each.at} {self._name(each).strip()}: {self.scenario.told(each)}"):
                words = script.words(each)
                actions[each.do](each, words)
                script.links |= {name: self.link(ts) for name, ts in self._written.items()}

    def ask(self, user: str, channel: str, text: str) -> Message:
        """Send `/incident text` and return the answer that only *user* sees."""
        before = len(self.workspace.messages(channel))
        self.workspace.command(user, channel, text)
        return self.workspace.wait_for_message(
            f"an answer to “{text[:60]}”",
            channel,
            lambda message: message.ephemeral_to == user,
            after=before,
            seconds=_ANSWER_SECONDS,
        )

    def link(self, ts: str) -> str:
        """The address of a message in the incident's channel, as Slack's *Copy link* gives it."""
        return f"{self.workspace.url}/archives/{self.channel}/p{ts.replace('.', '')}"

    def _pauses(self) -> list[timedelta]:
        offsets = [self.scenario.since_start(each.at) for each in self.scenario.steps]
        gaps = [timedelta(), *(later - earlier for earlier, later in pairwise(offsets))]
        return [timedelta() if self.speed is None else min(gap / self.speed, _LONGEST_PAUSE) for gap in gaps]

    def _name(self, each: Step) -> str:
        names = {person.id: person.name for person in self.scenario.people.values()}
        return names.get(each.who, _MONITORING).ljust(max(len(name) for name in (*names.values(), _MONITORING)))

    def _label(self, words: str) -> str:
        answer = self.ask(self.scenario.author, self.channel, "timeline").words()
        found = next((line for line in answer.splitlines() if words in line), None)
        if found is None:
            raise Refused(f"there is no “{words}” on the timeline")
        return str(_LABEL.findall(found)[0])

    def _say(self, each: Step, words: str) -> None:
        place = self.home if each.place else self.channel
        ts = self.workspace.say(each.who, place, words, thread=self._written.get(each.thread))
        if each.name:
            self._written[each.name] = ts

    def _fire(self, each: Step, script: Script) -> None:
        if each.alarm is None:
            raise Refused(f"the script names no alarm at {each.at}")
        self._fired.append((each.alarm, script.moved(each.at)))
        self.monitoring.send(each.alarm.alerts(script.moved(each.at), None))

    def _settle(self, at: datetime) -> None:
        for alarm, since in self._fired:
            self.monitoring.send(alarm.alerts(since, at))

    def _declare(self, each: Step, words: str) -> None:
        """Press *Declare* on the alerts' message and fill in the form that it opens."""
        severity, title = words.split(maxsplit=1)
        group = self.workspace.wait_for_message(
            f"a message about {each.to}",
            self.alerts,
            lambda message: each.to in message.words() and any(one.action_id == DECLARE for one in message.buttons()),
        )
        self.workspace.press(each.who, group, DECLARE)
        form = wait_for("the form to declare", self._declare_form)
        errors = self.workspace.submit(each.who, {**typed("title", title), **chosen(form, "severity", severity)})
        if errors:
            raise Refused(f"the form says {errors}")
        self.workspace.close(each.who)
        self.channel_name, self.channel = self.workspace.wait_for_channel(CHANNEL_PREFIX)
        time.sleep(_SECOND)

    def _declare_form(self) -> Mapping[str, Any] | None:
        on_top = self.workspace.modal()
        return on_top if on_top and on_top["callback_id"] == _DECLARE_FORM else None

    def _command(self, each: Step, words: str) -> None:
        verb = words.split(maxsplit=1)[0]
        # A marked message reaches the record a moment after the mark: the bot must fetch it first.
        deadline = time.monotonic() + (_ANSWER_SECONDS if verb == "promote" else 0.0)
        while _ANSWERS[verb] not in (answer := self.ask(each.who, self.channel, words).words()):
            if time.monotonic() > deadline:
                raise Refused(f"the answer is “{answer}”")
            time.sleep(_RETRY_SECONDS)

    def _react(self, each: Step, _: str) -> None:
        self.workspace.react(each.who, self.channel, self._written[each.to], EMOJI)

    def _edit(self, each: Step, words: str) -> None:
        self.workspace.edit(each.who, self.channel, self._written[each.to], words)

    def _delete(self, each: Step, _: str) -> None:
        self.workspace.delete(each.who, self.channel, self._written[each.to])
