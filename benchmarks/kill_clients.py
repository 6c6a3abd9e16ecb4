"""What people and systems do to the bot while it is killed: signed requests, and what each was told about them.

Each client steers incidents of its own, one request after another, so that it knows what a request must lead to.
Events and webhooks are sent again until they are acknowledged, as Slack does; commands and presses are sent once.
"""

import http.client
import itertools
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from analysis.quiet import FIRST_MESSAGES, KEPT_FOR_NOTICE
from benchmarks.kill_bot import Bot, Moment, Trap
from benchmarks.kill_slack import DeadlySlack
from tests import slack_requests as requests
from tests.slack_requests import Signed
from tests.slack_room import COMMANDER, HOME, OTHER, RESPONDER, number_in

PATIENCE_SECONDS = 10.0
#: How long a client waits for what a button's presser is told after the acknowledgement.
ANSWER_SECONDS = 0.7
#: The card and these are the ordinary messages that an incident's first half hour takes, so that none is held back.
ANNOUNCEMENTS = FIRST_MESSAGES - KEPT_FOR_NOTICE - 1
ACTIONS_OF_INCIDENT = 60
RESENT_SHARE = 0.05
STATUSES = ("investigating", "mitigating", "monitoring")
SLACK, WEBHOOKS = "/slack/events", "/webhooks/events/deploys"
NOT_SURE = ("did not answer", "could not confirm", "database is locked")


class Told(StrEnum):
    """What the sender of a request knows."""

    RECORDED = "recorded"  #: acknowledged: it must be on record
    REFUSED = "refused"  #: told that nothing was recorded: it must not be
    UNKNOWN = "unknown"  #: no answer, or one that does not say: it may be


@dataclass(slots=True, kw_only=True)
class Asked:
    """One thing that was asked for, by the kind of entry that must follow and the token that the entry carries."""

    kind: str
    token: str
    told: Told = Told.UNKNOWN
    sent: int = 0
    said: str = ""


@dataclass(slots=True, kw_only=True)
class Message:
    """A message that a person wrote in the incident's channel."""

    ts: str
    is_marked: bool = False


@dataclass(slots=True, kw_only=True)
class Steered:
    """What a client knows of the incident that it steers; `None` where an answer was lost."""

    number: int
    status: str | None = None
    severity: int | None = 3
    announcements: int = 0
    actions: int = 0
    channel: str = ""
    messages: list[Message] = field(default_factory=list)


class Shared:
    """What all clients of a campaign share."""

    def __init__(self, bot: Bot, slack: DeadlySlack) -> None:
        """Nobody has asked for anything."""
        self.bot = bot
        self.slack = slack
        self.trap = Trap(Moment.LOAD)
        self.asked: list[Asked] = []
        self.is_over = False
        #: Whether the campaign itself failed, so that nobody will ever answer again.
        self.is_aborted = False
        #: Whether the database itself was disturbed in this life, so that a press may be refused unheard.
        self.is_disturbed = False
        self._numbers = itertools.count(1)

    def token(self) -> str:
        """A word that nothing else says."""
        return f"k{next(self._numbers)}z"

    def ask(self, kind: str, token: str) -> Asked:
        """Put down what is about to be asked for."""
        asked = Asked(kind=kind, token=token)
        self.asked.append(asked)
        return asked


