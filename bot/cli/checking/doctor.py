"""`debrief doctor`: one line a check, with what to do."""

import typer

from analysis.errors import InvalidInput
from bot.cli.checking.check import Check, Verdict
from bot.cli.checking.checks import all_checks
from bot.cli.incidents.incident_verbs import JsonOption
from bot.cli.tables import table
from bot.cli.terminal import say_json
from bot.settings import load_settings


def doctor(*, as_json: JsonOption = False) -> None:
    """Check configuration, database, key, anchors, Slack and its clock, approvers, publishing, model and pager.

    Example: `debrief doctor`. Nothing is changed. Exit status 1 says that something fails; what is only worth a look
    does not count.
    """
    checks = _checks()
    if as_json:
        say_json([_row(check) for check in checks])
    else:
        rows = [
            (check.verdict.value, check.name, " ".join(filter(None, (f"{check.said}.", check.todo))))
            for check in checks
        ]
        table(("", "check", "what was found, and what to do"), rows)
    if any(check.verdict is Verdict.FAILS for check in checks):
        raise typer.Exit(1)


def _checks() -> list[Check]:
    try:
        return list(all_checks(load_settings()))
    except InvalidInput as error:
        todo = "Correct it: docs/reference/settings.md lists every setting."
        return [Check(name="configuration", verdict=Verdict.FAILS, said=error.message.rstrip("."), todo=todo)]


def _row(check: Check) -> dict[str, str]:
    return {"check": check.name, "verdict": check.verdict.value, "said": check.said, "todo": check.todo}


COMMANDS = {"doctor": doctor}
