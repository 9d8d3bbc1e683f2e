"""The bodies of Forge's own calls. Source: Forge, "Life cycle events", "Remote agents in Jira"."""

import secrets
from collections.abc import Iterable
from typing import Any

from sandbox.forge.invocation import Deployment, Place

INSTALLED = "avi:forge:installed:app"
UPGRADED = "avi:forge:upgraded:app"


def lifecycle(event: str, deployment: Deployment, place: Place, person: str) -> dict[str, Any]:
    """Of `installed` and `upgraded`, as they are delivered to a remote."""
    who = "installerAccountId" if event == INSTALLED else "upgraderAccountId"
    return {
        "app": {
            "id": deployment.bare_id,
            "name": "My Assets for Jira",
            "ownerAccountId": "557058:00000000-0000-4000-8000-00000000ffff",
            "version": deployment.version,
        },
        "context": f"ari:cloud:jira::site/{place.cloud_id}",
        "environment": {"id": deployment.environment_id},
        "eventType": event,
        "id": place.installation_id,
        who: person,
    }


def with_scopes(body: dict[str, Any], scopes: Iterable[str]) -> dict[str, Any]:
    """`upgraded` also says what the app may do."""
    return {**body, "permissions": {"scopes": sorted(scopes), "external": {}}}


def module_call(place: Place, module_key: str) -> dict[str, Any]:
    """Of `preUninstall` and of a schedule; what a remote gets of the latter is not confirmed."""
    return {
        "context": {"cloudId": place.cloud_id, "moduleKey": module_key},
        "contextToken": secrets.token_urlsafe(24),
    }
