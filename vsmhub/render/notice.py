"""What every generated file says of itself: that it is generated, from what, and how to make it again."""

SOURCE = "hub.yaml"
COMMAND = "vsmhub generate"
NOTICE = f"Generated from {SOURCE} by `{COMMAND}`. Do not edit: change {SOURCE} and run `{COMMAND}` again."
