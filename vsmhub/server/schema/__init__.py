"""The database's schema: made at once or by its history, and laid out for the surface that is served."""
