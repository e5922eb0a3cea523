"""Resources as a target would answer with them."""

HUB_ID = "0199a000-0000-7000-8000-000000000001"
MOMENT = "2026-06-14T12:00:00Z"


def _resource(number: int) -> dict[str, object]:
    return {
        "id": f"0199a000-0000-7000-8000-{number:012}",
        "createdAt": MOMENT,
        "updatedAt": MOMENT,
        "revision": 3,
        "unknownToThisClient": True,
    }


HUB = _resource(1) | {
    "slug": "ops-hub",
    "name": "Ops",
    "domain": "operations",
    "hubKind": "domain",
    "hubFamily": "vsm",
    "vsmFunction": "OPS",
    "vsmSystem": "S1",
    "description": "",
}
MANIFEST_ID = "0199a000-0000-7000-8000-000000000002"
MANIFEST = _resource(2) | {
    "hubId": HUB_ID,
    "version": "1.0.0",
    "status": "active",
    "widgetTypes": ["ops-service"],
    "eventTypes": ["ops-endpoint-verified"],
    "annotationCategories": ["ops-risk"],
    "policyScopes": ["ops-internal"],
    "capability": {},
    "activatedAt": MOMENT,
}
WIDGET = _resource(3) | {
    "hubId": HUB_ID,
    "slug": "ops-service-gitea",
    "name": "Gitea",
    "widgetType": "ops-service",
    "policyScope": "ops-internal",
    "viewContext": "ops/services",
    "metadata": {"why": None},
    "status": "active",
}
