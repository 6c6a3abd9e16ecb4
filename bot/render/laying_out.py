"""From a template and an outline to a layout: evaluated in a sandbox, read as Markdown, refused where it is not whole.

A company's template runs here in a process of its own (`bot.render.confined`); the styles that Debrief brings along
run here as well, so that they keep the same contract.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError, Undefined
from jinja2.filters import FILTERS
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import Namespace, missing

from analysis.layout import Block
from analysis.wording import joined
from bot.render.reading import MisplacedError, read_markdown
from bot.render.view import SEEN, Facts, Placed, is_published, more, offered, view_of

MOST_LETTERS = 200_000
_SAID_LETTERS = 300
#: Those that neither depend on chance nor make something long out of something short.
FILTER_NAMES = (
    "capitalize", "count", "d", "default", "first", "join", "last", "length", "list", "lower", "map", "reject",
    "rejectattr", "replace", "reverse", "select", "selectattr", "sort", "title", "trim", "unique", "upper",
)  # fmt: skip
#: How Jinja names an object of the view.
_OURS = re.compile(r"'bot\.render\.view\.(\w+) object'")
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_CALLED = (Macro, BlockReference, LoopContext)


class TemplateFailure(Exception):
    """A template that makes no layout: why in one sentence, and where in it, as far as that is known."""

    def __init__(self, because: str, *, file: str = "", line: int = 0) -> None:
        """Keep what is said."""
        super().__init__(because)
        self.because, self.file, self.line = because.strip().rstrip("."), file, line

    @property
    def sentence(self) -> str:
        """All of it."""
        where = f"{self.file}, line {self.line}: " if self.line else ""
        return f"{where}{self.because}."


class _Unknown(StrictUndefined):
    """A name that is not there; using it fails with the names that are."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return f"{super()._undefined_message}; {_instead(self._undefined_obj)}"


def _instead(thing: object) -> str:
    if thing is missing:
        return f"a template sees {joined(SEEN)}"
    if isinstance(thing, tuple | list | Facts):
        return "it is a list: loop over it, or take one by its place"
    names = offered(thing)
    return f"it has {joined(names)}" if names else "it can only be printed"


class _Sandbox(ImmutableSandboxedEnvironment):
    """Lets a template call its own macros, `range` and `namespace`, and nothing else."""

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ANN401 - whatever a template calls
        # Calling what is not there says so by itself.
        return isinstance(obj, (*_CALLED, Undefined)) or obj is safe_range or obj is Namespace

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401 - as above
        is_ours = isinstance(obj, str) or not is_published(obj, attr)
        return super().is_safe_attribute(obj, attr, value) and not is_ours

    def handle_exception(self, source: str | None = None) -> NoReturn:  # noqa: ARG002 - Jinja's signature
        """Let errors be as they are, with the frames that say in which line of which template they are."""
        raise  # noqa: PLE0704 - Jinja calls this while it handles the error


def lay_out(sources: Mapping[str, str], entry: str, outlined: Mapping[str, Any]) -> tuple[Block, ...]:
    """The layout that the template *entry* of *sources* makes of an outline.

    Raises
    ------
    TemplateFailure
        If it makes none.
    """
    return _marked(_printed(sources, entry, outlined))


def _printed(sources: Mapping[str, str], entry: str, outlined: Mapping[str, Any]) -> str:
    pieces, letters = [], 0
    try:
        template = _sandbox(sources).get_template(entry)
        for piece in template.generate(view_of(outlined).names):
            letters += len(piece)
            _check_length(letters)
            pieces.append(piece)
    except TemplateFailure as error:
        file, line = _where(error)
        raise TemplateFailure(error.because, file=file, line=line) from error
    except TemplateSyntaxError as error:
        raise TemplateFailure(_said(error.message or ""), file=error.name or entry, line=error.lineno) from error
    except Exception as error:  # an edge: whatever a template does is its own fault
        file, line = _where(error)
        raise TemplateFailure(_because(error), file=file or entry, line=line) from error
    return "".join(pieces)


def _check_length(letters: int) -> None:
    if letters > MOST_LETTERS:
        raise TemplateFailure(f"it writes more than {MOST_LETTERS:,} letters")


def _marked(text: str) -> tuple[Block, ...]:
    try:
        return read_markdown(text)
    except MisplacedError as error:
        raise TemplateFailure(str(error)) from error


def _sandbox(sources: Mapping[str, str]) -> _Sandbox:
    sandbox = _Sandbox(
        loader=DictLoader(dict(sources)),
        undefined=_Unknown,
        autoescape=False,  # what it makes is read as Markdown without HTML, and escaped by the renderer
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=0,
    )
    filters: dict[str, Callable[..., Any]] = {name: FILTERS[name] for name in FILTER_NAMES}
    sandbox.filters = {**filters, "more": more}
    sandbox.globals = {"range": safe_range, "namespace": Namespace}
    return sandbox


def _finalize(value: object) -> str:
    """What may be printed: the template's own words, and parts of the document."""
    if isinstance(value, Undefined):
        return str(value)  # raises what is not defined; Jinja's own is a condition without `else`, which is empty
    if not isinstance(value, str | Placed):
        message = f"it prints what is no text ({type(value).__name__}); print words, or parts of the document"
        raise TemplateFailure(message)
    return str(value)


def _because(error: Exception) -> str:
    match error:
        case MemoryError():
            return "it needs more memory than it may have"
        case RecursionError():
            return "it calls itself too deeply"
        case TemplateNotFound():
            return f"there is no template “{str(error.name)[:80]}” in its folder"
        case TemplateError() | OverflowError():
            return _said(str(error))
    return f"{_said(str(error)) or 'it fails'} ({type(error).__name__})"


def _said(text: str) -> str:
    """A message of Python's or Jinja's as a clause, the same in every process."""
    return _OURS.sub(r"“\1”", _ADDRESS.sub("", " ".join(text.split())))[:_SAID_LETTERS]


def _where(error: Exception) -> tuple[str, int]:
    """The template and the line in which it happened, the innermost."""
    found, trace = ("", 0), error.__traceback__
    while trace:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            found = (template.name, template.get_corresponding_lineno(trace.tb_lineno))
        trace = trace.tb_next
    return found
