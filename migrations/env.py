"""Runs the revisions on the connection that `bot.store.migrate` hands over, inside its transaction."""

from alembic import context

from bot.store.record.tables import METADATA


def run() -> None:
    """Migrate; DDL is transactional on both databases, so a killed migration leaves nothing behind."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=METADATA,
        render_as_batch=True,
        transactional_ddl=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
