"""What an account of noise shows where there is much of everything: what may wait, and what waits, before all else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from analysis.alerts.held_patterns import Pattern, PatternKind
from analysis.alerts.hold_reasons import Action
from bot.ports.holding import Counted, Hold, HoldPolicy, Night, PolicyState, Proof, Switch
from bot.slack.blocks.elements import SECTION_LETTERS
from bot.slack.blocks.noise import account_blocks, account_text, proposal_blocks, proposal_text
from bot.usecases.holding.noise_account import NoiseAccount
from tests.bot.slack.alert_room import fire, messages, settle, text_of
from tests.fake_slack_limits import check_blocks
from tests.slack_room import ALERTS, open_room

NOW = datetime(2026, 3, 30, 9, tzinfo=UTC)
WORKSPACE = UUID(int=1)


def pattern(name: str) -> Pattern:
    """A rule of Alertmanager."""
    return Pattern(kind=PatternKind.RULE, source="alertmanager", name=name)


def policy(number: int, state: PolicyState, *, left: timedelta = timedelta(days=3)) -> HoldPolicy:
    """The question about a rule of its own; what is live is so for as long as is *left*."""
    return HoldPolicy(
        id=UUID(int=number),
        workspace_id=WORKSPACE,
        number=number,
        pattern=pattern(f"Rule{number}"),
        is_critical=False,
        state=state,
        changed_at=NOW,
        proof=Proof(held=3, days=30),
        expires_at=NOW + left if state is PolicyState.LIVE else None,
    )


def account(*policies: HoldPolicy, waited: tuple[Counted, ...] = (), waiting: int = 0) -> NoiseAccount:
    """An account of a week in which 90 alerts fired, with the newest question first."""
    hold = Hold(
        seq=1,
        workspace_id=WORKSPACE,
        alert_id=UUID(int=1),
        group_id=UUID(int=1),
        pattern=pattern("Rule1"),
        action=Action.HOLD,
        would=Action.HOLD,
        since=NOW,
    )
    return NoiseAccount(
        since=NOW - timedelta(days=7),
        until=NOW,
        now=NOW,
        days=[("2026-03-24", 50, 3), ("2026-03-29", 40, 0)],
        waited=waited,
        would=(),
        policies=policies,
        open=[hold] * waiting,
        switch=None,
        night=None,
        rules=(),
    )


def shown(told: NoiseAccount) -> str:
    """All that people read of it."""
    return text_of({"blocks": account_blocks(told)})


def test_what_may_wait_and_what_waits_stand_before_many_questions() -> None:
    """Three questions a night that nobody answers do not push what is held out of the account."""
    asked = [policy(number, PolicyState.PROPOSED) for number in range(60, 2, -1)]

    read = shown(account(*asked, policy(2, PolicyState.LIVE), policy(1, PolicyState.LIVE), waiting=3))

    assert "Waiting now: 3 alerts." in read
    assert read.count("may wait until") == 2
    assert read.index("*P-1*") < read.index("*P-60*")
    assert "43 more ask to be approved: `debrief noise` lists them." in read


def test_account_of_very_much_is_a_message_that_slack_takes() -> None:
    """With forty patterns in force, sixty questions and names as long as can be, it is shortened and not refused."""
    live = [replace(policy(number, PolicyState.LIVE), pattern=pattern("<&" * 150)) for number in range(40)]
    asked = [replace(one, state=PolicyState.PROPOSED) for one in (*live, *live)]
    rule = {"rule": "&" * 300, "source": "s" * 40, "fired": 9, "eligible": False, "why": ["x&" * 300]}
    night = Night(workspace_id=WORKSPACE, day="2026-03-29", began_at=NOW, finished_at=NOW, found={})
    waited = tuple(Counted(pattern(f"{number}" + "&" * 300), 9, 0, NOW) for number in range(30))

    blocks = account_blocks(replace(account(*live, *asked, waited=waited), night=night, rules=[rule] * 50))

    assert check_blocks(blocks) is None
    assert "20 more may wait: `debrief noise` lists them." in str(blocks)


def test_patterns_that_waited_are_counted_also_where_they_may_no_longer() -> None:
    """What was revoked or stopped on Friday held 40 alerts until then, and the headline says so."""
    told = account(waited=(Counted(pattern("Rule1"), 38, 0, NOW), Counted(pattern("Rule2"), 2, 0, NOW)))
    stopped = replace(told, switch=Switch(workspace_id=WORKSPACE, is_on=True, changed_at=NOW, person="slack:U1"))

    assert account_text(told) == "90 alerts fired, and 40 of them waited by 2 approved patterns."
    assert (
        account_text(stopped) == "90 alerts fired, and 40 of them waited. Holding back is stopped: every alert is told."
    )
    assert "Waited: Rule1 (alertmanager) ×38 and Rule2 (alertmanager) ×2." in shown(told)


def test_approval_that_ran_out_is_not_shown_as_in_force() -> None:
    """Between its end and the night that says so nothing waits by it, and there is nothing to stop."""
    told = account(policy(1, PolicyState.LIVE, left=-timedelta(minutes=1)))

    assert told.live == []
    assert "Rule1 (alertmanager): has expired, so it is told" in shown(told)
    assert "Stop holding" not in str(account_blocks(told))


def test_days_without_an_alert_are_days_of_the_account() -> None:
    """The bars are one for each day, and so are the numbers beside them."""
    read = shown(account())

    assert "▁█▁▁▁▁▇▁  alerts a day" in read
    assert "03-24: 3 of 50, 03-25: 0 of 0" in read


def test_rules_with_long_names_are_all_there_and_whole() -> None:
    """Titles of a pager are rules, too; none of them is cut off by Slack's limit of a section."""
    why = ["0 of 12,345 independent windows belonged to incidents, which allows for 3.4%; it must be at most 2.0%."] * 2
    name = "<prod> & ingress " * 20
    rule = {"source": "pagerduty", "fired": 9, "windows": 3, "incidents": 0, "upper": 0.03, "eligible": False}
    rules = [{**rule, "rule": f"{number} {name}", "why": why} for number in range(10)]
    night = Night(workspace_id=WORKSPACE, day="2026-03-29", began_at=NOW, finished_at=NOW, found={"rules": rules})

    blocks = account_blocks(replace(account(), night=night, rules=rules))

    read = text_of({"blocks": blocks})
    assert [f"• {number} &lt;prod&gt;" in read for number in range(10)] == [True] * 10
    assert read.count("×9: *told*") == 10
    assert max(len(block["text"]["text"]) for block in blocks if "text" in block) < SECTION_LETTERS


