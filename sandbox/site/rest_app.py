"""What an installed app finds on a site: its properties and its licence."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.http import answer, nothing
from sandbox.site.callers import Caller, Handler, Refused
from sandbox.site.properties import Properties, PropertyRefused

_AT = "/rest/atlassian-connect/1/addons/<app_key>"


class AppDoor:
    """Answers an app about itself. `licence`: active, inactive, evaluation or none."""

    def __init__(self, properties: Properties) -> None:
        self.properties = properties
        self.licence = "active"

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        """Method and rule to handler."""
        return {
            ("GET", _AT): self.app,
            ("GET", f"{_AT}/properties"): self.names,
            ("GET", f"{_AT}/properties/<name>"): self.read,
            ("PUT", f"{_AT}/properties/<name>"): self.write,
            ("DELETE", f"{_AT}/properties/<name>"): self.delete,
        }

    def app(self, request: Request, caller: Caller, app_key: str) -> Response:
        """The app's state and licence."""
        del request
        _own(caller, app_key)
        body: dict[str, Any] = {
            "key": app_key,
            "version": "1.0.0",
            "state": "ENABLED",
            "host": {"product": "JIRA", "contacts": []},
        }
        if self.licence != "none":
            body["license"] = {
                "active": self.licence != "inactive",
                "type": "COMMERCIAL",
                "evaluation": self.licence == "evaluation",
                "supportEntitlementNumber": "SEN-1",
                "entitlementId": "entitlement-1",
                "entitlementNumber": "E-1",
            }
        return answer(body)

    def names(self, request: Request, caller: Caller, app_key: str) -> Response:
        """Every property's name."""
        del request
        _own(caller, app_key)
        rows = [{"key": name, "self": f"properties/{name}"} for name in self.properties.held]
        return answer({"keys": rows})

    def read(self, request: Request, caller: Caller, app_key: str, name: str) -> Response:
        """One property."""
        del request
        _own(caller, app_key)
        if name not in self.properties.held:
            raise _said(404, "Property not found.")
        return answer({"key": name, "value": self.properties.held[name]})

    def write(self, request: Request, caller: Caller, app_key: str, name: str) -> Response:
        """Make or replace one property."""
        _own(caller, app_key)
        try:
            new = self.properties.put(name, request.get_data().decode())
        except (PropertyRefused, UnicodeDecodeError) as problem:
            raise _said(400, str(problem)) from None
        status, text = (201, "Property created.") if new else (200, "Property updated.")
        return answer({"statusCode": status, "message": text}, status)

    def delete(self, request: Request, caller: Caller, app_key: str, name: str) -> Response:
        """Forget one property."""
        del request
        _own(caller, app_key)
        if not self.properties.delete(name):
            raise _said(404, "Property not found.")
        return nothing()


def _own(caller: Caller, app_key: str) -> None:
    if caller.app is None:
        raise _said(401, "Access to this resource must be authenticated as an app.")
    if caller.app.app_key != app_key:
        raise _said(404, "The app is not installed.")


def _said(status: int, message: str) -> Refused:
    return Refused(status, {"statusCode": status, "message": message})
