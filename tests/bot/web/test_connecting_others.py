"""What `docs/how-to/connect-others.md` has people write is taken as it stands: it fires, and its end is its own."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import jinja2
import pytest
from sqlalchemy import select

from bot.store.record.tables import ALERT, ALERT_EVENT
from tests.factories import own_name
from tests.slack_room import Room

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "connect-others.md"
#: Recorded from the documentation of EventBridge ("Alarm events") and the sources of Uptime Kuma.
KUMA = {"name": "", "msg": '[cart] [🔴 Down] "timeout"', "monitorJSON": {"id": 29}, "heartbeatJSON": {"status": 0}}
CHECKLY = {
    "CHECK_NAME": "",
    "ALERT_TYPE": "ALERT_FAILURE",
    "GROUP_NAME": "Payments",
    "CHECK_ID": "abc123",
    "ALERT_TITLE": "Check 'Payment API' has failed",
    "RESULT_LINK": "https://app.checklyhq.example/checks/abc123",
}
ALARM = {
    "alarm": "",
    "reason": "Threshold Crossed: 1 out of the last 1 datapoints was greater than the threshold",
    "at": "2026-03-01T08:04:40.985+0000",
    "account": "123456789012",
    "region": "eu-central-1",
}


def blocks(language: str) -> list[str]:
    """The blocks of code of the page in *language*, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)


def of_kuma(rule: str, *, is_over: bool) -> str:
    """As its template is filled; Liquid and Jinja write these parts alike."""
    environment = jinja2.Environment(undefined=jinja2.ChainableUndefined, autoescape=False)  # noqa: S701 - JSON
    environment.filters["json"] = json.dumps
    told = {**KUMA, "name": rule, "heartbeatJSON": {"status": int(is_over)}}
    return environment.from_string(blocks("liquid")[0]).render(told)


def of_checkly(rule: str, *, is_over: bool) -> str:
    """As its template is filled: the innermost condition first."""
    told = {**CHECKLY, "CHECK_NAME": rule, "ALERT_TYPE": "ALERT_RECOVERY" if is_over else "ALERT_FAILURE"}
    inner = r"((?:(?!\{\{#).)*?)"
    text, condition = (
        blocks("handlebars")[0],
        rf'\{{\{{#eq (\w+) "(\w+)"\}}\}}{inner}\{{\{{else\}}\}}{inner}\{{\{{/eq\}}\}}',
    )
    while re.search(condition, text):
        text = re.sub(condition, lambda found: found[3] if told[found[1]] == found[2] else found[4], text)
    return re.sub(r"\{\{(\w+)\}\}", lambda found: told[found[1]], text)


def of_cloudwatch(rule: str, *, is_over: bool) -> str:
    """As EventBridge fills it: a variable without quotation marks is a JSON text."""
    paths: Mapping[str, str] = json.loads(blocks("json")[1])
    told = {**ALARM, "alarm": rule, **({"at": "2026-03-01T08:09:40.021+0000"} if is_over else {})}
    assert paths.keys() == told.keys()
    template = blocks("text")[int(is_over)]
    return re.sub(r"<(\w+)>", lambda found: json.dumps(told[found[1]]), template)


@pytest.mark.parametrize("write", [of_kuma, of_checkly, of_cloudwatch])
def test_body_of_the_page_fires_and_is_over(quick_room: Room, write: Callable[..., str]) -> None:
    """One series, which its end ends; a sender without times is heard in order."""
    rule = own_name("Rule ")

    for is_over in (False, True):
        answer = quick_room.alerts("generic", write(rule, is_over=is_over).encode())
        assert (answer.status, answer.json.get("alerts")) == (200, 1), answer.body
        quick_room.clock.move(minutes=2)

    told = select(ALERT.c.fingerprint, ALERT_EVENT.c.news).join(ALERT_EVENT).where(ALERT.c.rule == rule)
    with quick_room.app.store.database.reading() as connection:
        found = list(connection.execute(told.order_by(ALERT_EVENT.c.seq)))
    assert [news for _, news in found] == ["fired", "resolved"]
    assert len({series for series, _ in found}) == 1
