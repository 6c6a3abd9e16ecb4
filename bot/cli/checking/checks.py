"""The checks of `debrief doctor`: each says how it stands in one line, and what to do where it does not stand well."""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import bot
from analysis.errors import DebriefError, InvalidInput
from analysis.people import Access
from analysis.styles import Style
from analysis.wording import counted
from bot.cli.checking.anchors_check import check_anchors
from bot.cli.checking.check import Check, fails, look, ok
from bot.cli.checking.endpoint_check import check_endpoint
from bot.cli.checking.pager_check import check_pagers
from bot.parts import SystemClock, read_service_graph
from bot.publish.git_program import Git
from bot.settings import Settings, unknown_settings
from bot.slack.workspace.checkup import SlackCheckup, check_slack
from bot.store.database.checkup import DatabaseCheckup, check_database
from bot.store.database.engine import WHAT_TO_DO, open_database
from bot.store.database.keys import find_sealer, is_sealed
from bot.store.record.sealing import read_key

#: Slack refuses requests whose clock is five minutes off, and so do we.
SKEW_TO_WATCH, SKEW_TO_ACT = timedelta(seconds=10), timedelta(seconds=120)
#: A commit waits for one of these; a disk slower than this makes two seconds for a command a near thing.
SLOW_FSYNC_MICROSECONDS = 50_000
_GIT_SECONDS = 10.0
#: What a site may give beyond the manifest: people of the pager are then known by their address.
OPTIONAL_SCOPES = frozenset({"users:read.email"})


def all_checks(settings: Settings) -> Iterator[Check]:
    """Every check in the order of the report; nothing is made or changed."""
    yield _configuration(settings)
    yield _database(settings)
    yield _key_file(settings)
    yield check_anchors(settings)
    yield from _slack(settings)
    yield _approvers(settings)
    yield _publishing(settings)
    yield _documents(settings)
    yield from _service_graph(settings)
    yield from check_endpoint(settings)
    yield from check_pagers(settings)


def _configuration(settings: Settings) -> Check:
    strangers = unknown_settings(os.environ)
    if strangers:
        return look("configuration", " ".join(strangers).rstrip("."), "Correct the name, or unset it.")
    token = settings.slack_bot_token.get_secret_value()
    if not token and (settings.uses_socket_mode or settings.slack_signing_secret.get_secret_value()):
        return fails("configuration", "Slack's token is missing", "Set DEBRIEF_SLACK_BOT_TOKEN, too.")
    if not token:
        return look("configuration", "readable, without Slack", "Set DEBRIEF_SLACK_BOT_TOKEN to work in Slack.")
    if settings.uses_socket_mode:
        return ok("configuration", "readable, Socket Mode")
    if not settings.slack_signing_secret.get_secret_value():
        todo = "Set DEBRIEF_SLACK_APP_TOKEN for Socket Mode, or DEBRIEF_SLACK_SIGNING_SECRET for HTTP."
        return fails("configuration", "Slack has no way to reach the bot", todo)
    return ok("configuration", "readable, Slack calls over HTTP")


def _database(settings: Settings) -> Check:
    found = check_database(settings.database_url)
    state = f"{found.address}, revision {found.revision or 'none'}"
    if found.problem:
        problem = found.problem.removesuffix(WHAT_TO_DO).rstrip(" .")
        todo = "Set DEBRIEF_DATABASE_URL, or mend what it names."
        return fails("database", ": ".join(filter(None, (found.address, problem))), todo)
    if not found.exists:
        return look("database", f"{found.address} does not exist yet", "`debrief serve` or `debrief migrate` makes it.")
    if not found.is_current:
        return fails("database", f"{state}, not this version's", "Run `debrief migrate`.")
    return _promise_of_server(found, state) if found.durability else _promise_of_disk(found, state)


def _promise_of_server(found: DatabaseCheckup, state: str) -> Check:
    if found.durability == "fsync on, synchronous_commit on":
        return ok("database", f"{state}, writable, {found.durability}")
    todo = "Acknowledged does not mean kept: switch fsync and synchronous_commit on."
    return fails("database", f"{state}, {found.durability}", todo)


