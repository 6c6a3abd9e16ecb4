"""`noise` and the Show button of a digest: what waits or waited, and why."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from analysis.alerts.hold_reasons import HoldDecision
from analysis.alerts.hold_rows import to_decision
from analysis.errors import NotFound
from analysis.people import Action, require
from bot.slack.context import SlackContext
from bot.slack.elements import Block, paragraphs
from bot.slack.noise import Listed, account_blocks, account_text, digest_entries, digest_text
from bot.usecases.noise_account import noise_account
from bot.usecases.stop_holding import SwitchHolding
from bot.usecases.verbs import Asker, Query, Request

BLOCKS = 45


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


def digest_answer(context: SlackContext, asker: Asker, digest: str) -> tuple[str, list[Block]]:
    """Every entry of a digest with the reasons for which it waited."""
    require(asker.person, Action.VIEW)
    with context.snapshots.snapshot() as reads:
        listed = reads.holds.of_digest(_id(digest))
    if not listed:
        message = "There is no such digest."
        raise NotFound(message)
    lines = digest_entries(listed, decisions_of(listed)).splitlines()
    return digest_text(listed), paragraphs(lines)[:BLOCKS]


def decisions_of(listed: Listed) -> dict[int, HoldDecision]:
    """The decision about each entry, as it was made."""
    return {hold.seq: to_decision(event.hold) for hold, event in listed if event.hold}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        message = "There is no such digest."
        raise NotFound(message) from None
