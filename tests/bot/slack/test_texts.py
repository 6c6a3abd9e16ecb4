"""What people type: hostile or secret, by every door, in everything we post, keep and log."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.effort import leading
from tests.slack_room import COMMANDER, OTHER, RESPONDER, Room, open_room

#: Markup that would notify, link or pretend, as Slack sends it for what people type or paste.
HOSTILE = [
    "<!channel> <!here|here> <!subteam^S0COMMANDERS|@commanders> <@U0OTHER> &lt;!channel&gt; <#C0HOME|payments> here",
    "<https://evil.example|runbook> <javascript:alert(1)|runbook> <!date^1^{date}|now> &amp;lt;!channel&amp;gt; twice",
    "@channel @here @everyone <!channel\u200b> <<!channel>!channel> <!\u2066channel> &#60;!channel&#62; wake up",
]
#: What may stand between angle brackets in what we post: our own dates, and links to our own channels.
OURS = re.compile(r"<!date\^\d+\^[^|<>]+\|[^<>]+>|<#C0NEW\d+>")
INVISIBLE = "a\u0000b\u202ec\u200bd\u2066e\ufefff"

CARD = "4111 1111 1111 1111"
TOKEN = "xoxb-" + "123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx"
SECRETS = (CARD, CARD.replace(" ", ""), TOKEN, "hunter2-canary")
CANARY = f"card {CARD} token {TOKEN} password=hunter2-canary"


@pytest.mark.parametrize("text", leading(1, HOSTILE), ids=["mentions", "links", "tricks"])
def test_markup_is_inert_in_everything_that_is_posted(quick_room: Room, text: str) -> None:
    """Whatever people write, by whatever door, nothing we post notifies, links or pretends."""
    calls, answers, views = len(quick_room.slack.calls), len(quick_room.slack.responses), len(quick_room.slack.views)

    said = _say_everywhere(quick_room, text)
    quick_room.settle()

    posted = [call.arguments for call in quick_room.slack.calls[calls:]]
    seen = [*posted, *quick_room.slack.responses[answers:], *quick_room.slack.views[views:], *said]
    live = [token for each in seen for line in _markdown(each) for token in re.findall(r"<[^>]*>", OURS.sub("", line))]
    assert live == []
    assert not [line for each in seen for line in _markdown(each) if re.search(r"@(here|channel|everyone)\b", line)]


def test_name_of_a_person_is_escaped_too(quick_room: Room) -> None:
    """A display name is text that somebody typed."""
    user = {
        "id": "U0EVIL",
        "name": "evil",
        "team_id": quick_room.slack.team,
        "profile": {"display_name": "<!channel> & co"},
    }
    quick_room.slack.users["U0EVIL"] = user
    quick_room.event({"type": "team_join", "user": user})
    _, channel = quick_room.declare("U0EVIL", "SEV2 Names are text")
    calls = len(quick_room.slack.calls)

    said = [
        quick_room.ask("U0EVIL", text, channel)
        for text in ("role commander me", "update hello", "timeline", "status", "list", "severity SEV1")
    ]
    quick_room.settle()

    lines = [
        line for each in [*(one.arguments for one in quick_room.slack.calls[calls:]), *said] for line in _markdown(each)
    ]
    assert not [line for line in lines if "<!channel>" in line]
    assert [line for line in lines if "&lt;!channel&gt; &amp; co" in line]


def test_invisible_characters_reach_neither_record_nor_posts(room: Room) -> None:
    """Right-to-left tricks, zero-width letters and NUL are dropped on the way in, by every door."""
    number, channel = room.declare(text=f"SEV3 {INVISIBLE}")
    ts = room.slack.say(channel, OTHER, f"message {INVISIBLE}")
    room.react(RESPONDER, channel, ts)
    form = room.open_form(RESPONDER, "update", number, channel)
    told = room.submit(RESPONDER, form, text=f"update {INVISIBLE}")
    room.settle()

    room.ask(RESPONDER, f"note note {INVISIBLE}", channel)

    texts = [event.text for event in room.events(number) if event.text]
    assert told["response_action"] == "update"
    assert {"abcdef", "message abcdef", "update abcdef", "note abcdef"} <= set(texts)


def test_no_text_looks_like_other_lines_of_the_timeline(quick_room: Room) -> None:
    """A line says what it is and no more exactly when than it is known, and one text is one line."""
    number, channel = quick_room.declare()
    forged = "rolled back\n`E9` 09:00 UTC abel: declared SEV1"
    for text in (
        f"note 5m ago {forged}",
        f"withdraw E1 {forged}",
        "update We are on it",
        "impact 3 % fail",
        "resolve",
        f"reopen {forged}",
    ):
        quick_room.ask(COMMANDER, text, channel)

    answer = quick_room.ask(COMMANDER, f"#{number} timeline")

    told = [line.partition("> ")[2] for line in answer.splitlines() if line.startswith("`E")]
    one_line = forged.replace("\n", " ")
    assert "cleo: stakeholders were told: We are on it" in told
    assert "cleo: customer impact: 3 % fail" in told
    assert f"cleo: open again, phase 2 (was resolved): {one_line}" in told
    assert "Debrief: milestone awareness of phase 2" in told  # nobody said it: it follows from the reopening
    assert told[-1] == f"by cleo: {one_line}"
    quick_room.ask(COMMANDER, "restore E1", channel)
    first = quick_room.timeline(COMMANDER, number)[0]
    assert "^{time} {date_short}|" in first
    assert first.endswith(f" UTC> cleo: {one_line}")


@pytest.mark.parametrize("text", ["<|>", "<|now>", "<@|>", "<!|>", "<>"])
def test_markup_without_anything_in_it_is_text(quick_room: Room, text: str) -> None:
    """What looks like markup and names nothing is recorded as it was typed."""
    number, channel = quick_room.kept_incident()

    answer = quick_room.ask(RESPONDER, f"note {text} fails", channel)

    assert answer.startswith(f"Noted on #{number}: ")
    assert quick_room.events(number)[-1].text.endswith(" fails")


def test_half_of_a_surrogate_pair_is_kept_out(room: Room) -> None:
    """JSON can carry what no database takes; the message is recorded with a replacement character."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, "broken \ud83d emoji")

    room.react(RESPONDER, channel, ts)
    room.settle()
    form = room.open_form(RESPONDER, "note", number, channel)
    told = room.submit(RESPONDER, form, text="broken \ud83d emoji")

    assert told["response_action"] == "update"
    texts = [event.text for event in room.events(number)]
    assert texts.count("broken \ufffd emoji") == 2


