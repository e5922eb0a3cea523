"""The embedded Inter-Hub: the reference contract served by FastAPI on PostgreSQL."""
