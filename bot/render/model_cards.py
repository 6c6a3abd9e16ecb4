"""The card of a model: what it is for, what it rests on and how it was judged, as Markdown."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import DictLoader

from bot.render.escaping import Markdown
from bot.render.templates import markdown_environment, template_folder

_NAME = "model_card.md.j2"


class CardRenderer:
    """Renders cards; the template is read once, when it is made."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read the template of *folder*, by default the one that Debrief brings along."""
        source = ((folder or template_folder()) / _NAME).read_text(encoding="utf-8")
        environment = markdown_environment(DictLoader({_NAME: source}))
        environment.filters["figure"] = Markdown  # numbers of our own, which need no escaping
        self._template = environment.get_template(_NAME)

    def render(self, facts: Mapping[str, Any]) -> str:
        """The card with *facts* in it, each escaped for Markdown."""
        return self._template.render(facts)
