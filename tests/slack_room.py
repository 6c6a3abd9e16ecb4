"""The whole bot, served over HTTP beside the fake workspace; people act in it by signed requests alone."""

import http.client
import json
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from analysis.events import EventKind, TimelineEvent
from bot.app import App, build
from bot.settings import AlertFormat, Settings
from bot.slack.blocks.numbered_rows import of_incident
from bot.usecases.postmortem.drafting import draft_lane
from tests import slack_requests as requests
from tests.fake_slack import FakeSlack, Fault
from tests.loopback import serving
from tests.slack_requests import SIGNING_SECRET, WEBHOOK_SECRETS, Signed

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
HOME = "C0HOME"
OPERATIONS = "C0OPS"
ALERTS = "C0ALERTS"
#: Who is there, by what they may do; `default_access` makes full members responders.
COMMANDER, RESPONDER, OTHER, APPROVER = "U0COMMANDER", "U0RESPONDER", "U0OTHER", "U0APPROVER"
ADMIN, GUEST, STRANGER, GONE = "U0ADMIN", "U0GUEST", "U0STRANGER", "U0GONE"
#: Long enough for a machine that stands still for a while; nothing waits longer than it must.
PATIENCE_SECONDS = 30.0
#: How long a look at the database waits for a commit, where something else may have changed what it sees.
LONGEST_WAIT_SECONDS = 0.1
SHORTEST_WAIT_SECONDS = 0.002
#: The forms on an incident, and what the commander types before each makes sense.
FORMS: Mapping[str, tuple[str, ...]] = {
    "note": (),
    "correct": ("note The swich was thrown",),
    "update": (),
    "severity": (),
    "role": (),
    "milestone": (),
    "end": (),
    "reopen": ("resolve",),
}

T = TypeVar("T")


