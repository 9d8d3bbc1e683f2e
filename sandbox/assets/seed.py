"""Assets that nobody imports: laptops, phones and licences of the site's employees.

The same seed makes the same objects. Some names are hostile on purpose.
"""

import random
from collections.abc import Sequence

from sandbox.assets.cloud import AssetsCloud
from sandbox.assets.model import Attribute, Kind, ObjectType, Schema

_LAPTOPS = ("Latitude 7450", "ThinkPad X1", "MacBook Air 15", "EliteBook 840")
_PHONES = ("Pixel 9", "iPhone 17", "Fairphone 6", "Galaxy S26")
_LICENCES = ("Figma", "IntelliJ IDEA", "Office E3", "Photoshop")
_HOSTILE = (
    'Monitor 27" <b>bold</b>',
    "<script>alert('asset')</script>",
    '=HYPERLINK("http://example.com")',
    "Größe Ω 手機 \u202ertl",
    'back\\slash "and" quotes',
)


def seed_hardware(cloud: AssetsCloud, owners: Sequence[str], seed: int = 7) -> Schema:
    """A schema `Hardware` with each owner's laptop, phone and licences; gives the schema."""
    chance = random.Random(seed)
    schema = cloud.workspace.add_schema("Hardware", "HW", "Bought by IT")
    in_use = cloud.workspace.add_status("In use", 1, schema_id=schema.id)
    kinds = _types(cloud, schema, in_use.id)
    for account_id in owners:
        _add(cloud, kinds["Laptop"], chance.choice(_LAPTOPS), account_id, in_use.id, chance)
        _add(cloud, kinds["Phone"], chance.choice(_PHONES), account_id, in_use.id, chance)
        for name in chance.sample(_LICENCES, 2):
            _add(cloud, kinds["Licence"], name, account_id, in_use.id, chance)
    for number, name in enumerate(_HOSTILE if owners else ()):
        owner = owners[number % len(owners)]
        _add(cloud, kinds["Laptop"], name, owner, in_use.id, chance)
    for name in (*_LAPTOPS, *_PHONES[:2]):  # in the store room: nobody's
        _add(cloud, kinds["Laptop"], name, "", in_use.id, chance)
    return schema


def _types(cloud: AssetsCloud, schema: Schema, status_id: int) -> dict[str, ObjectType]:
    space = cloud.workspace
    asset = space.add_type(schema.id, "Hardware asset", inherited=True, abstract=True)
    _attributes(cloud, asset, status_id)
    licence = space.add_type(schema.id, "Licence")
    _attributes(cloud, licence, status_id)
    laptop = space.add_type(schema.id, "Laptop", parent_id=asset.id)
    phone = space.add_type(schema.id, "Phone", parent_id=asset.id)
    space.add_attribute(phone.id, "IMEI")
    return {"Laptop": laptop, "Phone": phone, "Licence": licence}


def _attributes(cloud: AssetsCloud, found: ObjectType, status_id: int) -> None:
    space = cloud.workspace
    space.add_attribute(found.id, "Owner", kind=Kind.USER)
    space.add_attribute(found.id, "Serial number")
    space.add_attribute(found.id, "Bought on", default_type=4)
    space.add_attribute(found.id, "Price", default_type=3)
    space.add_attribute(found.id, "Notes", default_type=9)
    space.add_attribute(found.id, "State", kind=Kind.STATUS, statuses=(status_id,))
    space.add_attribute(found.id, "Purchase reference", hidden=True)


def _add(
    cloud: AssetsCloud,
    found: ObjectType,
    name: str,
    owner: str,
    status_id: int,
    chance: random.Random,
) -> None:
    values = {
        "Name": name,
        "Owner": owner,
        "Serial number": f"SN{chance.randrange(10**8):08d}",
        "Bought on": f"202{chance.randrange(3, 7)}-0{chance.randrange(1, 10)}-15",
        "Price": f"{chance.randrange(200, 2400)}.00",
        "State": str(status_id),
        "Purchase reference": f"PO-{chance.randrange(10**5)}",
    }
    named: dict[str, Attribute] = {
        a.name: a for a in cloud.workspace.attributes_of(found.id) if a.name in values
    }
    filled = {a.id: (values[name],) for name, a in named.items() if values[name]}
    cloud.workspace.add_thing(found.id, filled)
