"""A company's template tried on the example incidents that Debrief brings along."""

import json
from dataclasses import dataclass
from pathlib import Path

from analysis.styles import Style, with_style
from bot.render.styling import Styles
from bot.render.templates import TemplateRenderer, template_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a template makes of one example: a document, or why not."""

    example: str
    version: str
    markdown: str = ""
    failure: str = ""


def try_template(template: Path) -> list[Tried]:
    """What *template* makes of each example, the first of which has something of everything."""
    examples = json.loads((template_folder() / "styles" / "examples.json").read_text(encoding="utf-8"))
    styles, renderer = Styles(template), TemplateRenderer()
    version = styles.version(Style.COMPANY)
    tried = []
    for name, tree in examples.items():
        styled = styles(tree, Style.COMPANY)
        made = "" if styled.failure else renderer.render(with_style(tree, styled.block), form="markdown").decode()
        tried.append(Tried(example=name, version=version, markdown=made, failure=styled.failure))
    return tried
