"""What a digest of held alerts counts together."""

from dataclasses import replace
from uuid import UUID

from analysis.alerts.alert import Alert
from analysis.alerts.episodes import News
from analysis.alerts.held_patterns import Pattern, PatternKind
from analysis.alerts.hold_reasons import Action
from analysis.alerts.waiting import End
from bot.ports.grouping import StreamEvent
from bot.ports.holding import Hold
from bot.slack.blocks.elements import when
from bot.slack.blocks.noise import digest_blocks
from tests.analysis.alerts.streams import make_alert


def held(seq: int, alert: Alert) -> tuple[Hold, StreamEvent]:
    """An alert that resolved while it waited."""
    pattern = Pattern(kind=PatternKind.RULE, source=alert.source, name=alert.rule)
    row = Hold(
        seq=seq,
        workspace_id=UUID(int=1),
        alert_id=UUID(int=seq),
        group_id=UUID(int=1),
        pattern=pattern,
        action=Action.HOLD,
        would=Action.HOLD,
        since=alert.received_at,
        end=End.RESOLVED,
    )
    event = StreamEvent(
        seq=seq, alert_id=UUID(int=seq), fingerprint="", news=News.FIRED, alert=alert, severity=alert.severity
    )
    return row, event


def test_environments_are_counted_apart() -> None:
    """What is said to have mattered in production is not what waited most in staging."""
    labels = [{"service": "cart", "env": name} for name in ("staging", "staging", "prod")] + [{"service": "cart"}]
    listed = [held(seq, make_alert(seq, labels=each)) for seq, each in enumerate(labels)]

    blocks = digest_blocks("d1", listed)

    rows = [str(block["text"]["text"]).partition(",")[0] for block in blocks if "accessory" in block]
    assert rows == [
        "• warning BatchNoise at cart in staging ×2",
        "• warning BatchNoise at cart in production ×1",
        "• warning BatchNoise at cart ×1",
    ]


def test_digest_says_since_when_it_lists() -> None:
    """After a night in which the server was down, an entry is of yesterday and not of the last hour."""
    listed = [held(seq, make_alert(seq)) for seq in (0, 540)]

    head = digest_blocks("d1", listed)[0]["text"]["text"]

    assert head == f"*2 alerts held back and not told* since {when(listed[0][0].since)}."


def test_digest_calls_a_numbered_rule_by_its_title() -> None:
    """As the message of a group does."""
    alert = replace(make_alert(0, rule="monitor 10"), annotations={"title": "[Triggered] Disk is full"})

    row = digest_blocks("d1", [held(0, alert)])[1]["text"]["text"]

    assert row.startswith("• warning Disk is full at")