def test_week_that_is_told_late_is_that_week(tmp_path: Path) -> None:
    """Down on Monday at nine, it tells on Wednesday of the week from Monday to Monday, and of no day after it."""
    with open_room(f"sqlite:///{tmp_path / 'debrief.db'}", tmp_path, alerts_channel=ALERTS) as room:
        room.app.reports.nights.step()
        room.clock.set(datetime(2026, 3, 2, 12, tzinfo=UTC))
        fire(room, "DiskScrub", "h0", "h1")
        room.clock.set(datetime(2026, 3, 11, 8, tzinfo=UTC))
        fire(room, "DiskScrub", "h2")

        room.app.reports.accounts.step()
        room.app.reports.accounts.step()
        settle(room)

        (told,) = [text_of(one) for one in messages(room, "*Noise, ")]
        assert "2026-03-02 00:00 UTC> to <!date^1773014400^{time} {date_short}|2026-03-09 00:00 UTC>" in told
        assert "2 alerts fired, and none waited." in told
        assert "█▁▁▁▁▁▁  alerts a day. Waited or would have: 03-02: 0 of 2, 03-03: 0 of 0" in told


def test_rule_that_its_sender_numbers_is_called_by_its_title() -> None:
    """Nobody can say whether “monitor 10” may wait."""
    numbered = replace(policy(1, PolicyState.PROPOSED), pattern=pattern("monitor 10"))
    asked = replace(numbered, proof=replace(numbered.proof, called="Disk is <full>"))
    rule = {"rule": "monitor 10", "source": "alertmanager", "fired": 9, "eligible": True, "why": [], "called": "Disk"}
    night = Night(workspace_id=WORKSPACE, day="2026-03-29", began_at=NOW, finished_at=NOW, found={})

    read = shown(replace(account(asked), night=night, rules=[rule]))

    named = "monitor 10 (alertmanager), “Disk is &lt;full&gt;”"
    assert proposal_text(asked) == f"P-1: may {named} be held back?"
    assert f"*P-1*  {named}" in text_of({"blocks": proposal_blocks(asked, str)})
    assert f"*P-1* {named}: asks to be approved" in read
    assert "monitor 10 (alertmanager), “Disk” ×9" in read
