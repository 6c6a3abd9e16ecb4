"""`noise` and the Show button of a digest: what waits or waited, and why."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from analysis.alerts.hold_reasons import HoldDecision
from analysis.alerts.hold_rows import to_decision
from analysis.errors import NotFound
from analysis.people import Action, require
from bot.slack.blocks.elements import Block, actions, fitting, paragraphs
from bot.slack.blocks.noise import Listed, account_blocks, account_text, digest_entries, digest_text, more_button
from bot.slack.context import SlackContext
from bot.usecases.holding.noise_account import noise_account
from bot.usecases.holding.stop import SwitchHolding
from bot.usecases.verbs import Asker, Query, Request


def noise_answer(context: SlackContext, query: Query) -> tuple[str, list[Block]]:
    """The account of the last days, for whoever asks."""
    with context.snapshots.snapshot() as reads:
        account = noise_account(
            reads,
            context.workspace_id,
            span=timedelta(hours=query.hours or 0),
            is_stopped_by_file=context.settings.is_holding_stopped,
        )
    return account_text(account), account_blocks(account)


def aware_of_file(context: SlackContext, request: Request) -> Request:
    """The same request; where it lets holding back go on, it knows of the file that stops it."""
    command, settings = request.command, context.settings
    if not isinstance(command, SwitchHolding) or command.is_on or not settings.is_holding_stopped:
        return request
    return replace(request, command=replace(command, file=str(settings.hold_stop_file.absolute())))


def digest_answer(context: SlackContext, asker: Asker, value: str) -> tuple[str, list[Block]]:
    """The entries of a digest with the reasons for which they waited, as many as fit, and how to see the others.

    *value* is the digest's id, and after a bar the place of the entry with which to begin.
    """
    require(asker.person, Action.VIEW)
    digest, _, begin = value.partition("|")
    first = int(begin) if begin.isdecimal() else 0
    with context.snapshots.snapshot() as reads:
        listed = reads.holds.of_digest(_id(digest))
    if not listed[first:]:
        message = "There is no such digest."
        raise NotFound(message)
    lines = fitting(digest_entries(listed[first:], decisions_of(listed)))
    end = first + len(lines)
    if first or end < len(listed):
        lines.append(f"These are {first + 1} to {end} of {len(listed)}.")
    more = [actions(more_button(digest, end))] if end < len(listed) else []
    return digest_text(listed), [*paragraphs(lines), *more]


def decisions_of(listed: Listed) -> dict[int, HoldDecision]:
    """The decision about each entry, as it was made."""
    return {hold.seq: to_decision(event.hold) for hold, event in listed if event.hold}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        message = "There is no such digest."
        raise NotFound(message) from None
