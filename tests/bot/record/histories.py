"""Histories of an incident channel: what happened in Slack, what Slack tells of it, and what a reader must find.

A history is made of steps at Slack's own instants. `Telling` turns them into the signed requests of one channel and
knows what the workspace shows after each; `expected` says, from the steps alone, what the timeline has to hold.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from hypothesis import strategies as st

from tests import slack_requests as requests
from tests.slack_requests import Signed
from tests.slack_room import COMMANDER, GUEST, OTHER, RESPONDER, START

BEGAN = START - timedelta(minutes=30)
#: A guest's marks must leave no trace.
MARKERS = (COMMANDER, RESPONDER, OTHER, GUEST)
CORRECTORS = (COMMANDER, RESPONDER, OTHER)
EMOJI = ("pushpin", "stopwatch")
WORDS = ("starting", "half way", "done", "rolled back &amp; &lt;safe&gt;")
#: Most steps share a second with another, which is all that Slack's edit times and people's clocks tell.
GAPS = (0.0003, 0.0003, 0.3, 0.3, 7.0, 61.0)
SLACK_EVENTS, WEBHOOKS = "/slack/events", "/webhooks/events/deploys"


class Act(StrEnum):
    """What happens in a step."""

    SAY = "say"  #: a message is written; Slack tells nothing that is kept
    MARK = "mark"  #: somebody reacts
    UNMARK = "unmark"  #: and takes it back
    SHORTCUT = "shortcut"  #: somebody adds the message from its menu
    EDIT = "edit"  #: its author edits it
    DELETE = "delete"  #: and deletes it
    NOTE = "note"  #: somebody writes a back-dated note
    DEPLOY = "deploy"  #: a system reports a deploy
    CORRECT = "correct"  #: somebody corrects a note: its text, and its time to that of the step
    WITHDRAW = "withdraw"  #: somebody takes a note off the timeline
    RESTORE = "restore"  #: and somebody puts it back


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened; `place` says to which message, or to which step's note, where it happened to one."""

    act: Act
    at: str
    who: str
    place: int = 0
    word: str = ""
    emoji: str = ""

    @property
    def instant(self) -> datetime:
        """When it happened."""
        return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=round(float(self.at) * 1_000_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a reader must find on the timeline."""

    at: datetime
    text: str
    versions: tuple[str, ...] = ()
    is_deleted: bool = False
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A request to the bot; sent again, it carries the header of Slack's retries where Slack retries it.

    One that is about a note is signed with the label that the note has when it is sent. Nobody can say anything of an
    entry that is not there yet: `needs` are the keys of what must have arrived before.
    """

    path: str
    key: str
    sign: Callable[[str], tuple[Signed, Signed]]
    shown: Mapping[str, Mapping[str, Any]]
    about: str = ""
    needs: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Message:
    """A message as the steps leave it."""

    step: Step
    texts: list[tuple[str, str]]
    marks: dict[tuple[str, str], bool] = field(default_factory=dict)
    first_mark: str = ""
    is_deleted: bool = False


@st.composite
def histories(draw: st.DrawFn) -> tuple[Step, ...]:
    """Steps in the order of time; what makes no sense (editing a deleted message) is left out."""
    acts = st.tuples(
        st.sampled_from([Act.MARK, Act.EDIT, Act.UNMARK, Act.NOTE, Act.CORRECT, *Act]),
        st.sampled_from(GAPS),
        st.integers(0, 5),
        st.integers(0, 2),
        st.sampled_from(WORDS),
        st.sampled_from(EMOJI),
    )
    first = (Act.SAY, 1.5, 0, 0, "starting", "")
    noted = (Act.NOTE, 1.5, 0, 0, "starting", "")
    steps: list[Step] = []
    now = BEGAN.timestamp()
    for act, gap, number, place, word, emoji in [first, first, noted, *draw(st.lists(acts, min_size=5, max_size=16))]:
        now += gap
        messages = _messages(steps)
        step = Step(
            act=act,
            at=f"{now:.6f}",
            who=_who(act, number),
            place=_place(act, place, steps, messages),
            word=word,
            emoji="shortcut" if act is Act.SHORTCUT else emoji,
        )
        made = _as_it_can_be(step, messages, number, steps)
        steps += [made] if made else []
    return tuple(steps)


def _who(act: Act, number: int) -> str:
    if act in _BY_READERS:
        return MARKERS[number % len(MARKERS)]
    return CORRECTORS[number % len(CORRECTORS)] if act in _ABOUT_NOTES else OTHER


def _place(act: Act, place: int, steps: Sequence[Step], messages: Mapping[int, "_Message"]) -> int:
    if act in _ABOUT_NOTES:
        notes = [number for number, step in enumerate(steps) if step.act is Act.NOTE]
        return notes[place % len(notes)] if notes else 0
    return len(messages) if act is Act.SAY else place % max(len(messages), 1)


def expected(steps: Sequence[Step]) -> list[Line]:
    """The timeline that these steps must give, beside what the incident itself adds."""
    lines = [_line(message) for message in _messages(steps).values() if any(message.marks.values())]
    for place, step in enumerate(steps):
        if step.act is Act.NOTE:
            lines += _note_line(place, step, steps)
        elif step.act is Act.DEPLOY:
            lines.append(Line(at=step.instant, text=step.word, actor="webhook:deploys"))
    return sorted(lines, key=lambda line: (line.at, line.text))


def _note_line(place: int, note: Step, steps: Sequence[Step]) -> list[Line]:
    """The note as the last correction of it says, unless the last word on it is that it is withdrawn."""
    said = [step for step in steps if step.act in _ABOUT_NOTES and step.place == place]
    standing = [step.act for step in said if step.act is not Act.CORRECT]
    if standing and standing[-1] is Act.WITHDRAW:
        return []
    shown = [note, *(step for step in said if step.act is Act.CORRECT)][-1]
    at = shown.instant.replace(second=0, microsecond=0)
    return [Line(at=at, text=_decoded(shown.word), actor=f"slack:{note.who}")]


class Telling:
    """One history in one channel: its requests, each with the messages that Slack shows at that moment."""

    def __init__(
        self, steps: Sequence[Step], *, channel: str, number: int, tag: str, now: datetime, slack: str
    ) -> None:
        """Sign every request anew, with keys that begin with *tag*; *now* is what the bot's clock says."""
        self._channel, self._number, self._tag, self._now, self._slack = channel, number, tag, now, slack
        self._messages: dict[int, dict[str, Any]] = {}
        self._steps = steps
        #: Slack's seconds of the requests: those of the steps, moved to where a signature is still fresh.
        self._typed_at = time.time() - len(steps)
        made = [self._delivery(place, step) for place, step in enumerate(steps)]
        self.deliveries = [delivery for delivery in made if delivery]
        self.shown = self._shown()

    def _delivery(self, place: int, step: Step) -> Delivery | None:
        key = self._key(place)
        if step.act in _ABOUT_NOTES:
            return self._about_note(key, place, step)
        signed = self._signed(key, step)
        if signed is None:
            return None
        path = WEBHOOKS if step.act is Act.DEPLOY else SLACK_EVENTS
        return Delivery(path=path, key=key, sign=lambda _: signed, shown=self._shown())

    def _about_note(self, key: str, place: int, step: Step) -> Delivery:
        def sign(label: str) -> tuple[Signed, Signed]:
            text = f"#{self._number} {step.act} {label} {self._words(step)}"
            where = {"channel": self._channel, "trigger": f"t{key}", "response_url": self._url(key)}
            return _twice(requests.command(step.who, text, **where, at=self._typed_at + place))

        note = self._key(step.place)
        needs = {note}
        if step.act is Act.RESTORE:
            needs |= {self._key(_withdrawal_before(place, step, self._steps))}
        return Delivery(
            path=SLACK_EVENTS,
            key=key,
            sign=sign,
            shown=self._shown(),
            about=f"slack:t{note}",
            needs=frozenset(needs),
        )

    def _words(self, step: Step) -> str:
        if step.act is Act.CORRECT:
            return f"{step.instant:%H:%M} UTC {step.word}"
        return f"because it is {step.word}"

    def _key(self, place: int) -> str:
        return f"{self._tag}{place:03}"

    def _signed(self, key: str, step: Step) -> tuple[Signed, Signed] | None:
        match step.act:
            case Act.SAY:
                text = {"type": "message", "user": step.who, "text": step.word, "ts": step.at}
                self._messages[step.place] = text
                return None
            case Act.NOTE:
                return _twice(self._note(key, step))
            case Act.DEPLOY:
                return _twice(self._deploy(key, step))
            case Act.SHORTCUT:
                return _twice(self._shortcut(key, step))
            case _:
                inner = self._event(step)
                return requests.event(inner, event_id=f"Ev{key}"), requests.event(inner, event_id=f"Ev{key}", retry=1)

    def _event(self, step: Step) -> dict[str, Any]:
        message = self._messages[step.place]
        if step.act in {Act.MARK, Act.UNMARK}:
            is_on = step.act is Act.MARK
            ts = message["ts"]
            return requests.reaction(step.who, self._channel, ts, emoji=step.emoji, at=step.at, is_on=is_on)
        if step.act is Act.DELETE:
            del self._messages[step.place]
            return requests.deletion(self._channel, message, at=step.at)
        changed = requests.edit(self._channel, message, step.word, at=step.at)
        self._messages[step.place] = changed["message"]
        return changed

    def _note(self, key: str, step: Step) -> Signed:
        text = f"#{self._number} note {step.instant:%H:%M} {step.word}"
        return requests.command(step.who, text, channel=self._channel, trigger=f"t{key}", response_url=self._url(key))

    def _shortcut(self, key: str, step: Step) -> Signed:
        message = self._messages[step.place]
        where = {"channel": self._channel, "trigger": f"t{key}", "url": self._url(key)}
        return requests.shortcut(step.who, "add_to_timeline", message, **where, at=step.at)

    def _url(self, key: str) -> str:
        return f"{self._slack}/response/{key}"

    def _deploy(self, key: str, step: Step) -> Signed:
        at = step.instant.isoformat()
        body = json.dumps({"kind": "deploy", "text": step.word, "at": at, "incident": self._number}).encode()
        return requests.webhook(body, at=self._now.timestamp(), key=key)

    def _shown(self) -> dict[str, Mapping[str, Any]]:
        return {message["ts"]: dict(message) for message in self._messages.values()}


def _twice(signed: Signed) -> tuple[Signed, Signed]:
    return signed, signed


_BY_READERS = frozenset({Act.MARK, Act.UNMARK, Act.SHORTCUT})
_ABOUT_NOTES = frozenset({Act.CORRECT, Act.WITHDRAW, Act.RESTORE})
_APART = frozenset({Act.NOTE, Act.DEPLOY}) | _ABOUT_NOTES


def _withdrawal_before(place: int, step: Step, steps: Sequence[Step]) -> int:
    """Which step withdrew the note that this one restores."""
    return next(
        number for number, other in enumerate(steps[:place]) if other.act is Act.WITHDRAW and other.place == step.place
    )


def _messages(steps: Sequence[Step]) -> dict[int, _Message]:
    messages: dict[int, _Message] = {}
    for step in steps:
        if step.act not in _APART:
            _live(messages, step)
    return messages


def _as_it_can_be(step: Step, messages: Mapping[int, _Message], number: int, steps: Sequence[Step]) -> Step | None:
    """The step, by somebody who can take it; nothing where it makes no sense."""
    if step.act in _ABOUT_NOTES:
        said = {(one.act, one.place) for one in steps}
        is_there = step.place < len(steps) and steps[step.place].act is Act.NOTE
        return step if is_there and (step.act is not Act.RESTORE or (Act.WITHDRAW, step.place) in said) else None
    if step.act in {Act.SAY, *_APART}:
        return step
    message = messages[step.place]
    standing = [mark for mark, is_on in message.marks.items() if is_on and mark[1] != "shortcut"]
    if message.is_deleted or (step.act is Act.EDIT and message.texts[-1][1] == step.word):
        return None
    if step.act is Act.UNMARK and step.who != GUEST:
        if not standing:
            return None
        who, emoji = standing[number % len(standing)]
        return replace(step, who=who, emoji=emoji)
    return None if step.act is Act.MARK and (step.who, step.emoji) in standing else step


def _live(messages: dict[int, _Message], step: Step) -> None:
    if step.act is Act.SAY:
        messages[step.place] = _Message(step, [(step.at, step.word)])
        return
    message = messages[step.place]
    if step.act is Act.EDIT:
        message.texts.append((step.at, step.word))
    elif step.act is Act.DELETE:
        message.is_deleted = True
    elif step.who != GUEST:
        message.marks[step.who, step.emoji] = step.act is not Act.UNMARK
        if step.act is Act.UNMARK:
            message.marks[step.who, "shortcut"] = False
        message.first_mark = message.first_mark or step.at


def _line(message: _Message) -> Line:
    """Show the text that the first marker saw, and every later one."""
    seen = [place for place, (at, _) in enumerate(message.texts) if at <= message.first_mark]
    texts = tuple(_decoded(text) for _, text in message.texts[seen[-1] :])
    return Line(
        at=message.step.instant,
        text=texts[-1],
        versions=texts,
        is_deleted=message.is_deleted,
        actor=f"slack:{message.step.who}",
    )


def _decoded(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
