"""The script of the demo: who says and does what, and when it was in the real incident."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from textwrap import shorten
from typing import Any

from demo.standin import User

SCENARIO_FILE = Path(__file__).with_name("scenario.json")

_TIME = re.compile(r"\{(\d\d:\d\d)\}")
_PERSON = re.compile(r"<@([a-z]+)>")
_QUOTED_LETTERS = 40
_EVENT = re.compile(r"\{event:([^}]+)\}")
_LINK = re.compile(r"\{link:([a-z]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing somebody does; `at` is the hour and minute it belongs to in the real incident."""

    at: str
    who: str
    do: str
    text: str = ""
    name: str = ""
    to: str = ""
    thread: str = ""
    place: str = ""


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
    steps: tuple[Step, ...]

    def since_start(self, at: str) -> timedelta:
        """How far *at* is from the first step."""
        return _clock(at) - _clock(self.steps[0].at)

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
        thread = f", in the thread of {self._quoted(step.thread)}" if step.thread else ""
        return {
            "say": f"“{text}”{thread}",
            "declare": f"/incident {text}",
            "command": f"/incident {text}",
            "react": f"marks {self._quoted(step.to)} for the timeline",
            "edit": f"corrects {self._quoted(step.to)} to “{text}”",
            "delete": f"deletes {self._quoted(step.to)}",
        }[step.do]

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
        steps=steps,
    )


def _step(raw: Mapping[str, str], people: Mapping[str, User]) -> Step:
    return Step(
        at=raw["at"],
        who=people[raw["who"]].id,
        do=raw["do"],
        text=raw.get("text", ""),
        name=raw.get("id", ""),
        to=raw.get("to", ""),
        thread=raw.get("thread", ""),
        place=raw.get("in", ""),
    )


def _clock(at: str) -> datetime:
    return datetime.strptime(at, "%H:%M")  # noqa: DTZ007 - only differences of such clock times are used
