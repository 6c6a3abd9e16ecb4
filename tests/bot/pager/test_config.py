"""The pager's file is read exactly, or refused with a sentence that quotes no secret."""

import json
import traceback
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import InvalidInput
from bot.pager.config import PagerFile, read_pager_file
from bot.settings import Settings

KEY, TOKEN, SECRET = "r0ut1ngk3y" * 3 + "01", "tok3n-of-the-account", "secret-of-the-other-pager"
ROUTE = {"source": "prometheus", "labels": {"team": "payments"}, "service": "payments"}
WHOLE: dict[str, Any] = {
    "pagerduty": {"api_token": TOKEN, "from": "debrief@bank.example", "default_service": "ledger"},
    "services": {"payments": {"routing_key": KEY}, "ledger": {"service_id": "PSVC001"}},
    "policies": {"core": "PESC001"},
    "heartbeat": {"url": "https://events.pagerduty.com/beat"},
    "in_line": [ROUTE],
}


def read(folder: Path, content: Any) -> PagerFile:
    """Read a file with this content."""
    path = folder / "pager.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    sources = {"prometheus": {"format": "alertmanager", "secrets": ["x" * 16]}}
    return read_pager_file(Settings(pager_file=path, alert_sources=sources))


def test_whole_file_is_read(tmp_path: Path) -> None:
    """Services, policies and people can be paged, and the route is in line."""
    found = read(tmp_path, WHOLE)

    plan = found.plan()
    assert sorted(plan.services) == ["ledger", "payments"]
    assert (plan.rest_pager, plan.policies) == ("pagerduty", frozenset({"core"}))
    assert [route.service for route in found.routes] == ["payments"]


def test_without_a_file_nobody_is_paged() -> None:
    """An empty plan says so."""
    assert read_pager_file(Settings()).plan().is_empty


@pytest.mark.parametrize(
    ("over", "said"),
    [
        pytest.param({"servces": {}}, "servces: there is no such part", id="a mistyped part"),
        pytest.param({"services": {"a b": {"routing_key": KEY}}}, "cannot be typed after `page`", id="a space"),
        pytest.param({"services": {"list": {"routing_key": KEY}}}, "cannot be typed after `page`", id="a word of ours"),
        pytest.param({"services": {"x": {}}}, "needs a routing_key, or a service_id", id="nothing to page by"),
        pytest.param({"services": {"x": {"pager": "webhook"}}}, "webhook is not set", id="no webhook"),
        pytest.param({"pagerduty": None}, "pagerduty is not set", id="no account"),
        pytest.param(
            {"pagerduty": {"api_token": TOKEN, "api_url": "https://api.eu.pagerduty.com"}},
            "of different service regions",
            id="two regions",
        ),
        pytest.param({"webhook": {"url": "https://x.example", "secrets": ["short"]}}, "shorter than 16", id="short"),
        pytest.param(
            {"webhook": {"url": "https://x.example", "secrets": [SECRET]}}, "DEBRIEF_OUTSIDE_HOSTS", id="host"
        ),
        pytest.param({"heartbeat": {"url": "http://x.example/b"}}, "over https only", id="no https"),
        pytest.param({"heartbeat": None}, "needs a heartbeat", id="in line without a heartbeat"),
        pytest.param({"in_line": [{**ROUTE, "service": "x"}]}, "names no service", id="in line to nowhere"),
        pytest.param({"in_line": [{**ROUTE, "service": "ledger"}]}, "needs a routing_key", id="in line without a key"),
        pytest.param({"in_line": [{**ROUTE, "source": "x"}]}, "none of DEBRIEF_ALERT_SOURCES", id="unknown source"),
        pytest.param({"in_line": [{**ROUTE, "labels": {}}]}, "take in everything", id="everything in line"),
        pytest.param(
            {"in_line": [{**ROUTE, "labels": {"severity": "critical"}}]},
            "always pages directly",
            id="the worst in line",
        ),
        pytest.param({"in_line": [{**ROUTE, "labels": {"slo": "x"}}]}, "SLO, dead-man or canary", id="SLO in line"),
        pytest.param(
            {"in_line": [{**ROUTE, "labels": {"alertname": "Watchdog"}}]}, "SLO, dead-man", id="dead man in line"
        ),
        pytest.param({"policies": {"core": "not an id"}}, "policies.core", id="no id"),
        pytest.param({"pagerduty": {**WHOLE["pagerduty"], "default_service": "payments"}}, "service_id", id="default"),
        pytest.param({"pagerduty": {**WHOLE["pagerduty"], "from": "nobody"}}, "pagerduty.from", id="no address"),
    ],
)
def test_unusable_file_says_where_and_quotes_nothing(tmp_path: Path, over: dict[str, Any], said: str) -> None:
    """The sentence names the file, the setting and the field."""
    with pytest.raises(InvalidInput) as raised:
        read(tmp_path, {**WHOLE, **over})

    assert said in raised.value.message
    assert "DEBRIEF_PAGER_FILE" in raised.value.message
    assert not any(secret in raised.value.message for secret in (KEY, TOKEN, SECRET))


