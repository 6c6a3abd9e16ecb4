"""What a planner of queries cannot know by itself."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Unsearched(FunctionElement[Any]):
    """A column that rows are compared by, and never searched by on SQLite.

    Without statistics SQLite takes an index of equal values for the best way in. What nearly every row has in common,
    such as its workspace, would make it read all of them, and sort what it found, to answer with the first few.
    """

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        """Compare by *column*."""
        super().__init__(column)
        self.type = column.type


@compiles(Unsearched)
def _as_it_is(element: Unsearched, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - the compiler's own
    return compiler.process(element.clauses, **options)


@compiles(Unsearched, "sqlite")
def _without_index(element: Unsearched, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - likewise
    return f"+{compiler.process(element.clauses, **options)}"
