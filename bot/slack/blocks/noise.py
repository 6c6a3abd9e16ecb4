"""What holding back looks like in Slack: the question about a pattern, the digest, the account; all text is escaped."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from analysis.alerts.alert import rule_called
from analysis.alerts.environments import environment_of
from analysis.alerts.hold_reasons import HoldDecision
from analysis.alerts.waiting import End
from analysis.alerts.whereabouts import place_of
from analysis.wording import counted, joined, length
from bot.ports.grouping import StreamEvent
from bot.ports.holding import OPEN_STATES, Hold, HoldPolicy, PolicyState
from bot.slack.blocks import ids
from bot.slack.blocks.elements import (
    BLOCKS_PER_MESSAGE,
    Block,
    actions,
    button,
    context,
    paragraphs,
    phrase,
    plain,
    section,
    when,
)
from bot.slack.blocks.numbered_rows import value_of
from bot.usecases.holding.noise_account import NoiseAccount

Listed = Sequence[tuple[Hold, StreamEvent]]
Names = Callable[[str], str]
NAME_LETTERS = 200
WHY_LETTERS = 200
#: What an account shows of each, so that all of it together is no more than Slack takes in one message.
ACCOUNT_NAME_LETTERS = 120
RULES_SHOWN = 10
LIVE_SHOWN = 20
QUESTIONS_SHOWN = 15
ENTRIES_SHOWN = 15
_BARS = "▁▂▃▄▅▆▇█"
_ENDS = {
    End.RESOLVED: "resolved by itself while it was held",
    End.LISTED: "put in the digest",
    End.UNRESOLVED: "told after waiting",
    End.RELEASED: "told early",
}
#: Of what is told before its time nobody keeps which of these it was.
_RELEASED = "an incident or another alert may have to do with it, or it may not wait any more"


def proposal_text(policy: HoldPolicy) -> str:
    """What a notification says of a question; escaped."""
    return plain(f"{policy.reference}: may {policy.words} be held back?", NAME_LETTERS * 2)


def proposal_blocks(policy: HoldPolicy, names: Names) -> list[Block]:
    """The question whether a pattern may wait, with its proof, or what became of it."""
    lines = [f"*{policy.reference}*  {phrase(policy.words, NAME_LETTERS)}", *_proof(policy)]
    lines += _state(policy, names)
    blocks = [section("\n".join(lines))]
    if policy.state in OPEN_STATES:
        people = "It covers critical alerts, so two people must approve. " if policy.is_critical else ""
        blocks.append(
            context(
                f"{people}Its alerts then wait five minutes at most, and are told if they do not resolve, become "
                "worse, spread, or an incident is about their service. It ends after 14 days, or by Stop holding."
            )
        )
        ask = f"Let {policy.words} wait?"
        number = value_of(policy.number, policy.id)
        row = [
            button("Approve", ids.HOLD_APPROVE, number, style="primary", ask=ask),
            button("Decline", ids.HOLD_DECLINE, number),
        ]
        blocks.append(actions(*row))
    elif policy.state is PolicyState.LIVE:
        blocks.append(actions(button("Revoke", ids.HOLD_DECLINE, value_of(policy.number, policy.id)), stop_button()))
    return blocks


def stop_button() -> Block:
    """The kill switch: one step, because stopping makes Debrief tell more."""
    return button("Stop holding", ids.HOLD_STOP, "", style="danger")


def digest_text(listed: Listed) -> str:
    """What a notification says of a digest."""
    return f"{counted(len(listed), 'alert')} held back and not told"


def digest_blocks(digest_id: str, listed: Listed) -> list[Block]:
    """What was held, a line a rule and place, each with the button that says it mattered."""
    kinds = _by_kind(listed)
    since = min(hold.since for hold, _ in listed)
    head = f"*{counted(len(listed), 'alert')} held back and not told* since {when(since)}."
    blocks = [section(head)]
    for hold, event, count in kinds[:ENTRIES_SHOWN]:
        line = f"• {_what(event)} ×{count}, {_end(hold)}, {when(hold.since)}"
        blocks.append(section(line, accessory=button("Mattered", ids.HOLD_MATTERED, value_of(hold.seq, hold.alert_id))))
    if len(kinds) > ENTRIES_SHOWN:
        blocks.append(context(f"and {counted(len(kinds) - ENTRIES_SHOWN, 'more kind')}: Show lists them all."))
    blocks.append(actions(button("Show", ids.HOLD_SHOW, digest_id), stop_button()))
    return blocks[:BLOCKS_PER_MESSAGE]


def digest_entries(listed: Listed, decisions: Mapping[int, HoldDecision]) -> list[str]:
    """A line for each entry of a digest with the reasons for which it waited."""
    lines = []
    for hold, event in listed:
        decision = decisions.get(hold.seq)
        why = joined([one.text.rstrip(".") for one in decision.reasons]) if decision else ""
        lines.append(f"• {when(hold.since)} {_what(event)}: {_end(hold)}. {plain(why, 600)}")
    return lines


def more_button(digest_id: str, begin: int) -> Block:
    """What shows the entries of a digest from another one on."""
    return button("Show more", ids.HOLD_SHOW, f"{digest_id}|{begin}")


def held_line(hold: Hold) -> str:
    """That an alert waited, for the message that tells it."""
    if hold.ended_at is None:
        return ""
    waited = length(hold.ended_at - hold.since)
    ended = "nothing resolved it" if hold.end is End.UNRESOLVED else _RELEASED
    return f"Held for {waited or '0 s'} as {plain(str(hold.pattern), NAME_LETTERS)}, then told because {ended}."


def account_text(account: NoiseAccount) -> str:
    """What a notification says of an account."""
    return plain(account.headline)


def account_blocks(account: NoiseAccount) -> list[Block]:
    """The account: the answer, a line of bars for the days, the rules with their proof, what waits and may wait."""
    blocks = [section(f"*Noise, {when(account.since)} to {when(account.until)}*\n{plain(account.headline)}")]
    if account.days:
        days = _every_day(account)
        bars = _bars([fired for _, fired, _ in days])
        held = joined([f"{day:%m-%d}: {held} of {fired}" for day, fired, held in days[-7:]])
        blocks.append(context(f"{bars}  alerts a day. Waited or would have: {held}."))
    blocks += _rules(account)
    blocks += paragraphs([*_waiting(account), *_policies(account)])
    if account.live and not account.is_stopped:
        blocks.append(actions(stop_button()))
    if account.night is None:
        blocks.append(context("The nightly replay has not run yet, so nothing can be proposed."))
    return blocks


def _every_day(account: NoiseAccount) -> list[tuple[date, int, int]]:
    """The UTC days of the account, also those on which nothing fired."""
    known = {day: (fired, held) for day, fired, held in account.days}
    first, last = account.since.date(), (account.until - timedelta(microseconds=1)).date()
    days = (first + timedelta(days=day) for day in range((last - first).days + 1))
    return [(day, *known.get(day.isoformat(), (0, 0))) for day in days]


def _waiting(account: NoiseAccount) -> list[str]:
    lines = [f"Waiting now: {counted(len(account.open), 'alert')}."] if account.open else []
    named = [f"{plain(str(one.pattern), ACCOUNT_NAME_LETTERS)} ×{one.held}" for one in account.waited[:RULES_SHOWN]]
    if len(account.waited) > RULES_SHOWN:
        named.append(counted(len(account.waited) - RULES_SHOWN, "more pattern"))
    return [*lines, f"Waited: {joined(named)}."] if named else lines


def _policies(account: NoiseAccount) -> list[str]:
    """What may wait, and the questions that stand, those first that somebody answered already."""
    live = sorted((one for one in account.policies if one.state is PolicyState.LIVE), key=lambda one: one.number)
    asked = [one for one in account.policies if one.state is not PolicyState.LIVE]
    asked.sort(key=lambda one: one.state is not PolicyState.SECOND)
    lines = [_policy_line(one, account.now) for one in live[:LIVE_SHOWN]]
    lines += _and_more(len(live) - LIVE_SHOWN, "may wait")
    lines += [_policy_line(one, account.now) for one in asked[:QUESTIONS_SHOWN]]
    return [*lines, *_and_more(len(asked) - QUESTIONS_SHOWN, "ask to be approved")]


def _and_more(count: int, what: str) -> list[str]:
    return [f"{count} more {what}: `debrief noise` lists them."] if count > 0 else []


def _rules(account: NoiseAccount) -> list[Block]:
    lines = [_rule_line(one) for one in account.rules[:RULES_SHOWN]]
    if not lines or account.night is None:
        return []
    head = f"*The busiest rules, and what the history proved* in the night of {account.night.day}"
    return paragraphs([head, *lines])


def _rule_line(rule: Mapping[str, Any]) -> str:
    verdict = "noise by its history" if rule["eligible"] else "told"
    called = f", “{rule['called']}”" if rule.get("called") else ""
    name = phrase(f"{rule['rule']} ({rule['source']}){called}", ACCOUNT_NAME_LETTERS)
    return f"• {name} ×{rule['fired']}: *{verdict}*. {plain(' '.join(rule['why']), WHY_LETTERS)}"


def _policy_line(policy: HoldPolicy, now: datetime) -> str:
    name = f"*{policy.reference}* {phrase(policy.words, ACCOUNT_NAME_LETTERS)}"
    if policy.state is PolicyState.LIVE and policy.expires_at:
        is_over = policy.state_at(now) is PolicyState.EXPIRED
        return f"{name}: {'has expired, so it is told' if is_over else f'may wait until {when(policy.expires_at)}'}"
    return f"{name}: {'takes a second person' if policy.state is PolicyState.SECOND else 'asks to be approved'}"


def _proof(policy: HoldPolicy) -> list[str]:
    proof = policy.proof
    lines = [f"Would have been held {counted(proof.held, 'time')} in {counted(proof.days, 'day')}."]
    if proof.upper is not None:
        mattered = "and never mattered" if not proof.incidents else f"and mattered in {proof.incidents}"
        lines.append(
            f"Its rule fired in {counted(proof.windows, 'independent window')} {mattered}: at most "
            f"{proof.upper:.1%} belong to incidents."
        )
    return [*lines, plain(f"Replay of the past: {proof.replay}")] if proof.replay else lines


def _state(policy: HoldPolicy, names: Names) -> list[str]:
    who = joined([plain(names(one), 100) for one in policy.approved_by])
    if policy.state is PolicyState.SECOND:
        return [f"Approved by {who}. It takes a second person."]
    if policy.state is PolicyState.LIVE and policy.expires_at:
        return [f"*May wait until {when(policy.expires_at)}*, approved by {who}."]
    if policy.state in OPEN_STATES:
        return []
    return [f"*{policy.state.value.capitalize()}*{f': {plain(policy.why, 1000)}' if policy.why else '.'}"]


def _by_kind(listed: Listed) -> list[tuple[Hold, StreamEvent, int]]:
    """The newest of each rule, place, environment and end, with how many there are, the most frequent first."""
    kinds: dict[tuple[str, ...], list[tuple[Hold, StreamEvent]]] = {}
    for hold, event in listed:
        key = (event.alert.source, event.alert.rule, _where(event), str(hold.end))
        kinds.setdefault(key, []).append((hold, event))
    return sorted(((*found[-1], len(found)) for found in kinds.values()), key=lambda one: -one[2])


def _what(event: StreamEvent) -> str:
    return phrase(f"{event.alert.severity} {rule_called(event.alert)}{_where(event)}", NAME_LETTERS)


def _where(event: StreamEvent) -> str:
    place, environment = place_of(event.alert), environment_of(event.alert.labels)
    return f"{f' at {place}' if place else ''}{f' in {environment}' if environment else ''}"


def _end(hold: Hold) -> str:
    return _ENDS[hold.end] if hold.end else "waits"


def _bars(counts: Sequence[int]) -> str:
    highest = max(*counts, 1) if len(counts) > 1 else max(counts[0], 1)
    return "".join(_BARS[(count * (len(_BARS) - 1) + highest - 1) // highest] for count in counts)