def _promise_of_disk(found: DatabaseCheckup, state: str) -> Check:
    fsync = found.fsync_microseconds
    if fsync is None:
        return fails("database", f"{state}, its folder cannot be written", "Let the user who runs Debrief write there.")
    said = f"{state}, writable, fsync {fsync} µs"
    if fsync > SLOW_FSYNC_MICROSECONDS:
        return look("database", said, "The disk is slow: commands may time out. Move the database to a faster one.")
    return ok("database", said)


def _key_file(settings: Settings) -> Check:
    path = settings.key_file
    try:
        key = read_key(path)
    except DebriefError as error:
        return fails("key file", error.message.rstrip("."), "Without it nothing that was recorded can be read.")
    is_used, fits = _sealing(settings)
    if key is None and is_used:
        todo = "Restore it from your backup: without it nothing that was recorded can be read."
        return fails("key file", f"{path} is missing", todo)
    if key is None:
        todo = "It is made on first use; back it up apart from the database."
        return look("key file", f"{path} does not exist yet", todo)
    if is_used and not fits:
        return fails("key file", f"{path} is not the key of this database", "Set DEBRIEF_KEY_FILE to the right one.")
    return ok("key file", f"{path}, readable by its owner only")


def _sealing(settings: Settings) -> tuple[bool, bool]:
    """Whether the database is sealed with some key, and whether with ours; one that fails has a check of its own."""
    found = check_database(settings.database_url)
    if found.problem or not found.exists or not found.is_current:
        return False, False
    database = open_database(settings.database_url, only_to_read=True)
    try:
        return is_sealed(database), find_sealer(database, key_file=settings.key_file) is not None
    finally:
        database.close()


def _slack(settings: Settings) -> Iterator[Check]:
    if not settings.slack_bot_token.get_secret_value():
        return
    found = check_slack(settings, SystemClock())
    if found.problem:
        todo = "Check DEBRIEF_SLACK_BOT_TOKEN and the way to Slack; the verbs work on the command line meanwhile."
        yield fails("slack", f"{settings.slack_api_url}: {found.problem}", todo)
        return
    yield ok("slack", f"{settings.slack_api_url}, workspace {found.team}")
    yield _clock(found)
    yield _scopes(found)
    if settings.uses_socket_mode:
        yield _socket(found)
    yield _operations_channel(settings, found)
    yield from _alerts_channel(settings, found)


def _clock(found: SlackCheckup) -> Check:
    if found.skew is None:
        return look("clock", "Slack did not say what time it is", "Compare with another clock.")
    seconds = found.skew.total_seconds()
    said = f"{abs(seconds):.1f} s {'ahead of' if seconds > 0 else 'behind'} Slack's"
    if abs(found.skew) > SKEW_TO_ACT:
        return fails(
            "clock", said, "Set it by NTP: from 300 s on every request of Slack is refused, and times are wrong."
        )
    if abs(found.skew) > SKEW_TO_WATCH:
        return look("clock", said, "Set it by NTP: the record's times are this machine's.")
    return ok("clock", said)


def _scopes(found: SlackCheckup) -> Check:
    if found.scopes is None:
        return look("scopes", "Slack did not say which the token has", "Compare the app with manifest.json.")
    wanted = wanted_scopes()
    if wanted is None:
        return ok("scopes", f"{', '.join(sorted(found.scopes))} (manifest.json is not part of this installation)")
    missing, more = wanted - found.scopes, found.scopes - wanted - OPTIONAL_SCOPES
    if missing:
        todo = "Update the app from manifest.json and install it again; without them those parts are left out."
        return fails("scopes", f"missing: {', '.join(sorted(missing))}", todo)
    if more:
        return look("scopes", f"more than needed: {', '.join(sorted(more))}", "Take them away: least is safest.")
    return ok("scopes", f"all {len(wanted)} of manifest.json, no more")


