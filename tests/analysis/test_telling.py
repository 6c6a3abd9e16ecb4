"""One sentence for each entry, by its kind, and who stands behind it."""

from datetime import datetime

import pytest

from analysis.events import EventKind, Source
from analysis.evidence import Links, evidence_link
from analysis.telling import tell
from analysis.timeline import timeline
from analysis.voice import Voice
from tests.ledgers import Ledger

LINKS = Links(workspace_url="https://example.slack.com/", hosts=frozenset({"deploys.example"}))


def told(kind: EventKind, text: str = "", **payload: object) -> str:
    """Return the sentence for the only entry of a ledger."""
    ledger = Ledger()
    ledger.add(kind, 1, text, payload)
    (entry,) = timeline(ledger.events)
    return tell(entry, Voice([entry], {})).text


@pytest.mark.parametrize(
    ("kind", "text", "payload", "sentence"),
    [
        pytest.param(EventKind.EXTERNAL, "Disk full", {}, "“Disk full”", id="event"),
        pytest.param(EventKind.EXTERNAL, "Disk full", {"service": "ledger"}, "“Disk full” (ledger)", id="of-service"),
        pytest.param(
            EventKind.VISIBILITY_CHANGED,
            "",
            {"from": "public", "to": "private"},
            "Visibility changed from public to private.",
            id="visibility",
        ),
        pytest.param(EventKind.DEPLOY, "", {}, "Deploy.", id="deploy"),
        pytest.param(
            EventKind.DEPLOY,
            "rolled out",
            {"service": "cards", "version": "1.2"},
            "Deploy of cards, version 1.2: “rolled out”",
            id="deploy-of-service",
        ),
        pytest.param(EventKind.FEATURE_FLAG, "", {}, "Feature flag.", id="flag"),
        pytest.param(
            EventKind.FEATURE_FLAG,
            "for all",
            {"flag": "new-ledger", "service": "cards", "value": "off"},
            "Feature flag new-ledger of cards set to off: “for all”",
            id="flag-with-value",
        ),
    ],
)
def test_entry_is_told_by_its_kind(kind: EventKind, text: str, payload: dict[str, object], sentence: str) -> None:
    """What a system did not say is left out, not guessed."""
    assert told(kind, text, **payload) == sentence


@pytest.mark.parametrize(
    ("source", "actor", "who"),
    [
        pytest.param(Source.IMPORT, "import:pm-1", "the imported record", id="import"),
        pytest.param(Source.DEBRIEF, "debrief", "Debrief", id="debrief"),
        pytest.param(Source.WEBHOOK, "webhook:deploys", "webhook (deploys)", id="webhook"),
        pytest.param(Source.WEBHOOK, "webhook:", "webhook", id="webhook-without-a-name"),
    ],
)
def test_what_no_person_said_is_told_by_its_door(source: Source, actor: str, who: str) -> None:
    """Nobody is named for what a system or a file brought."""
    ledger = Ledger()
    ledger.note(1, "something", source=source, actor=actor)
    (entry,) = timeline(ledger.events)

    assert Voice([entry], {}).who(entry) == who


@pytest.mark.parametrize(
    ("kind", "payload", "link"),
    [
        pytest.param(
            EventKind.MESSAGE,
            {"channel": "C0PAY", "ts": "1772355600.4242"},
            "https://example.slack.com/archives/C0PAY/p1772355600424200",
            id="message",
        ),
        pytest.param(EventKind.MESSAGE, {"channel": "C0 PAY", "ts": "1772355600.4242"}, "", id="no-channel"),
        pytest.param(EventKind.MESSAGE, {"channel": "C0PAY", "ts": "yesterday"}, "", id="no-instant"),
        pytest.param(EventKind.DEPLOY, {"link": "https://deploys.example/1"}, "https://deploys.example/1", id="ours"),
        pytest.param(EventKind.DEPLOY, {"link": "https://elsewhere.example/1"}, "", id="another-host"),
        pytest.param(EventKind.DEPLOY, {"link": "http://deploys.example/1"}, "", id="not-https"),
        pytest.param(EventKind.DEPLOY, {}, "", id="none"),
    ],
)
def test_evidence_is_linked_where_it_may_be_shown(kind: EventKind, payload: dict[str, object], link: str) -> None:
    """A message by the workspace's address, anything else only on a host that the site allows."""
    event = Ledger().add(kind, 1, "text", payload)

    assert evidence_link(event, LINKS) == link


def test_event_without_a_time_zone_is_refused() -> None:
    """A naive time would later be read in the wrong zone."""
    with pytest.raises(ValueError, match="an event's times need a time zone"):
        Ledger().note(1, "text", occurred_at=datetime(2026, 3, 1, 9, 0))  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(("name", "begin"), [("iris.commander", "iris.commander"), ("", "A responder")])
def test_handle_at_the_beginning_of_a_sentence_stays_as_it_is_written(name: str, begin: str) -> None:
    """A handle with a capital letter is nobody's; only our own word gets one."""
    ledger = Ledger()
    ledger.declare()
    ledger.role(1, "incident_commander", "slack:UIRIS")
    names = {"slack:UIRIS": name} if name else {}
    entry = timeline(ledger.events)[-1]

    document = ledger.document(names=names)

    said = [one.text for section in document.sections for one in section.statements]
    assert tell(entry, Voice([entry], names)).text == f"{begin} became incident commander."
    assert any(text.startswith(f"{begin} was incident commander from") for text in said)
