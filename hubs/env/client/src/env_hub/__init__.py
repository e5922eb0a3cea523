"""Client of env-hub: its vocabulary as types, and what can be done with it.

Generated from hub.yaml by `vsmhub generate`. Do not edit: change hub.yaml and run `vsmhub generate` again.
"""

from env_hub.vocabulary import AnnotationCategory, EventType, PolicyScope, Widget, WidgetType
from vsmhub.sdk import HubClient

__all__ = ["AnnotationCategory", "EventType", "EnvHub", "PolicyScope", "Widget", "WidgetType"]


class EnvHub(HubClient[EventType, AnnotationCategory, Widget]):
    """env-hub in one Inter-Hub: register it with `bootstrap`, report evidence with `emit`, remark with `annotate`."""

    package = __name__