def wanted_scopes() -> frozenset[str] | None:
    """The bot's scopes in the manifest; `None` where an installation came without one."""
    path = Path(bot.__file__).resolve().parents[1] / "manifest.json"
    try:
        return frozenset(json.loads(path.read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"])
    except (OSError, ValueError, KeyError):
        return None


def _socket(found: SlackCheckup) -> Check:
    if found.socket_problem:
        todo = "Make an app-level token with connections:write and set DEBRIEF_SLACK_APP_TOKEN."
        return fails("socket", f"Slack refuses it: {found.socket_problem}", todo)
    return ok("socket", "Slack offers a connection")


def _operations_channel(settings: Settings, found: SlackCheckup) -> Check:
    channel = settings.operations_channel
    if not channel:
        todo = "Set DEBRIEF_OPERATIONS_CHANNEL, or watch the log and /healthz."
        return look("operations channel", "none: an operator is told in the log only", todo)
    if found.channel_problem:
        todo = f"Invite the bot to {channel}, or set DEBRIEF_OPERATIONS_CHANNEL to a channel it is in."
        return fails("operations channel", f"{channel}: {found.channel_problem}", todo)
    return ok("operations channel", f"{channel}, the bot is in it")


def _alerts_channel(settings: Settings, found: SlackCheckup) -> Iterator[Check]:
    channel = settings.alerts_channel
    if channel and found.alerts_channel_problem:
        todo = (
            f"Invite the bot to {channel}, or set DEBRIEF_ALERTS_CHANNEL to a channel it is in; alerts wait meanwhile."
        )
        yield fails("alerts channel", f"{channel}: {found.alerts_channel_problem}", todo)
    elif channel:
        yield ok("alerts channel", f"{channel}, the bot is in it")
    elif settings.alert_sources:
        todo = "Set DEBRIEF_ALERTS_CHANNEL: alerts are taken and grouped, and no message tells of them."
        yield look("alerts channel", "none", todo)


def _service_graph(settings: Settings) -> Iterator[Check]:
    """Whether the server, which starts only with a graph that it can read, will start."""
    if settings.service_graph is None:
        return
    try:
        known = read_service_graph(settings.service_graph)
    except InvalidInput as error:
        yield fails("service graph", error.message.rstrip("."), "The server does not start before it is mended.")
        return
    yield ok("service graph", f"{settings.service_graph}, {counted(len(known.graph.calls), 'call')}")


def _documents(settings: Settings) -> Check:
    """Whether documents can be laid out as configured; a template that fails fails its draft's style, not the draft."""
    template = settings.document_template
    if template is None and settings.document_style is Style.COMPANY:
        todo = "Set DEBRIEF_DOCUMENT_TEMPLATE to its file or folder; drafts are made in the style sre meanwhile."
        return fails("documents", "the style company has no template", todo)
    if template is None:
        return ok("documents", f"drafts in the style {settings.document_style}")
    # Templates take time to load, and few sites have one.
    from bot.render.trying import try_template  # noqa: PLC0415

    tried = try_template(template)
    failed = next((one for one in tried if one.failure), None)
    if failed:
        todo = "Drafts are made in the style sre meanwhile. `debrief templates check` shows all of it."
        return fails("documents", f"{template} fails for {failed.example}: {failed.failure.rstrip('.')}", todo)
    return ok("documents", f"drafts in the style {settings.document_style}; {template}, version {tried[0].version}")


def _approvers(settings: Settings) -> Check:
    approvers = settings.access.get(Access.APPROVER, frozenset())
    if not approvers:
        todo = 'Name a user group or people: DEBRIEF_ACCESS={"approver": ["S0123"]}.'
        return look("approvers", "nobody but an incident's commander may approve, at mild severities", todo)
    return ok("approvers", ", ".join(sorted(approvers)))


def _publishing(settings: Settings) -> Check:
    folder = settings.publish_git_dir
    if folder is None:
        return look(
            "publishing", "to the incident's channel only", "Set DEBRIEF_PUBLISH_GIT_DIR to keep documents in git."
        )
    git = Git(folder, identity={}, environ=os.environ, timeout=_GIT_SECONDS)
    try:
        branch = settings.publish_git_branch or git.run("symbolic-ref", "--short", "HEAD")
        git.run("rev-parse", "--git-dir")
        has_remote = not settings.publish_git_push or git.ask("remote", "get-url", "origin")
    except DebriefError as error:
        return fails("publishing", f"{folder}: {error.message}", "Make it a git repository with a branch.")
    if not os.access(folder, os.W_OK):
        return fails("publishing", f"{folder} cannot be written", "Let the user who runs Debrief write there.")
    if not has_remote:
        return fails("publishing", f"{folder} has no remote origin", "Add it, or unset DEBRIEF_PUBLISH_GIT_PUSH.")
    return ok("publishing", f"{folder}, branch {branch}, folder {settings.publish_git_path}")
