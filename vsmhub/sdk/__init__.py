"""What the clients of all hubs share. A hub's own client, generated beside its hub.yaml, adds its vocabulary as types.

class OpsHub(HubClient[EventType, AnnotationCategory, Widget]):
    package = __name__
"""

from vsmhub.sdk.hub_client import Bootstrapped, HubClient

__all__ = ["Bootstrapped", "HubClient"]
