"""`debrief inventory` and `debrief canary`: what decides here in which version, and whether the model still does."""

from typing import Annotated, Any

import typer

from analysis.errors import InvalidInput, NeedsConfirmation, NotFound, Refused, Unavailable
from analysis.events import Source
from analysis.inventory.things import Thing
from analysis.people import Action, require
from analysis.wording import counted, instant
from bot.cli.incidents.incident_verbs import JsonOption, YesOption
from bot.cli.learning.inventory_facts import entries, figures, told
from bot.cli.office import Office, open_office, open_reading_office
from bot.cli.progress import progress
from bot.cli.tables import table
from bot.cli.terminal import ask, say, say_json, warn
from bot.late import build_canaries, governed_by, patience_of
from bot.parts import SystemClock
from bot.ports.inventory import CanaryOutcome, CanaryRun
from bot.usecases.inventory.accept_canary import AcceptCanary, accept_canary
from bot.usecases.inventory.model_standing import ownerless
from bot.usecases.verbs import Request

_OUTCOMES = {
    CanaryOutcome.UNCHANGED: "It behaves as it was accepted.",
    CanaryOutcome.NOT_COMPARED: "Nothing was accepted yet, so this is compared with nothing: debrief canary --accept",
    CanaryOutcome.CHANGED: "It does what nobody has accepted, so that drafts do not ask it",
}


def inventory(
    thing: Annotated[str, typer.Argument(metavar="THING", help="One of them in full, such as model.")] = "",
    *,
    as_json: JsonOption = False,
) -> None:
    """List what decides here, in which version, and whose, with how that version was validated.

    Examples: `debrief inventory`, `debrief inventory verifier` with limits and history, `debrief inventory --json`.
    A version is a hash of what it stands for; what was measured of another version does not count for it.
    """
    known = [one.value for one in Thing]
    if thing and thing not in known:
        message = f"“{thing}” is not in the inventory; it has {', '.join(known)}."
        raise InvalidInput(message)
    with open_reading_office() as office:
        require(office.asker().person, Action.VIEW)
        found = [one for one in entries(office) if thing in {"", one.thing.value}]
    if as_json:
        rows = [one.to_json() for one in found]
        say_json(rows[0] if thing else rows)
    elif thing:
        for line in told(found[0]):
            say(line)
    else:
        table(
            ("thing", "version", "owner", "in use since", "validated"),
            [
                (
                    one.thing.value,
                    one.version or "not in use",
                    one.owner or "nobody",
                    instant(one.since.at) if one.since else "",
                    ", ".join(each.on for each in one.validations) or ("not validated" if one.version else ""),
                )
                for one in found
            ],
        )


def canary(
    reason: Annotated[str, typer.Option("--reason", help="Why it is accepted; it stays on record.")] = "",
    *,
    accepts: Annotated[
        bool, typer.Option("--accept", help="Accept what is seen: later runs are compared with it.")
    ] = False,
    is_sure: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Ask whether the language model behaves as accepted, by made-up records.

    Examples: `debrief canary`, `debrief canary --accept --reason "read the answers, model card 12"`. A change switches
    drafting with the model off until somebody accepts it. Exit status 1 if it changed, 3 if it did not answer. Needs
    admin or approver access. It costs about 8,000 tokens, of the budget DEBRIEF_CANARY_TOKENS_PER_DAY.
    """
    if accepts and not reason.strip():
        message = 'Say why with --reason, such as --reason "read the answers, model card 12"; it stays on record.'
        raise InvalidInput(message)
    with open_office() as office:
        require(office.asker().person, Action.ACCEPT)
        run = _run(office)
        if not as_json:
            _tell(run)
        accepted = _accepted(office, run, reason, is_sure=is_sure) if accepts else ""
    if as_json:
        say_json({**_value(run), "accepted": bool(accepted)})
    elif accepted:
        say(accepted)
    _end(run, is_accepted=bool(accepted))


def _run(office: Office) -> CanaryRun:
    if patience_of(office.settings) is None:
        message = "No model is set up: docs/how-to/draft-with-your-model.md says how."
        raise NotFound(message)
    if because := ownerless(governed_by(office.settings)):
        raise Refused(because)
    person = office.asker().person
    canaries = build_canaries(office.settings, office.store, SystemClock(), actor=person)
    with progress() as shown:
        task = shown.add_task("Asking", total=canaries.steps)
        return canaries.run(
            office.workspace_id, person, source=Source.COMMAND_LINE, on_step=lambda: shown.advance(task)
        )


def _accepted(office: Office, run: CanaryRun, reason: str, *, is_sure: bool) -> str:
    if run.outcome is CanaryOutcome.UNANSWERED:
        return ""
    command = AcceptCanary(**office.asker().base(), run_id=run.id, reason=reason)
    if not is_sure and not ask(f"Accept this as how {run.subject} behaves?"):
        message = "Nothing was accepted. Run it again with --yes if you accept what was seen."
        raise NeedsConfirmation(message)
    return office.submit(Request(use_case=accept_canary, command=command)).text


def _tell(run: CanaryRun) -> None:
    behaviour = run.behaviour
    if behaviour:
        rows = [
            (
                one.canary,
                "as asked for" if one.is_usable else "another form",
                f"{one.stands} of {counted(one.asked, 'sentence')}",
                ", ".join([*(f"obeyed {word}" for word in one.obeyed), *one.failures]),
            )
            for one in behaviour.observed
        ]
        table(("record", "form", "stand", "what was wrong"), rows)
        say(f"{run.subject}: {figures(behaviour)}.")
    for remark in run.content.get("remarks", ()):
        warn(f"Remark: {remark}.")
    changes = "; ".join(run.content.get("changes", ()))
    if run.outcome is not CanaryOutcome.UNANSWERED:
        say(f"{_OUTCOMES[run.outcome]}: {changes}." if changes else _OUTCOMES[run.outcome])


def _value(run: CanaryRun) -> dict[str, Any]:
    return {
        "subject": run.subject,
        "outcome": run.outcome.value,
        "began_at": run.began_at.isoformat(),
        "ended_at": run.ended_at.isoformat(),
        "changes": run.content.get("changes"),
        "remarks": run.content.get("remarks"),
        "because": run.content.get("because"),
        "behaviour": run.content.get("behaviour"),
    }


def _end(run: CanaryRun, *, is_accepted: bool) -> None:
    if run.outcome is CanaryOutcome.UNANSWERED:
        raise Unavailable(f"The canary set was not answered, and nothing changes: {run.content.get('because')}")
    if run.outcome is CanaryOutcome.CHANGED and not is_accepted:
        raise typer.Exit(1)


COMMANDS = {"inventory": inventory, "canary": canary}