@dataclass(slots=True)
class MovingClock:
    """Stands still until it is moved, so that lanes rest no longer than a test wants."""

    instant: datetime = START
    lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        """Return the instant it was moved to."""
        with self.lock:
            return self.instant

    def move(self, **delta: float) -> None:
        """Go on by so much."""
        with self.lock:
            self.instant += timedelta(**delta)

    def set(self, instant: datetime) -> None:
        """Go to *instant*, never back."""
        with self.lock:
            self.instant = max(self.instant, instant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an HTTP request was answered, and how long that took."""

    status: int
    body: str
    seconds: float
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def json(self) -> dict[str, Any]:
        """The body as JSON; empty where there is none."""
        return dict(json.loads(self.body)) if self.body else {}

    @property
    def text(self) -> str:
        """What the asker reads."""
        return str(self.json.get("text", ""))


@dataclass(slots=True, kw_only=True)
class Room:
    """The bot with its workspace, and what people can do there."""

    slack: FakeSlack
    app: App
    clock: MovingClock
    port: int
    settings: Settings
    kept: dict[tuple[str, ...], tuple[int, str]] = field(default_factory=dict)
    committed: threading.Event = field(default_factory=threading.Event)

    def send(self, signed: Signed, path: str = "/slack/events") -> Answer:
        """Send a request to the bot, as Slack does."""
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("POST", path, signed.body, dict(signed.headers))
            response = connection.getresponse()
            body = response.read().decode()
            headers = {name.lower(): value for name, value in response.getheaders()}
        finally:
            connection.close()
        return Answer(status=response.status, body=body, seconds=time.monotonic() - began, headers=headers)

    def get(self, path: str) -> Answer:
        """Look at a page."""
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read().decode()
            return Answer(status=response.status, body=body, seconds=time.monotonic() - began)
        finally:
            connection.close()

    def command(self, user: str, text: str, channel: str = HOME) -> Signed:
        """Sign `/incident text` with a trigger and a response_url of its own."""
        return requests.command(
            user,
            text,
            channel=channel,
            trigger=self.slack.trigger(),
            response_url=self.slack.response_url(),
            name=self.settings.slack_command,
        )

    def say(self, user: str, text: str, channel: str = HOME) -> Answer:
        """Type `/incident text` and return the acknowledgement."""
        return self.send(self.command(user, text, channel))

    def ask(self, user: str, text: str, channel: str = HOME) -> str:
        """Type `/incident text` and return what the asker alone reads."""
        answer = self.say(user, text, channel)
        assert answer.status == 200, answer
        return answer.text

    def press(self, user: str, action_id: str, value: str, channel: str = HOME) -> str:
        """Press a button and return what its presser alone reads."""
        answers = len(self.slack.responses)
        answer = self.press_only(user, action_id, value, channel)
        assert answer.status == 200, answer
        self.wait_for("an answer to the press", lambda: len(self.slack.responses) > answers)
        return str(self.slack.responses[-1]["text"])

    def press_only(self, user: str, action_id: str, value: str, channel: str = HOME) -> Answer:
        """Press a button and return the acknowledgement."""
        trigger, url = self.slack.trigger(), self.slack.response_url()
        return self.send(requests.button(user, action_id, value, channel=channel, trigger=trigger, response_url=url))

    def open_form(self, user: str, name: str, number: int | str = "", channel: str = HOME) -> dict[str, Any]:
        """Press a button that opens a form; returns the form."""
        views = len(self.slack.views)
        self.press_only(user, f"form.open:{name}", str(number), channel)
        return self.wait_for("a form", lambda: self.slack.views[views:])[-1]

    def open_form_at_home(self, user: str, action_id: str) -> dict[str, Any]:
        """Press a button of the App Home that opens a form; returns the form."""
        views = len(self.slack.views)
        self.send(requests.home_button(user, action_id, trigger=self.slack.trigger()))
        return self.wait_for("a form", lambda: self.slack.views[views:])[-1]

    def shortcut(self, user: str, callback_id: str, channel: str, ts: str) -> Answer:
        """Choose a shortcut from a message's menu."""
        message, trigger = self.slack.find_message(channel, ts), self.slack.trigger()
        url = self.slack.response_url()
        return self.send(requests.shortcut(user, callback_id, message, channel=channel, trigger=trigger, url=url))

    def shortcut_form(self, user: str, callback_id: str, channel: str, ts: str) -> dict[str, Any]:
        """Choose a shortcut that opens a form; returns the form."""
        views = len(self.slack.views)
        self.shortcut(user, callback_id, channel, ts)
        return self.wait_for("a form", lambda: self.slack.views[views:])[-1]

    def shown_hash(self, channel: str) -> str:
        """The first letters of the newest offer's hash, as people read them."""
        found = re.findall(r"hash ([0-9a-f]{8})\b", json.dumps(self.slack.posts(channel)))
        return str(found[-1])

    def home(self, user: str) -> str:
        """What somebody sees who opens the App Home, as JSON."""
        self.slack.homes.pop(user, None)
        self.event({"type": "app_home_opened", "user": user, "channel": "D0HOME", "tab": "home"})
        return json.dumps(self.wait_for("the home", lambda: self.slack.homes.get(user)), ensure_ascii=False)

    def buttons(self, blocks: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """The buttons of a message, by what stands on them."""
        rows = [block["elements"] for block in blocks if block["type"] == "actions"]
        return {button["text"]["text"]: button for row in rows for button in row}

    def card(self, channel: str) -> dict[str, Any]:
        """The incident's card, as Slack has it."""
        return self.slack.find_message(channel, self.slack.channels[channel].pins[0])

    def submit(self, user: str, view: Mapping[str, Any], **values: str) -> dict[str, Any]:
        """Send a filled-in form and return what Slack is told: field errors, or another view."""
        answer = self.send(requests.submission(user, view, values))
        assert answer.status == 200, answer
        return answer.json

    def event(self, inner: Mapping[str, Any], **more: Any) -> Answer:
        """Deliver an event."""
        return self.send(requests.event(inner, **more))

    def webhook(self, body: Mapping[str, Any] | bytes, *, key: str = "", **more: Any) -> Answer:
        """Send an event to the webhook of deploys; *more* as `slack_requests.webhook` takes it."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        now = self.clock.now().timestamp()
        return self.send(requests.webhook(content, key=key, **{"at": now, **more}), "/webhooks/events/deploys")

    def alerts(self, source: str, body: Mapping[str, Any] | bytes, *, token: str = "", **headers: str) -> Answer:
        """Send alerts as *source* does; *headers* with underscores for dashes."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        bearer = {"Authorization": f"Bearer {token or WEBHOOK_SECRETS[0]}"}
        signed = Signed(body=content, headers={"Content-Type": "application/json", **bearer, **given})
        return self.send(signed, f"/webhooks/alerts/{source}")

    def react(self, user: str, channel: str, ts: str, **more: Any) -> Answer:
        """Let somebody react to a message, or take that back."""
        return self.event(requests.reaction(user, channel, ts, **{"at": self.slack.next_ts(), **more}))

    def edit(self, channel: str, ts: str, text: str, *, at: str = "") -> Answer:
        """Let a message's author change it, and deliver the event."""
        message = self.slack.find_message(channel, ts)
        changed = requests.edit(channel, message, text, at=at or self.slack.next_ts())
        message.update(changed["message"])
        return self.event(changed)

    def delete(self, channel: str, ts: str) -> Answer:
        """Let a message's author delete it, and deliver the event."""
        message = self.slack.find_message(channel, ts)
        self.slack.channels[channel].messages.remove(message)
        return self.event(requests.deletion(channel, message))

    def join(self, user: str, channel: str) -> None:
        """Let somebody enter a channel."""
        self.slack.channels[channel].members.add(user)
        self.event({"type": "member_joined_channel", "user": user, "channel": channel, "team": self.slack.team})

    def declare(self, user: str = RESPONDER, text: str = "SEV3 Card payments fail") -> tuple[int, str]:
        """Declare an incident; returns its number and its channel, once Slack has been told everything."""
        number = number_in(self.ask(user, f"declare {text}"))
        self.settle()
        channel = self.slack.channel_named(f"inc-{number}-")
        assert channel is not None
        return number, channel.id

    def draft(self, user: str, channel: str = HOME, text: str = "draft") -> str:
        """Type `/incident draft` and wait until the draft is made; returns what the asker reads."""
        answer = self.ask(user, text, channel)
        self.wait_for_draft(number_in(answer))
        return answer

    def wait_for_draft(self, number: int) -> None:
        """Wait until no draft of the incident is being made."""
        self.app.dispatcher.wake()
        for _ in self._commits():
            if not self._is_drafting(number):
                return
        raise TimeoutError("the draft")

    def _is_drafting(self, number: int) -> bool:
        with self.app.store.snapshots.snapshot() as reads:
            incident = reads.incident_by_number(self.app.workspace_id, number)
            return incident is not None and reads.is_queued(draft_lane(incident))

    def kept_incident(self, *before: str) -> tuple[int, str]:
        """An incident in whose channel the commander has typed *before*: for tests that leave it as it is."""
        if before not in self.kept:
            number, channel = self.declare()
            for text in before:
                self.draft(COMMANDER, channel) if text == "draft" else self.ask(COMMANDER, text, channel)
            self.settle()
            self.kept[before] = number, channel
        return self.kept[before]

    def timeline(self, user: str, number: int) -> list[str]:
        """The lines of the timeline as their reader sees them, without the title."""
        return [line for line in self.ask(user, f"#{number} timeline").splitlines() if line.startswith("`E")]

    def named_by_button(self, number: int) -> str:
        """How a button names the incident."""
        with self.app.store.snapshots.snapshot() as reads:
            incident = reads.incident_by_number(self.app.workspace_id, number)
            assert incident is not None
            return of_incident(incident)

    def events(self, number: int) -> tuple[TimelineEvent, ...]:
        """The incident's ledger, as the database has it."""
        with self.app.store.snapshots.snapshot() as reads:
            incident = reads.incident_by_number(self.app.workspace_id, number)
            assert incident is not None
            return reads.events(incident.id)

    def parked_lanes(self, number: int) -> list[str]:
        """The lanes of the incident that wait for somebody."""
        incident = str(self.events(number)[0].incident_id)
        return [lane for lane in self.app.store.lane_report()["parked_lanes"] if incident in lane]

    def facts(self, number: int) -> list[str]:
        """What people have put on record, without what follows from Slack's answers."""
        follows = {EventKind.CHANNEL_LINKED, EventKind.CARD_PINNED}
        return [event.natural_key for event in self.events(number) if event.kind not in follows]

    def settle(self, *, horizon: timedelta = timedelta(minutes=2)) -> None:
        """Let the lanes send all that is due within *horizon*, moving the clock over their rests."""
        limit = self.clock.now() + horizon
        self._wake()
        for _ in self._commits():
            self._wait_while_busy()
            if self._is_busy():
                continue
            due = self._next_due()
            if due is None or due > limit:
                return
            if due > self.clock.now():
                self.clock.set(due)
                self._wake()
        raise TimeoutError(f"the lanes do not come to rest: {self.app.store.lane_report()}")

    def _commits(self) -> Iterator[None]:
        """Now and after each commit, while patience lasts: asking the database all the time costs more than sending."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends:
            self.committed.clear()
            yield
            self.committed.wait(LONGEST_WAIT_SECONDS)

    def _wait_while_busy(self) -> None:
        """Ask the lanes themselves, which costs nothing, before the database, until what they hold is sent."""
        ends = time.monotonic() + LONGEST_WAIT_SECONDS
        while self._is_busy() and time.monotonic() < ends:
            time.sleep(SHORTEST_WAIT_SECONDS)

    def _is_busy(self) -> bool:
        return self.app.dispatcher.is_busy or self.app.paging.is_busy

    def _next_due(self) -> datetime | None:
        """When something is due next, in Slack or at the pager; while Slack is busy the pager is not asked, too."""
        posts, pages = self.app.store.outbox, self.app.store.pager_outbox
        busy_since = posts.next_due()
        if busy_since is not None and busy_since <= self.clock.now():
            return busy_since
        # The pager's first: what becomes of a page is posted, and no post pages anybody.
        return min(filter(None, (box.next_due() for box in (pages, posts))), default=None)

    def _wake(self) -> None:
        self.app.dispatcher.wake()
        self.app.paging.wake()

    def wait_for(self, what: str, look: Callable[[], T]) -> T:
        """What *look* finds, as soon as it finds something."""
        pause, ends = SHORTEST_WAIT_SECONDS, time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends:
            if found := look():
                return found
            time.sleep(pause)
            pause = min(1.2 * pause, LONGEST_WAIT_SECONDS)
        raise TimeoutError(what)

    def hold(self, fault: Fault, begin: Callable[[], object]) -> None:
        """Let *begin* lead to a call that Slack has, and answers as *fault* says only after the next commit."""
        gate = fault.gate = threading.Event()
        self.slack.break_down(fault)
        begin()
        self.wait_for("the attempt", lambda: self._go_on() or self.slack.delayed)
        self.app.store.writer.add_commit_hook(lambda _written: gate.set())

    def _go_on(self) -> None:
        self.clock.move(seconds=0.5)
        self._wake()


def number_in(reply: str) -> int:
    """The number of the incident that a reply is about."""
    found = re.search(r"#(\d+)", reply)
    assert found, reply
    return int(found[1])


@contextmanager
def open_room(
    database_url: str, folder: Path, *, start: datetime = START, port: int = 0, **over: Any
) -> Iterator[Room]:
    """Serve a bot on *database_url* beside a new workspace, at *start*, on *port* if not 0; *over* are settings."""
    clock = MovingClock(instant=start)
    with FakeSlack(now=lambda: clock.now().timestamp()) as slack:
        populate(slack)
        settings = room_settings(slack, database_url, folder, **over)
        app = build(settings, clock=clock)
        with serving(app.web, port) as served_on:
            app.start()
            room = Room(slack=slack, app=app, clock=clock, port=served_on, settings=settings)
            app.store.writer.add_commit_hook(lambda _written: room.committed.set())
            try:
                room.wait_for("the people", lambda: app.directory.is_known(GONE))
                room.wait_for("the groups", lambda: slack.calls_of("usergroups.list"))
                yield room
            finally:
                app.stop()


@contextmanager
def served_again(room: Room, **over: Any) -> Iterator[Room]:
    """The same bot in the same workspace after a restart; *over* are settings that were changed meanwhile."""
    room.app.stop()
    settings = room.settings.model_copy(update=over)
    app = build(settings, clock=room.clock)
    with serving(app.web, 0) as served_on:
        app.start()
        app.store.writer.add_commit_hook(lambda _written: room.committed.set())
        try:
            yield replace(room, app=app, port=served_on, settings=settings, kept={})
        finally:
            app.stop()


def populate(slack: FakeSlack) -> None:
    """People of every kind, and two channels."""
    slack.add_user(COMMANDER, "cleo", tz="Europe/Copenhagen")
    slack.add_user(RESPONDER, "remy", tz="America/New_York")
    slack.add_user(OTHER, "otto")
    slack.add_user(APPROVER, "abel")
    slack.add_user(ADMIN, "ada")
    slack.add_user(GUEST, "gus", is_restricted=True)
    slack.add_user(STRANGER, "stan", team_id="T0ELSEWHERE", is_stranger=False)
    slack.add_user(GONE, "gail", deleted=True)
    slack.groups["S0COMMANDERS"] = [COMMANDER]
    slack.add_channel(HOME, "payments", *slack.users)
    slack.add_channel(OPERATIONS, "operations")
    slack.add_channel(ALERTS, "alerts")


def room_settings(slack: FakeSlack, database_url: str, folder: Path, **over: Any) -> Settings:
    """Settings of a bot for *slack*, with everything it writes below *folder*."""
    return Settings(
        **{
            "database_url": database_url,
            "key_file": folder / "debrief.key",
            "anchors_file": folder / "anchors.jsonl",
            "slack_bot_token": "xoxb-fake",
            "slack_signing_secret": SIGNING_SECRET,
            "slack_api_url": slack.url,
            "slack_timeout_seconds": 2,
            "operations_channel": OPERATIONS,
            "access": {"commander": {"S0COMMANDERS"}, "approver": {APPROVER, COMMANDER}, "admin": {ADMIN}},
            "webhook_secrets": {"deploys": WEBHOOK_SECRETS},
            "alert_sources": {form.value: {"format": form, "secrets": WEBHOOK_SECRETS} for form in AlertFormat},
            "publish_git_dir": repository(folder / "documents"),
            **over,
        }
    )


def repository(folder: Path) -> Path:
    """An empty git repository."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=True)
    return folder
