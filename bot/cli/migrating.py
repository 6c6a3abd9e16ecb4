"""`debrief migrate`."""

from bot.cli.terminal import say, warn
from bot.settings import load_settings
from bot.store.database.engine import open_database
from bot.store.migrate import CHANGING, upgrade
from bot.store.schema import current_revision, known_revisions


def migrate() -> None:
    """Bring the database's tables to what this version needs; all of it or nothing.

    Example: `debrief migrate` before the first replica of a new version starts. `serve` does it by itself, too.
    """
    database = open_database(load_settings().database_url)
    try:
        before = current_revision(database)
        *earlier, needed = known_revisions()
        if before in earlier:
            warn(f"Changing the tables from revision {before} to {needed}. {CHANGING}")
        upgrade(database)
        after = current_revision(database)
    finally:
        database.close()
    say(
        f"The database is at revision {after}."
        if before == after
        else f"Migrated from {before or 'nothing'} to {after}."
    )


COMMANDS = {"migrate": migrate}
