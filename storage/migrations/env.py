"""Run by alembic: bring the connection that `storage.catalogue` hands over to the newest schema."""

from alembic import context
from sqlalchemy import Connection

from storage.tables import Table


def migrate(connection: Connection) -> None:
    """Run the migrations in the transaction that the caller began on this connection."""
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


migrate(context.config.attributes["connection"])
