"""`debrief templates`: try a template of the company's before a draft needs it, and start one from a style of ours."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.errors import InvalidInput, NotFound
from analysis.styles import Style
from analysis.wording import counted, joined
from bot.cli.incidents.incident_verbs import JsonOption
from bot.cli.terminal import say, say_json, spoken, warn
from bot.render.styling import NONE_SET, brought_source
from bot.render.trying import Tried, try_template
from bot.settings import load_settings

#: What an answer of "no" is to a program.
_NO_STATUS = 1

templates = typer.Typer(rich_markup_mode=None, add_completion=False)


@templates.callback()
def manage() -> None:
    """Try a document template of your own, or start one from a style that Debrief brings along.

    Example: `debrief templates print pagerduty > postmortem.md.j2`, then `debrief templates check postmortem.md.j2`
    """


@templates.command("check")
def check(
    template: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The template or its folder; by default the one that is set.")
    ] = None,
    *,
    show: Annotated[bool, typer.Option("--show", help="Print the first example as the template lays it out.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Lay out the example incidents with a template, and say what is wrong with it and in which line.

    Example: `debrief templates check postmortem.md.j2`, or `debrief templates check --show > example.md`. Nothing is
    recorded. What a template may do is in docs/reference/document-styles.md.
    """
    template = template or load_settings().document_template
    if template is None:
        message = f"There is {NONE_SET}, or name one: `debrief templates check FILE`."
        raise InvalidInput(message)
    tried = try_template(template)
    failed = [one for one in tried if one.failure]
    if as_json:
        say_json({"template": str(template), "version": tried[0].version, "examples": [_value(one) for one in tried]})
    elif show and not tried[0].failure:
        print(tried[0].markdown, end="")
    for line in () if as_json else _told(tried):
        warn(spoken(line if line.startswith(template.name) else f"{template.name}: {line}"))
    if failed:
        raise typer.Exit(_NO_STATUS)
    if not as_json and not show:
        examples = counted(len(tried), "example incident")
        say(f"{template}: {examples} laid out, each complete. Version {tried[0].version}.")


@templates.command("print")
def print_style(
    style: Annotated[Style, typer.Argument(help="The style, such as pagerduty or short.")],
) -> None:
    """Print the template of a style that Debrief brings along, to start your own from.

    Example: `debrief templates print short > postmortem.md.j2`
    """
    source = brought_source(style)
    if source is None:
        message = f"The style {style} has no template of this kind. `debrief templates print pagerduty` prints one."
        raise NotFound(message)
    print(source, end="")


def _told(tried: Sequence[Tried]) -> list[str]:
    """Each failure once, with the examples that have it unless all do."""
    failures = dict.fromkeys(one.failure for one in tried if one.failure)
    by_failure = {failure: [one.example for one in tried if one.failure == failure] for failure in failures}
    return [
        failure if len(examples) == len(tried) else f"For {joined(examples)}: {failure}"
        for failure, examples in by_failure.items()
    ]


def _value(tried: Tried) -> dict[str, Any]:
    return {"example": tried.example, "failure": tried.failure}


COMMANDS = {"templates": templates}