@pytest.mark.parametrize("length", [3000, 2900])
def test_longest_texts_arrive_whole_and_within_slacks_limits(quick_room: Room, length: int) -> None:
    """Texts full of characters that grow when escaped fit the limits, without a letter cut."""
    _, channel = quick_room.declare(text="SEV3 " + "&<>" * 66)
    text = "<&>" * 666

    quick_room.ask(RESPONDER, f"update {text}", channel)
    quick_room.ask(RESPONDER, "note " + "&" * length, channel)
    quick_room.ask(RESPONDER, "impact " + "&" * 300, channel)
    told = quick_room.submit(RESPONDER, quick_room.open_form(RESPONDER, "note", channel=channel), text="&" * length)
    quick_room.settle()

    refused = [call for call in quick_room.slack.calls if call.error and call.arguments.get("channel") == channel]
    update = next(post for post in quick_room.slack.posts(channel) if "Update from" in post["text"])
    shown = "".join(block["text"]["text"] for block in update["blocks"])
    assert refused == []
    assert shown.count("&lt;&amp;&gt;") == 666
    assert told["response_action"] == "update"


@pytest.mark.thorough
def test_home_with_many_long_titles_is_within_slacks_limits(quick_room: Room) -> None:
    """Fifteen open incidents with titles that grow when escaped are all listed whole."""
    for _ in range(15):
        quick_room.ask(OTHER, "declare SEV3 " + "&" * 200)

    home = quick_room.home(OTHER)

    assert not re.search(r"&am(?!p;)", home)
    assert not [call for call in quick_room.slack.calls_of("views.publish") if call.error]


@pytest.fixture(scope="module")
def canary_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Room, Path, list[logging.LogRecord]]]:
    """Yield a room in which secrets were typed into every field, with its folder and all that was logged."""
    folder, records = tmp_path_factory.mktemp("canary"), []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign]
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    with open_room(f"sqlite:///{folder / 'debrief.db'}", folder) as room:
        room.slack.responses += _say_everywhere(room, CANARY)
        room.slack.responses += [{"text": room.ask(RESPONDER, text)} for text in _misspelt(CANARY)]
        room.webhook({"kind": CANARY, "text": CANARY})  # refused, which is logged
        room.settle()
        yield room, folder, records
    root.setLevel(level)
    root.removeHandler(handler)


def test_secrets_are_masked_in_the_record(canary_room: tuple[Room, Path, list[logging.LogRecord]]) -> None:
    """No event and no state holds what was masked, and the masked text is there."""
    room, _, _ = canary_room

    events = [event for number in (0, 1, 2) for event in room.events(number)]
    kept = "\n".join(f"{event.text} {dict(event.payload)} {event.natural_key}" for event in events)

    assert _found(kept) == []
    assert kept.count("[card ****1111]") > 8
    assert "[secret]" in kept


