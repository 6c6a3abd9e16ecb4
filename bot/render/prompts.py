"""The words by which a language model is asked, from templates whose hash is their version."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined, nodes

from bot.render.templates import template_folder

#: A shorter piece of a template is no sentence by which anybody could know it.
_LEAST_LETTERS = 20
_NAMES = ("instructions.txt.j2", "material.txt.j2")


class PromptTemplates:
    """Implements `bot.ports.model.Prompts`; templates are read once, when it is made."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read the templates of *folder*, by default those that Debrief brings along."""
        folder = folder or template_folder() / "prompts"
        sources = {name: (folder / name).read_text(encoding="utf-8") for name in _NAMES}
        # What they make is plain text and JSON data, where HTML's escapes would be errors; `tojson` escapes by itself.
        environment = Environment(
            loader=DictLoader(sources),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._instructions, self._material = (environment.get_template(name) for name in _NAMES)
        pieces = (piece for source in sources.values() for piece in _constant(environment, source))
        self._own = tuple(piece for piece in pieces if len(piece) >= _LEAST_LETTERS)
        self._version = hashlib.sha256("\x00".join(sources.values()).encode()).hexdigest()[:16]

    @property
    def version(self) -> str:
        """The beginning of the SHA-256 of the templates."""
        return self._version

    @property
    def own(self) -> tuple[str, ...]:
        """The sentences that are the same whatever is asked, a line or a piece of one each."""
        return self._own

    def render(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """The instructions, and the material as JSON data."""
        return self._instructions.render(values).strip(), self._material.render(values).strip()


def _constant(environment: Environment, source: str) -> Iterator[str]:
    """The text of a template between its tags, by lines, and what each section is about, as the instructions say it."""
    parsed = environment.parse(source)
    for data in parsed.find_all(nodes.TemplateData):
        yield from data.data.splitlines()
    for pair in parsed.find_all(nodes.Pair):
        if isinstance(pair.key, nodes.Const) and isinstance(pair.value, nodes.Const):
            yield f"{pair.key.value} ({pair.value.value})"
