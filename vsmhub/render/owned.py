"""Where artifacts lie that nothing else lies beside."""

GENERATED = "generated"
PACKAGES = "client/src"
OWNED = (GENERATED, PACKAGES)
"""Folders that hold artifacts and nothing else, from the hub's own."""
