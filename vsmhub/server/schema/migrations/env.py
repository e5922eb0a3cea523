"""Runs the migrations on the connection that `vsmhub.server.schema.migrate` hands over, all in its one transaction."""

from alembic import context
from sqlalchemy import Connection

from vsmhub.interhub.tables import metadata

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
context.run_migrations()
