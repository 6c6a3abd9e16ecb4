"""The script of the demo: who says and does what, and when it was in the real incident."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from textwrap import shorten
from typing import Any

from demo.monitoring import Alarm
from demo.standin import User

SCENARIO_FILE = Path(__file__).with_name("scenario.json")

_TIME = re.compile(r"\{(\d\d:\d\d)\}")
_PERSON = re.compile(r"<@([a-z]+)>")
_QUOTED_LETTERS = 40
_EVENT = re.compile(r"\{event:([^}]+)\}")
_LINK = re.compile(r"\{link:([a-z]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing somebody or the monitoring does; `at` is the hour and minute it belongs to in the real incident.

    The monitoring fires `alarm`, or ends every alarm where it settles; it is nobody, so `who` is empty then.
    """

    at: str
    who: str
    do: str
    text: str = ""
    name: str = ""
    to: str = ""
    thread: str = ""
    place: str = ""
    alarm: Alarm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A public incident with its people, as written in `scenario.json`."""

    title: str
    date: str
    ends: str
    source: Mapping[str, Any]
    people: Mapping[str, User]
    access: Mapping[str, tuple[str, ...]]
    author: str
    approver: str
    service_graph: Mapping[str, Any]
    steps: tuple[Step, ...]

    def since_start(self, at: str) -> timedelta:
        """How far *at* is from the first step."""
        return _clock(at) - _clock(self.steps[0].at)

    def alarms(self) -> tuple[Alarm, ...]:
        """What the monitoring fires, in order."""
        return tuple(step.alarm for step in self.steps if step.alarm is not None)

    def notes(self) -> tuple[str, ...]:
        """The texts of the notes, without their times."""
        commands = [step.text for step in self.steps if step.do == "command"]
        return tuple(_TIME.sub("", text).removeprefix("note").strip() for text in commands if text.startswith("note "))

    def marked(self) -> tuple[str, ...]:
        """The last texts of the messages that are marked and not deleted, in the order they are written."""
        marked = {step.to for step in self.steps if step.do == "react"}
        deleted = {step.to for step in self.steps if step.do == "delete"}
        texts = {step.name: step.text for step in self.steps if step.do == "say" and step.name in marked - deleted}
        texts |= {step.to: step.text for step in self.steps if step.do == "edit" and step.to in texts}
        return tuple(texts.values())

    def kept_out(self) -> tuple[str, ...]:
        """The texts that no document may hold: what nobody marked, what was deleted, what was corrected since."""
        shown = self.marked()
        return tuple(step.text for step in self.steps if step.do == "say" and step.text not in shown)

    def told(self, step: Step) -> str:
        """*step* as a line for people, with the times of the real incident."""
        text = step.text.replace("{title}", self.title)
        text = _PERSON.sub(lambda found: f"@{self.people[found[1]].name}", text)
        text = _LINK.sub(lambda found: self._quoted(found[1]), text)
        text = _EVENT.sub(lambda found: f"“{found[1]}…”", text)
        text = _TIME.sub(lambda found: found[1], text)
        if step.alarm is not None:
            return f"{step.alarm.rule} fires at {', '.join(step.alarm.sites)}"
        tellings: Mapping[str, Callable[[], str]] = {
            "settle": lambda: "all that fires is over",
            "say": lambda: f"“{text}”{self._in_thread(step)}",
            "declare": lambda: f"presses Declare at {step.to}: {text}",
            "react": lambda: f"marks {self._quoted(step.to)} for the timeline",
            "edit": lambda: f"corrects {self._quoted(step.to)} to “{text}”",
            "delete": lambda: f"deletes {self._quoted(step.to)}",
        }
        return tellings.get(step.do, lambda: f"/incident {text}")()

    def _in_thread(self, step: Step) -> str:
        return f", in the thread of {self._quoted(step.thread)}" if step.thread else ""

    def _quoted(self, name: str) -> str:
        text = next(step.text for step in self.steps if step.do == "say" and step.name == name)
        return f"“{shorten(text, _QUOTED_LETTERS, placeholder='…')}”"


@dataclass(slots=True, kw_only=True)
class Script:
    """The words of the steps made ready for one performance, which ends at `ends_at`.

    `label` finds the label that an event has on the timeline at that moment, by words of its text.
    """

    scenario: Scenario
    ends_at: datetime
    label: Callable[[str], str]
    links: dict[str, str] = field(default_factory=dict)

    def words(self, step: Step) -> str:
        """The text of *step* with people, links, labels of events and times filled in."""
        text = step.text.replace("{title}", self.scenario.title)
        text = _PERSON.sub(lambda found: f"<@{self.scenario.people[found[1]].id}>", text)
        text = _LINK.sub(lambda found: self.links[found[1]], text)
        text = _EVENT.sub(lambda found: self.label(found[1]), text)
        return _TIME.sub(lambda found: f"{self.moved(found[1]):%Y-%m-%dT%H:%MZ}", text)

    def moved(self, at: str) -> datetime:
        """The instant that stands for *at*: as long before the end as it was in the real incident."""
        return self.ends_at - (_clock(self.scenario.ends) - _clock(at))


def load(path: Path = SCENARIO_FILE) -> Scenario:
    """Read the script; a name it does not explain is an error."""
    raw = json.loads(path.read_text())
    people = {
        person["key"]: User(id=person["id"], name=person["name"], real_name=person["real_name"])
        for person in raw["people"]
    }
    steps = tuple(_step(step, people) for step in raw["steps"])
    return Scenario(
        title=raw["title"],
        date=raw["date"],
        ends=raw["ends"],
        source=raw["source"],
        people=people,
        access={level: tuple(people[key].id for key in keys) for level, keys in raw["access"].items()},
        author=people[raw["author"]].id,
        approver=people[raw["approver"]].id,
        service_graph=raw["service_graph"],
        steps=steps,
    )


def _step(raw: Mapping[str, Any], people: Mapping[str, User]) -> Step:
    return Step(
        at=raw["at"],
        who=people[raw["who"]].id if "who" in raw else "",
        do=raw["do"],
        text=raw.get("text", ""),
        name=raw.get("id", ""),
        to=raw.get("to", ""),
        thread=raw.get("thread", ""),
        place=raw.get("in", ""),
        alarm=_alarm(raw["alarm"]) if "alarm" in raw else None,
    )


def _alarm(raw: Mapping[str, Any]) -> Alarm:
    return Alarm(
        rule=raw["rule"],
        severity=raw["severity"],
        service=raw["service"],
        sites=tuple(raw["sites"]),
        text=raw["text"],
        belongs=raw.get("belongs", True),
    )


def _clock(at: str) -> datetime:
    return datetime.strptime(at, "%H:%M")  # noqa: DTZ007 - only differences of such clock times are used
