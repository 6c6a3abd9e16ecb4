"""The verbs of `/incident` on the command line, for when Slack is down: one implementation over the table of verbs."""

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated

import typer

from analysis.errors import DebriefError, InvalidInput, NeedsConfirmation
from analysis.slacktext import clean
from bot.cli.commands import summary_of
from bot.cli.incidents.showing import show
from bot.cli.office import Office, open_office
from bot.cli.terminal import ask, say, say_json, spoken, warn
from bot.ports.records import Reply
from bot.usecases.verbs import VERBS, Asker, Form, Late, Query, Request, Verb

#: Verbs about no incident in particular.
_WITHOUT_INCIDENT = frozenset({"declare", "list", "alerts", "oncall"})
_ABOUT_NONE = _WITHOUT_INCIDENT | {"noise"}
#: Verbs whose words may have a time in them, on the clock of whoever types.
_WITH_TIMES = frozenset({"note", "correct", "milestone"})
#: `--help` says the first here; `noise` must work without a database (`bot.cli.incidents.noise`); the others need
#: templates, which take time to load (`bot.cli.incidents.documents`).
_ELSEWHERE = frozenset({"help", "draft", "approve", "publish", "close", "noise", "page", "oncall"})
EXAMPLES = {
    "declare": "declare SEV2 card authorisations failing",
    "list": "list all",
    "status": "status --incident 12 mitigating",
    "severity": "severity --incident 12 SEV1 all regions now",
    "role": "role --incident 12 commander @ana",
    "note": "note --incident 12 14:02 rolled back the deploy",
    "impact": "impact --incident 12 3 % of card payments fail",
    "update": "update --incident 12 payments recover since 14:10",
    "milestone": "milestone --incident 12 detection 09:12",
    "timeline": "timeline --incident 12",
    "alerts": "alerts G-42",
    "signals": "signals --incident 12",
    "changes": "changes --incident 12 12h",
    "noise": "noise 7d",
    "attach": "attach --incident 12 G-42",
    "detach": "detach --incident 12 G-42",
    "page": "page --incident 12 payments disk is full --yes",
    "oncall": "oncall payments",
    "correct": "correct --incident 12 E7 14:02 rolled back the deploy",
    "withdraw": "withdraw --incident 12 E7 written into the wrong incident",
    "restore": "restore --incident 12 E7",
    "promote": "promote --incident 12 E7 as cause",
    "unpromote": "unpromote --incident 12 E7 as cause",
    "resolve": "resolve --incident 12",
    "reopen": "reopen --incident 12 declines rose again",
    "draft": "draft --incident 12",
    "approve": "approve --incident 12 1f2e3d4c",
    "unapprove": "unapprove --incident 12 the cause is wrong",
    "publish": "publish --incident 12 --yes",
    "close": "close --incident 12 drill, nothing to publish",
    "duplicate": "duplicate --incident 12 of 11",
    "decline": "decline --incident 12 planned maintenance",
    "cancel": "cancel --incident 12 opened by mistake",
    "private": "private --incident 12",
    "public": "public --incident 12",
}

#: A command in a sentence that was written for Slack, where the channel says which incident is meant.
_IN_SLACK = re.compile(r"`/incident (?:#(?P<named>[0-9]+) )?(?P<verb>[a-z]+)")
#: Nine digits are more than any database will ever count to; what is beyond them, no column holds.
_NUMBER = re.compile(r"#?0*([1-9][0-9]{0,8})")


def refuse_early_json(context: typer.Context, *, as_json: bool) -> None:
    """Say that `--json` before a verb of a verb would not reach it; a program would read a table.

    Raises
    ------
    InvalidInput
        If it stands there.
    """
    if as_json and context.invoked_subcommand is not None:
        verb = f"{context.command_path} {context.invoked_subcommand}"
        message = f"--json stands before “{context.invoked_subcommand}”; write it after: {verb} --json."
        raise InvalidInput(message)


def incident_number(said: str) -> int:
    """The number of an incident as people write it, `12` or `#12`."""
    match = _NUMBER.fullmatch(said.strip())
    if match is None:
        message = f"“{said[:40]}” is not the number of an incident, such as 12"
        raise typer.BadParameter(message)
    return int(match[1])