def test_secrets_are_in_no_byte_of_the_database(canary_room: tuple[Room, Path, list[logging.LogRecord]]) -> None:
    """Neither the database nor its log of writes nor the anchors hold a canary."""
    _, folder, _ = canary_room

    kept = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())

    assert len(kept) > 10_000
    assert _found(kept.decode("latin-1")) == []


def test_secrets_are_in_no_post(canary_room: tuple[Room, Path, list[logging.LogRecord]]) -> None:
    """Nothing that Slack was sent holds a canary, answers to who typed it included."""
    room, _, _ = canary_room

    sent = json.dumps([[dict(call.arguments) for call in room.slack.calls], room.slack.responses, room.slack.views])

    assert "[card ****1111]" in sent
    assert _found(sent) == []


def test_secrets_are_in_no_log(canary_room: tuple[Room, Path, list[logging.LogRecord]]) -> None:
    """Logs name what happened and never what was said."""
    _, _, records = canary_room

    logged = "\n".join(f"{record.getMessage()} {record.__dict__} {record.exc_text}" for record in records)

    assert any(record.name.startswith("bot.") for record in records)
    assert _found(logged) == []


def test_repeated_answer_holds_no_secret(room: Room) -> None:
    """The answer that is kept for a repetition was masked before it was kept."""
    _, channel = room.declare()
    signed = room.command(RESPONDER, f"note {CANARY}", channel)

    first, second = room.send(signed).body, room.send(signed).body

    assert first == second
    assert _found(second) == []


def _say_everywhere(room: Room, text: str) -> list[dict[str, Any]]:
    """Write *text* into every field there is; returns what was answered at once."""
    title = text[:150]
    number, channel = room.declare(RESPONDER, f"SEV3 {title}")
    commands = ["note {}", "update {}", "impact {}", "severity SEV2 {}", "resolve", "reopen because {}", "cancel {}"]
    said = [room.say(COMMANDER, one.format(text), channel).json for one in commands]
    said += _forms(room, text, title)
    ts = room.slack.say(channel, OTHER, text)
    room.react(RESPONDER, channel, ts)
    room.settle()
    room.clock.move(seconds=2)
    room.edit(channel, ts, f"{text} again")
    shortcut = room.slack.say(channel, OTHER, f"shortcut {text}")
    room.shortcut(RESPONDER, "add_to_timeline", channel, shortcut)
    said.append(_webhook(room, text))
    room.settle()
    return [
        *said,
        *(room.ask(COMMANDER, one, channel) for one in ("timeline", "status", "list all", f"#{number} promote E1")),
    ]


def _forms(room: Room, text: str, title: str) -> list[dict[str, Any]]:
    form = room.open_form_at_home(COMMANDER, "form.open:declare")
    told = [room.submit(COMMANDER, form, title=title, impact=text[:300])]
    number = int(re.findall(r"#(\d+)", json.dumps(told))[0])
    filled: list[dict[str, Any]] = [
        {"name": "note", "text": text},
        {"name": "note", "text": "x", "time": text[:200]},
        {"name": "update", "text": text},
        {"name": "severity", "severity": "SEV1", "reason": text},
        {"name": "end", "move": "cancel", "reason": text},
    ]
    for each in filled:
        values = {key: value for key, value in each.items() if key != "name"}
        told.append(
            room.submit(COMMANDER, room.open_form(COMMANDER, each["name"], room.named_by_button(number)), **values)
        )
    return told


def _webhook(room: Room, text: str) -> str:
    body = {"kind": "deploy", "text": text, "service": text[:200], "version": text[:200], "incident": 1}
    return room.webhook(body, key=text.encode("ascii", "ignore").decode()[:150]).body


def _misspelt(text: str) -> Iterator[str]:
    """Every refusal that quotes what was typed."""
    yield from (text, f"severity {text}", f"role {text}", f"role scribe @{text}", f"status {text}")
    yield from (f"#1 promote {text}", f"#1 promote E1 as {text}", f"#1 milestone {text}")
    yield from (f"#1 milestone detection {text}", f"declare SEV3 {text * 4}")


def _found(kept: str) -> list[str]:
    return [secret for secret in SECRETS if secret in kept]


def _markdown(value: object, key: str = "") -> list[str]:
    """Every text that Slack reads as markup: not plain text, what inputs hold, and the errors under them."""
    if isinstance(value, str):
        return [value] if key in {"text", "topic", "initial_comment", ""} else []
    if isinstance(value, list):
        return [line for each in value for line in _markdown(each, key)]
    if not isinstance(value, dict) or value.get("type") == "plain_text":
        return []
    return [line for name, each in value.items() if name != "errors" for line in _markdown(each, name)]
