"""What every generated file says of itself: that it is generated, from what, and how to make it again."""

SOURCE = "hub.yaml"
COMMAND = "vsmhub generate"


def notice(source: str) -> str:
    """The notice of what is generated from this file."""
    return f"Generated from {source} by `{COMMAND}`. Do not edit: change {source} and run `{COMMAND}` again."


NOTICE = notice(SOURCE)