class Client:
    """One sender: acts until the campaign is over."""

    def __init__(self, shared: Shared, seed: str) -> None:
        """The same *seed* draws the same actions."""
        self._shared = shared
        self._random = random.Random(seed)
        self._incident: Steered | None = None

    def run(self) -> None:
        """Act whenever the bot is up."""
        while not self._shared.is_over:
            if self._shared.bot.up.wait(0.05):
                self._act()
                time.sleep(self._random.uniform(0.0, 0.02))

    def _act(self) -> None:
        incident = self._incident
        if incident is None or incident.actions >= ACTIONS_OF_INCIDENT:
            self._incident = self._declare()
            return
        incident.actions += 1
        if not incident.channel:
            incident.channel = self._channel(incident)
        known = [self._note, self._status, self._press, self._severity, self._update, self._webhook]
        weights = [5, 2, 2, 2, 2, 3]
        if incident.channel:
            known += [self._mark, self._edit]
            weights += [5, 3]
        self._random.choices(known, weights)[0](incident)

    def _channel(self, incident: Steered) -> str:
        """The incident's channel once its card is there: then the bot has it on record, and watches it."""
        found = self._shared.slack.channel_named(f"inc-{incident.number}-")
        return found.id if found and self._shared.slack.posts(found.id) else ""

    def _declare(self) -> Steered | None:
        token = self._shared.token()
        asked = self._command("declared", token, f"declare SEV3 Payments {token} fail", "declared:", RESPONDER)
        return Steered(number=number_in(asked.said)) if asked.told is Told.RECORDED else None

    def _note(self, incident: Steered) -> None:
        token = self._shared.token()
        self._command("note", token, f"#{incident.number} note rolled back {token}", "Noted on", RESPONDER)

    def _status(self, incident: Steered) -> None:
        others = [status for status in STATUSES if status != incident.status]
        target = self._random.choice(others)
        token = self._shared.token()
        asked = self._command("status_changed", token, f"#{incident.number} status {target}", "is now")
        already = asked.told is Told.REFUSED and "already" in asked.said
        incident.status = target if asked.told is Told.RECORDED or already else None

    def _press(self, incident: Steered) -> None:
        if incident.status is None or not incident.channel:
            self._status(incident)
            return
        target = self._random.choice([status for status in STATUSES if status != incident.status])
        token, slack = self._shared.token(), self._shared.slack
        path = f"/response/{token}"
        where = {"channel": incident.channel, "trigger": token, "response_url": f"{slack.origin}{path}"}
        asked = self._shared.ask("status_changed", token)
        signed = requests.button(COMMANDER, f"incident.status:{target}", str(incident.number), **where)
        answer = self._send(asked, signed, SLACK)
        if answer is not None and answer[0] == 200:
            # An acknowledged press was committed; its answer follows, at most once.
            asked.said = slack.answer_at(path, ANSWER_SECONDS) or ("" if self._shared.is_disturbed else "is now")
            asked.told = _told(asked.said, "is now") if asked.said else Told.UNKNOWN
        incident.status = target if asked.told is Told.RECORDED else None

    def _severity(self, incident: Steered) -> None:
        may_rise = incident.announcements < ANNOUNCEMENTS
        severity = incident.severity or 3
        target = severity - 1 if may_rise and severity > 1 and self._random.random() < 0.6 else severity + 1
        if target > 5 or (incident.severity is None and not may_rise):
            return
        # Where it is not known how bad it is, this may be a rise.
        incident.announcements += incident.severity is None or target < severity
        token = self._shared.token()
        words = f"#{incident.number} severity SEV{target} because {token}"
        asked = self._command("severity_changed", token, words, "is now")
        is_known = asked.told is Told.RECORDED or (asked.told is Told.REFUSED and "already" in asked.said)
        incident.severity = target if is_known else None

    def _update(self, incident: Steered) -> None:
        if incident.announcements >= ANNOUNCEMENTS:
            self._note(incident)
            return
        incident.announcements += 1
        token = self._shared.token()
        self._command("update_sent", token, f"#{incident.number} update recovering {token}", "on record", RESPONDER)

    def _webhook(self, incident: Steered) -> None:
        token = self._shared.token()
        kind, entry = self._random.choice((("deploy", "deploy"), ("event", "external")))
        body: dict[str, Any] = {"kind": kind, "text": f"shipped {token}", "service": "cards"}
        if self._random.random() < 0.8:
            body["incident"] = incident.number
        content = json.dumps(body).encode()
        asked = self._shared.ask(entry, token)
        self._insist(asked, lambda _: requests.webhook(content, at=time.time(), key=token), WEBHOOKS)

    def _mark(self, incident: Steered) -> None:
        slack = self._shared.slack
        message = self._random.choice(incident.messages) if incident.messages else None
        is_on = message is None or not message.is_marked or self._random.random() < 0.4
        if message is None or (is_on and message.is_marked):
            token = self._shared.token()
            message = Message(ts=slack.say(incident.channel, OTHER, f"we saw {token}"))
            incident.messages.append(message)
            # Once marked, the message itself must come onto the record; nobody is told of that, it follows.
            self._shared.ask("message", token).told = Told.RECORDED
        at = slack.next_ts()
        kind = "message_marked" if is_on else "message_unmarked"
        inner = requests.reaction(RESPONDER, incident.channel, message.ts, at=at, is_on=is_on)
        self._event(self._shared.ask(kind, at), inner)
        message.is_marked = is_on

    def _edit(self, incident: Steered) -> None:
        if not incident.messages:
            self._mark(incident)
            return
        slack, token = self._shared.slack, self._shared.token()
        with slack.lock:
            message = slack.find_message(incident.channel, self._random.choice(incident.messages).ts)
            changed = requests.edit(incident.channel, message, f"we now see {token}", at=slack.next_ts())
            message.update(changed["message"])
        self._event(self._shared.ask("message", token), changed)

    def _command(self, kind: str, token: str, text: str, expected: str, person: str = COMMANDER) -> Asked:
        """Type it once, and put down what the answer says."""
        asked = self._shared.ask(kind, token)
        url = f"{self._shared.slack.origin}/response/{token}"
        signed = requests.command(person, text, channel=HOME, trigger=token, response_url=url)
        answer = self._send(asked, signed, SLACK)
        if answer is not None and answer[0] == 200:
            asked.said = str(json.loads(answer[1] or "{}").get("text", ""))
            asked.told = _told(asked.said, expected)
        return asked

    def _event(self, asked: Asked, inner: dict[str, Any]) -> None:
        name = f"Ev{asked.token}"
        self._insist(asked, lambda retry: requests.event(inner, event_id=name, retry=retry), SLACK)

    def _insist(self, asked: Asked, sign: Callable[[int], Signed], path: str) -> None:
        """Send until it is acknowledged; now and then once more, as if the acknowledgement had been lost."""
        while asked.told is not Told.RECORDED and not self._shared.is_aborted:
            if self._shared.bot.up.wait(0.2):
                answer = self._send(asked, sign(asked.sent), path)
                asked.told = Told.RECORDED if answer is not None and answer[0] == 200 else Told.UNKNOWN
                if answer is not None and 400 <= answer[0] < 500:
                    raise AssertionError(f"{asked}: {answer}")
                if asked.told is Told.UNKNOWN:
                    time.sleep(0.02)
        if self._random.random() < RESENT_SHARE:
            self._send(asked, sign(asked.sent), path)

    def _send(self, asked: Asked, signed: Signed, path: str) -> tuple[int, str] | None:
        """Send one request; what came back whole, or nothing."""
        asked.sent += 1
        trap = self._shared.trap
        connection = http.client.HTTPConnection("127.0.0.1", self._shared.bot.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("POST", path, signed.body, dict(signed.headers))
            trap.saw(Moment.SENT, after_seconds=self._random.uniform(0.0, 0.015))
            response = connection.getresponse()
            answer = response.status, response.read().decode()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        if answer[0] == 200:
            trap.saw(Moment.ACKNOWLEDGED)
        return answer


def _told(said: str, expected: str) -> Told:
    if expected in said:
        return Told.RECORDED
    return Told.UNKNOWN if any(words in said for words in NOT_SURE) else Told.REFUSED