IncidentOption = Annotated[
    int, typer.Option("--incident", "-i", parser=incident_number, metavar="N", help="The incident's number.")
]
ZoneOption = Annotated[
    str | None, typer.Option("--zone", help="The zone of times in the words, such as Europe/Berlin; by default yours.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Answer yes where it would ask.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]

Finish = Callable[[Office, Late, bool], Reply]
#: What a yes to a question asks for.
Agree = Callable[[NeedsConfirmation], Request]


def not_late(_: Office, parsed: Late, __: bool) -> Reply:  # noqa: FBT001 - one of the ends of a verb
    """The end of verbs that need nothing but the record."""
    raise LookupError(parsed.name)


def command(verb: Verb, finish: Finish = not_late) -> Callable[..., None]:
    """The command of *verb*, its docstring what `--help` says; *finish* does what a late verb asks."""
    metavar = verb.usage.partition(" ")[2] or None

    def about_none(
        words: Annotated[list[str] | None, typer.Argument(metavar=metavar)] = None,
        *,
        is_sure: YesOption = False,
        as_json: JsonOption = False,
    ) -> None:
        with open_office() as office:
            run_verb(office, verb, office.asker(), words, finish, is_sure=is_sure, as_json=as_json)

    def about_one(
        words: Annotated[list[str] | None, typer.Argument(metavar=metavar)] = None,
        *,
        incident: IncidentOption,
        zone: ZoneOption = None,
        is_sure: YesOption = False,
        as_json: JsonOption = False,
    ) -> None:
        with told_of(incident), open_office() as office:
            asker = office.asker(number=incident, zone=zone)
            if zone is None and verb.name in _WITH_TIMES and (doubt := office.doubt_of_zone):
                warn(doubt)
            run_verb(office, verb, asker, words, finish, is_sure=is_sure, as_json=as_json)

    made = about_none if verb.name in _WITHOUT_INCIDENT else about_one
    made.__doc__ = _help(verb)
    return made


def run_verb(
    office: Office,
    verb: Verb,
    asker: Asker,
    words: Sequence[str] | None,
    finish: Finish,
    *,
    is_sure: bool,
    as_json: bool,
) -> None:
    """Do what *verb* asks with *words*, or show what it asks for."""
    parsed = verb.read(asker, clean(" ".join(words or ())).strip())
    if isinstance(parsed, Form):
        message = f"Say it in words: `debrief {EXAMPLES[verb.name]}`."
        raise InvalidInput(message)
    if isinstance(parsed, Query):
        show(office, asker, parsed, as_json=as_json)
        return
    reply = finish(office, parsed, is_sure) if isinstance(parsed, Late) else submit(office, parsed, is_sure=is_sure)
    text = with_number(reply.text, reply.number or asker.number)
    say_json({"text": text, "incident": reply.number}) if as_json else say(text)


def with_number(text: str, number: int | None) -> str:
    """An answer that was written for Slack, with the commands of the command line: they name the incident."""

    def command_here(found: re.Match[str]) -> str:
        about = found["named"] or number
        option = f" --incident {about}" if about and found["verb"] in EXAMPLES.keys() - _ABOUT_NONE else ""
        return f"`debrief {found['verb']}{option}"

    return spoken(_IN_SLACK.sub(command_here, text))


@contextmanager
def told_of(number: int) -> Iterator[None]:
    """Let what is refused here say the commands that help as they are typed for incident *number*."""
    try:
        yield
    except DebriefError as error:
        error.args = (with_number(error.message, number), *error.args[1:])
        raise


def submit(office: Office, request: Request, *, is_sure: bool, agree: Agree | None = None) -> Reply:
    """Write it; where it asks first, ask on a terminal, or take --yes for an answer.

    What *agree* makes of a yes may ask again, about what was recorded while the question stood.
    """
    try:
        return office.submit(request)
    except NeedsConfirmation as question:
        if not is_sure and not ask(with_number(question.message, question.number)):
            message = f"{question.message} Add --yes to say so; nothing was recorded."
            raise NeedsConfirmation(message, verb=question.verb) from question
        agreed = agree(question) if agree and question.about else None
    if agreed:
        return submit(office, agreed, is_sure=is_sure, agree=agree)
    return office.submit(replace(request, command=replace(request.command, is_confirmed=True)))


def _help(verb: Verb) -> str:
    return inspect.cleandoc(f"{summary_of(verb)}\n\nExample: `debrief {EXAMPLES[verb.name]}`")


COMMANDS = {verb.name: command(verb) for verb in VERBS.values() if verb.name not in _ELSEWHERE}
