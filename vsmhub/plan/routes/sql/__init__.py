"""The `sql` route: a hub brought to what is declared in Inter-Hub's own database, where its API cannot."""
