"""How objects and their values look on the wire."""

from collections.abc import Callable

from sandbox.assets.model import Accounts, Attribute, Kind, Thing
from sandbox.assets.reading import Reading
from sandbox.assets.shapes import Shape, Shapes, moment
from sandbox.assets.workspace import Workspace


class ThingShapes:
    """Turns objects into JSON for one workspace; `base` is the service's own address."""

    def __init__(
        self, workspace: Workspace, accounts: Accounts, workspace_id: str, base: Callable[[], str]
    ) -> None:
        self._workspace = workspace
        self._accounts = accounts
        self._id = workspace_id
        self._address = base
        self._reading = Reading(workspace, accounts)
        self.structure = Shapes(workspace, workspace_id, base)

    def _base(self) -> str:
        return f"{self._address()}/jsm/assets/workspace/{self._id}/v1"

    def thing(self, thing: Thing, visible: frozenset[int], *, attributes: bool = True) -> Shape:
        """One object; a reference into a type that is not visible shows no value."""
        shape = {
            **self._brief(thing),
            "avatar": self._avatar(thing),
            "created": moment(thing.created),
            "updated": moment(thing.updated),
            "timestamp": int(thing.updated.timestamp() * 1000),
            "hasAvatar": False,
            "_links": {"self": f"{self._base()}/object/{thing.id}"},
        }
        return {**shape, "attributes": self.held(thing, visible)} if attributes else shape

    def _brief(self, thing: Thing) -> Shape:
        return {
            **self.structure.named(thing.id),
            "label": thing.label,
            "objectKey": thing.key,
            "objectType": self.structure.object_type(self._workspace.types[thing.type_id]),
        }

    def _avatar(self, thing: Thing) -> Shape:
        url = f"{self._base()}/avatar/object/{thing.id}?size="
        sizes = {f"url{size}": f"{url}{size}" for size in (16, 48, 72, 144, 288)}
        return {"workspaceId": self._id, "globalId": "", "objectId": str(thing.id), **sizes}

    def held(self, thing: Thing, visible: frozenset[int]) -> list[Shape]:
        """An object's attributes that have values, the system ones among them."""
        shown: list[Shape] = []
        for attribute in self._workspace.attributes_of(thing.type_id):
            values = self._values(attribute, thing, visible)
            if values:
                shown.append(
                    {
                        "workspaceId": self._id,
                        "globalId": f"{self._id}:{thing.id}-{attribute.id}",
                        "id": f"{thing.id}{attribute.id}",
                        "objectTypeAttributeId": str(attribute.id),
                        "objectId": str(thing.id),
                        "objectAttributeValues": values,
                    }
                )
        return shown

    def _values(self, attribute: Attribute, thing: Thing, visible: frozenset[int]) -> list[Shape]:
        if attribute.system:
            born = {"key": thing.key, "created": moment(thing.created)}
            return [_plain(born.get(attribute.name.casefold(), moment(thing.updated)))]
        stored = thing.values.get(attribute.id, ())
        if attribute.kind is Kind.DEFAULT:
            return [_plain(text) for text in stored]
        shapes = (self._special(attribute, text, visible) for text in stored)
        return [shape for shape in shapes if shape is not None]

    def _special(self, attribute: Attribute, stored: str, visible: frozenset[int]) -> Shape | None:
        text = self._reading.text(attribute, stored)
        shape: Shape = {"displayValue": text, "searchValue": stored, "referencedType": False}
        if attribute.kind is Kind.USER:
            return {**shape, "user": self._user(stored)}
        if attribute.kind is Kind.GROUP:
            return {**shape, "searchValue": text, "group": {"name": text, "avatarUrl": ""}}
        if attribute.kind is Kind.STATUS:
            status = self._workspace.statuses.get(int(stored))
            return {**shape, "status": self.structure.status(status)} if status else None
        other = self._workspace.things[int(stored)]
        if other.type_id not in visible:
            return None
        more = {"searchValue": other.key, "referencedType": True}
        return {**shape, **more, "referencedObject": self._brief(other)}

    def _user(self, account_id: str) -> Shape:
        account = self._accounts.find(account_id)
        if account is None:
            return {"key": account_id, "name": "", "displayName": "Unknown user", "isDeleted": True}
        return {
            "key": account_id,
            "name": account.display_name,
            "displayName": account.display_name,
            "emailAddress": account.public_email,
            "avatarUrl": "",
            "isDeleted": False,
        }


def _plain(text: str) -> Shape:
    return {
        "value": text,
        "displayValue": text,
        "searchValue": text,
        "referencedType": False,
    }
