"""The embedded PostgreSQL: its programs, its files, its process, and who uses it."""
