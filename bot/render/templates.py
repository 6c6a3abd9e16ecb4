"""The renderer: one document tree and one set of templates always give the same bytes."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import BaseLoader, BytecodeCache, DictLoader, Environment, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from bot.render.escaping import Markdown, clean, escape_markdown
from bot.render.filters import cite, is_at_odds, labels, local, mark, markdown_link, safe_link, utc, words
from bot.render.placing import hashes, laid_out, runs_markdown, words_html

#: Raised when the same tree and templates would give other bytes than before.
RENDERER_VERSION = "2"
FORMS = {"markdown": "postmortem.md.j2", "html": "postmortem.html.j2"}
#: What those are made of, beside themselves.
_PARTS = ("block", "facts", "section")
_NAMES = sorted(
    (*FORMS.values(), "parts.html.j2", *(f"{part}.{ending}.j2" for part in _PARTS for ending in ("md", "html")))
)
_HERE = Path(__file__).resolve().parent


class TemplateRenderer:
    """Implements `bot.ports.outside.Renderer`; templates are read once, when it is made."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read the templates of *folder*, by default those that Debrief brings along."""
        sources = _sources(folder or template_folder())
        loader = DictLoader(sources)
        environments = {"markdown": markdown_environment(loader), "html": _html_environment(loader)}
        self._templates = {form: environments[form].get_template(name) for form, name in FORMS.items()}
        self._version = f"{RENDERER_VERSION}+{_fingerprint(sources)}"

    @property
    def version(self) -> str:
        """The renderer's version and the SHA-256 of its templates."""
        return self._version

    def render(self, document: Mapping[str, Any], *, form: str) -> bytes:
        """The document tree as `markdown` or `html`."""
        return self._templates[form].render({**document, **laid_out(document)}).encode()


class _Compiled(BytecodeCache):
    """What templates were compiled to in this process: compiling takes a third of the building of a bot."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give *bucket* the code of its template, if the same text was compiled before."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember what was compiled."""
        self._codes[bucket.key, bucket.checksum] = bucket.code


#: One for each kind of environment, because the code depends on its settings as well.
_MARKDOWN, _HTML = _Compiled(), _Compiled()


def template_folder() -> Path:
    """Where the templates are: inside an installed package, else at the top of the repository."""
    packaged = _HERE / "templates"
    return packaged if packaged.is_dir() else _HERE.parents[1] / "templates"


def markdown_environment(loader: BaseLoader) -> Environment:
    """What Markdown is made with: names are strict, and every value is escaped."""
    environment = Environment(
        loader=loader,
        bytecode_cache=_MARKDOWN,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - `finalize` escapes every value for Markdown instead
        finalize=_for_markdown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"utc": utc, "local": local, "labels": labels, "cite": cite, "words": words}
    environment.filters |= {"link": markdown_link, "mark": mark, "line": runs_markdown, "hashes": hashes}
    return environment


def _sources(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text(encoding="utf-8") for name in _NAMES}


def _fingerprint(sources: Mapping[str, str]) -> str:
    whole = "".join(f"{name}\0{sources[name]}\0" for name in sorted(sources))
    return hashlib.sha256(whole.encode()).hexdigest()


def _html_environment(loader: BaseLoader) -> Environment:
    environment = Environment(
        loader=loader,
        bytecode_cache=_HTML,
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_for_html,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"utc": utc, "local": local, "words": words, "safe_link": safe_link}
    environment.filters |= {"is_at_odds": is_at_odds, "words_html": words_html}
    return environment


def _for_markdown(value: object) -> str:
    return value if isinstance(value, Markdown) else escape_markdown(str(value))


def _for_html(value: object) -> object:
    return value if isinstance(value, Markup) else clean(str(value))