@pytest.mark.parametrize(
    ("over", "said"),
    [
        pytest.param({"heartbeat": {"url": f"https://events.pagerduty.com/{SECRET}…"}}, "heartbeat.url", id="letters"),
        pytest.param({"heartbeat": {"url": f"https://events.pagerduty.com/{SECRET}\n"}}, "heartbeat.url", id="line"),
        pytest.param({"heartbeat": {"url": f"https://events.pagerduty.com:99999/{SECRET}"}}, "65535", id="port"),
        pytest.param({"heartbeat": {"url": f"https://events.pagerduty.com:0/{SECRET}"}}, "65535", id="port 0"),
        pytest.param({"heartbeat": {"url": f"https://[events/{SECRET}"}}, "heartbeat.url", id="no address"),
        pytest.param({"pagerduty": {"api_token": f"{TOKEN}\n"}}, "pagerduty.api_token", id="a token with its line end"),
        pytest.param({"pagerduty": {"api_token": f"{TOKEN}…"}}, "pagerduty.api_token", id="a token cut off"),
        pytest.param({"pagerduty": {"from": "büro@bank.example"}}, "pagerduty.from", id="a sender with an umlaut"),
        pytest.param({"services": {"x": {"routing_key": f"{KEY}\r\n"}}}, "services.x.routing_key", id="a key"),
    ],
)
def test_what_cannot_be_sent_is_refused_at_the_start(tmp_path: Path, over: dict[str, Any], said: str) -> None:
    """A page must not find out; neither the sentence nor what led to it quotes the secret."""
    with pytest.raises(InvalidInput) as raised:
        read(tmp_path, {**WHOLE, **over})

    assert said in raised.value.message
    told = "".join(traceback.format_exception(raised.value))
    assert not any(secret in told for secret in (KEY, TOKEN, SECRET))


@pytest.mark.parametrize(
    "label",
    [
        "severity=page", "Severity=Critical", "severity= sev 1 ", "severity=urgent", "priority=P1", "sev=1",
        "sev=SEV-1", "prio=p0", "sloth_severity=page", "alertSeverity=critical", "severity_level=fatal",
        "urgency=critical", "sloth_slo=availability", "kind=SLOs", "alertname=ErrorBudgetBurn",
        "type=error-budget", "type=burn_rate", "alertname=DeadMansSwitch", "alertname=DeadMan",
        "alertname=deadmansswitch", "alertname=dead-man's-switch", "type=heartbeat", "stage=canaries",
    ],
)  # fmt: skip
def test_route_of_what_pages_directly_is_refused_however_it_is_written(tmp_path: Path, label: str) -> None:
    """Senders spell the worst, SLOs and dead-man switches in many ways."""
    name, _, value = label.partition("=")

    with pytest.raises(InvalidInput) as raised:
        read(tmp_path, {**WHOLE, "in_line": [{**ROUTE, "labels": {"team": "payments", name: value}}]})

    assert f"must not be in line: {label} is for" in raised.value.message


@pytest.mark.parametrize(
    "label",
    ["severity=warning", "sloth_severity=ticket", "log_level=app", "service_level=gold", "team=slow", "impact=low"],
)
def test_route_of_something_else_is_taken(tmp_path: Path, label: str) -> None:
    """A bot that does not start over a harmless label pages nobody."""
    name, _, value = label.partition("=")

    assert read(tmp_path, {**WHOLE, "in_line": [{**ROUTE, "labels": {name: value}}]}).routes


@pytest.mark.parametrize("content", ["", "[]", "{", "\x00"])
def test_what_is_no_object_is_refused(tmp_path: Path, content: str) -> None:
    """Not even half of it is taken."""
    with pytest.raises(InvalidInput, match="DEBRIEF_PAGER_FILE"):
        read(tmp_path, content)


def test_missing_file_is_told(tmp_path: Path) -> None:
    """A pager that is set up and not there is no pager that is not set up."""
    with pytest.raises(InvalidInput, match="cannot be read: No such file"):
        read_pager_file(Settings(pager_file=tmp_path / "none.json"))
