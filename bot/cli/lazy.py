"""Modules that are imported when they are needed: the one exception to imports at the top of a module.

A command line starts for every command anew, and importing all that any command needs takes ten times as long as most
commands work. So commands are known by name and summary, and the module of the one that was typed is imported.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot.cli.terminal import StoppedError


def load(module: str) -> Any:  # noqa: ANN401 - a module, whose names nobody can know here
    """The module of this name, imported now if nobody has yet."""
    return import_module(module)


def lazy_group(modules: Mapping[str, str], summaries: Mapping[str, str]) -> type[TyperGroup]:
    """A group of the commands that *summaries* names, each in the `COMMANDS` of its module in *modules*."""

    class LazyGroup(TyperGroup):
        """Lists placeholders; what is run, or asked for its help, is the real command."""

        def __init__(self, **given: Any) -> None:  # noqa: ANN401 - whatever Typer gives a group
            super().__init__(**given)
            self.commands = {name: TyperCommand(name=name, help=text) for name, text in summaries.items()}

        def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:  # noqa: ANN401 - Typer's
            name, command, rest = super().resolve_command(ctx, args)
            return name, _real(name, modules[name]) if name else command, rest

        def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's
            try:
                return super().invoke(ctx)
            except KeyboardInterrupt as error:  # which Typer would make an exit without a word
                raise StoppedError("Stopped.") from error

    return LazyGroup


def _real(name: str, module: str) -> Any:  # noqa: ANN401 - Typer's kinds of commands are private
    command = load(module).COMMANDS[name]
    if not isinstance(command, typer.Typer):
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
        alone.command(name)(command)
        command = alone
    return typer.main.get_command(command)
