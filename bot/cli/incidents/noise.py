"""`debrief noise`: what is noise, with proof; what waits; and the kill switch, which needs no Slack and no database."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.chain import stamp
from analysis.errors import Refused, Unavailable
from analysis.people import Action, require
from analysis.slacktext import clean
from analysis.wording import counted, instant, joined
from bot.cli.incidents.incident_verbs import JsonOption
from bot.cli.office import Office, open_office
from bot.cli.tables import table
from bot.cli.terminal import say, say_json, spoken, warn
from bot.ports.holding import Hold, HoldPolicy
from bot.settings import Settings, load_settings
from bot.usecases.holding.noise_account import NoiseAccount, noise_account
from bot.usecases.verbs import VERBS, Asker, Query, Request

RULES_SHOWN = 20


def noise(
    words: Annotated[list[str] | None, typer.Argument(metavar="[7d|stop|resume|approve P-3|decline P-3]")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """What is noise, with proof; stop holding back.

    Example: `debrief noise 7d`

    `debrief noise stop` has every alert told from now on. Where the database does not answer, it leaves a file that
    stops it all the same; `resume` takes both away. Approving takes a login that is mapped to a person in Slack.
    """
    said = clean(" ".join(words or ())).strip()
    settings = load_settings()
    try:
        _run(said, settings, as_json=as_json)
    except Unavailable as error:
        if said.lower() != "stop":
            raise
        stop_file = settings.hold_stop_file.absolute()
        _leave(stop_file)
        told = "stops holding back instead, if the server reads this file; every alert is told then."
        warn(f"{spoken(error.message)} {stop_file} {told}")


def _run(said: str, settings: Settings, *, as_json: bool) -> None:
    with open_office() as office:
        asker = office.asker()
        parsed = VERBS["noise"].read(asker, said)
        if isinstance(parsed, Query):
            _show(office, asker, parsed, as_json=as_json, is_stopped=settings.is_holding_stopped)
        elif isinstance(parsed, Request):
            _submit(office, parsed, settings, is_resumed=said.lower() == "resume", as_json=as_json)


def _submit(office: Office, request: Request, settings: Settings, *, is_resumed: bool, as_json: bool) -> None:
    has_file = is_resumed and settings.is_holding_stopped
    try:
        text = office.submit(request).text
    except Refused:
        if not has_file:
            raise
        require(request.command.person, Action.HOLD)
        text = "Goes on: what was approved may wait again."
    if has_file:
        _take_away(settings.hold_stop_file.absolute())
    say_json({"text": spoken(text)}) if as_json else say(spoken(text))


def _leave(stop_file: Path) -> None:
    """Make it, in folders that the user who runs the server can read, whoever makes them."""
    try:
        for folder in reversed([one for one in stop_file.parents if not one.exists()]):
            folder.mkdir()
            folder.chmod(0o755)
        stop_file.touch()
    except OSError as error:
        message = (
            f"{stop_file} cannot be made: {error.strerror}. Make it where the server finds it; nothing is stopped."
        )
        raise Unavailable(message) from error


def _take_away(stop_file: Path) -> None:
    try:
        stop_file.unlink(missing_ok=True)
    except OSError as error:
        message = f"{stop_file} cannot be removed: {error.strerror}. Remove it; until then every alert is told."
        raise Unavailable(message) from error


def _show(office: Office, asker: Asker, query: Query, *, as_json: bool, is_stopped: bool) -> None:
    require(asker.person, Action.VIEW)
    with office.store.snapshots.snapshot() as reads:
        account = noise_account(
            reads,
            office.workspace_id,
            span=timedelta(hours=query.hours or 0),
            is_stopped_by_file=is_stopped,
        )
    if as_json:
        say_json(_value(office, account))
        return
    say(account.headline)
    if account.policies:
        rows = [_policy_row(office, one, account.now) for one in account.policies]
        table(("", "state", "until", "approved by", "held", "in days", "at most", "pattern"), rows)
    for one in account.open:
        say(f"Waits since {instant(one.since)}: {one.pattern}")
    for each in account.waited:
        say(f"Waited {counted(each.held, 'time')}: {each.pattern}")
    if account.rules:
        rules = [_rule_row(one) for one in account.rules[:RULES_SHOWN]]
        table(("rule", "source", "fired", "windows", "incidents", "at most", "may wait", "why"), rules)


def _policy_row(office: Office, policy: HoldPolicy, now: datetime) -> tuple[str, ...]:
    proof = policy.proof
    return (
        policy.reference,
        policy.state_at(now).value,
        instant(policy.expires_at) if policy.expires_at else "",
        joined([office.directory.name(one) for one in policy.approved_by]),
        str(proof.held),
        str(proof.days),
        f"{proof.upper:.1%}" if proof.upper is not None else "",
        policy.words,
    )


def _rule_row(rule: Any) -> tuple[str, ...]:  # noqa: ANN401 - a JSON object
    return (
        f"{rule['rule']} “{rule['called']}”" if rule.get("called") else rule["rule"],
        rule["source"],
        str(rule["fired"]),
        str(rule["windows"]),
        str(rule["incidents"]),
        f"{rule['upper']:.1%}",
        "yes" if rule["eligible"] else "no",
        " ".join(rule["why"]),
    )


def _value(office: Office, account: NoiseAccount) -> dict[str, Any]:
    return {
        "headline": account.headline,
        "since": stamp(account.since),
        "until": stamp(account.until),
        "stopped": account.is_stopped,
        "days": [{"day": day, "fired": fired, "held": held} for day, fired, held in account.days],
        "waited": [{"pattern": one.pattern.to_json(), "times": one.held} for one in account.waited],
        "policies": [_policy_value(office, one, account.now) for one in account.policies],
        "waiting": [_hold_value(one) for one in account.open],
        "rules": list(account.rules),
        "replayed_at": stamp(account.night.began_at) if account.night else None,
    }


def _policy_value(office: Office, policy: HoldPolicy, now: datetime) -> dict[str, Any]:
    proof = policy.proof
    return {
        "policy": policy.reference,
        "pattern": policy.pattern.to_json(),
        "state": policy.state_at(now).value,
        "critical": policy.is_critical,
        "until": stamp(policy.expires_at) if policy.expires_at else None,
        "approved_by": [office.directory.name(one) for one in policy.approved_by],
        "held": proof.held,
        "days": proof.days,
        "windows": proof.windows,
        "incidents": proof.incidents,
        "upper": proof.upper,
        "replay": proof.replay,
    }


def _hold_value(hold: Hold) -> dict[str, Any]:
    return {"event": hold.seq, "since": stamp(hold.since), "pattern": hold.pattern.to_json(), "by": hold.action.value}


COMMANDS = {"noise": noise}
