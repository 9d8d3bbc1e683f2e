"""Makes a whole directory from a number of people and a seed: the same pair, the same directory."""

from random import Random

from sandbox.directory.cast import CAST
from sandbox.directory.devices import invent_devices
from sandbox.directory.directory import Directory
from sandbox.directory.groups import invent_groups
from sandbox.directory.managed_oddities import invent_odd_records
from sandbox.directory.people import invent_managers, invent_people, new_id

SOFT_DELETED = 3  # people in the recycle bin, where there are enough people
_APPLICATIONS = ("Payroll", "Wiki & <Docs>", "Jira", "Badge Printer", "名刺管理", "Payroll")
# In each tenant, without a registration there: what Microsoft brings, and a managed identity.
_OTHER_PRINCIPALS = (
    ("Microsoft Graph", "Application"),
    ("Office 365 Exchange Online", "Application"),
    ("vm-build-01", "ManagedIdentity"),
)


def generate(people: int, seed: int) -> Directory:
    """A directory of `people` living people (never fewer than the cast) and what they have.

    Three more lie in the recycle bin. Nothing is in the journal yet: the first delta round is
    the full read.
    """
    random = Random(f"directory {seed}")
    directory = Directory()
    living = max(people, len(CAST))
    invent_people(directory.users, living + SOFT_DELETED, random)
    recycled = directory.users.order[living:]
    directory.managers = invent_managers(directory.users, random)
    directory.owners = invent_devices(directory.devices, directory.managed, directory.users, random)
    directory.members = invent_groups(directory.groups, directory.users, directory.devices, random)
    _invent_applications(directory, random)
    invent_odd_records(directory)
    for person in recycled:
        directory.remove_person(person)
    directory.forget_history()
    return directory


def _invent_applications(directory: Directory, random: Random) -> None:
    for name in _APPLICATIONS:
        app_id = new_id(random)
        directory.applications.add(
            {
                "id": new_id(random),
                "appId": app_id,
                "displayName": name,
                "createdDateTime": "2022-02-02T12:00:00Z",
            }
        )
        _principal(directory, new_id(random), app_id, name, "Application")
    for name, kind in _OTHER_PRINCIPALS:
        _principal(directory, new_id(random), new_id(random), name, kind)


def _principal(directory: Directory, own_id: str, app_id: str, name: str, kind: str) -> None:
    directory.principals.add(
        {
            "id": own_id,
            "appId": app_id,
            "displayName": name,
            "accountEnabled": True,
            "servicePrincipalType": kind,
        }
    )
