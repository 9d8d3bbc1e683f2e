"""One deployment as data: account, region, domain, and who may administer. Read from a JSON file.

Nothing secret stands in it. What the functions' environment would refuse is refused here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from app.files import descriptor_text
from app.settings import Settings, read_settings
from app.vault.key_policies import is_role_arn

# What `cdk bootstrap` names the role with which CloudFormation makes things. KMS refuses a key
# policy under which its maker could not change it again, so this role administers the keys, too.
_MAKER: Final = "arn:{part}:iam::{account}:role/cdk-hnb659fds-cfn-exec-role-{account}-{region}"
_DERIVED: Final = ("INSTANCES_TABLE", "RECEIPT_KEY_ID", "RECEIPTS_BUCKET", "IMPORT_QUEUE_URL",
                   "APP_BASE_URL")  # fmt: skip
# Made by the template, until a rotation puts others in use (docs/runbooks/rotate-keys.md).
_LOCKS: Final = ("SETTINGS_KEY_ID", "INSTANCE_KEY_ID")


class DeploymentFault(ValueError):
    """The file cannot be used; the text says why."""


@dataclass(frozen=True)
class Deployment:
    """`key_administrators` and `operators` are ARNs of IAM roles: who administers keys, and who may
    take on a re-wrapping role. `desk_hosts` are those of machines that the vendor's desk runs on;
    without one the desk's role is not made. `settings` are further variables of the app,
    FORGE_APP_ID above all. `runbooks` is the address under which `docs/runbooks/` can be read.
    """

    account: str
    region: str
    domain: str
    hosted_zone_id: str
    key_administrators: tuple[str, ...]
    operators: tuple[str, ...]
    runbooks: str
    alarm_email: str | None = None
    desk_hosts: tuple[str, ...] = ()
    name: str = "my-assets"
    partition: str = "aws"
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def administrators(self) -> tuple[str, ...]:
        """Whom the keys' policies name: people's role, and CloudFormation's own."""
        maker = _MAKER.format(part=self.partition, account=self.account, region=self.region)
        return (maker, *self.key_administrators)

    @property
    def app(self) -> Settings:
        """What the functions will read. Raises SettingsFault, as they would."""
        queue = f"https://sqs.{self.region}.amazonaws.com/{self.account}/{self.name}-imports.fifo"
        environ = self.environment(queue) | {"AWS_REGION": self.region}
        return read_settings(environ, descriptor_key=json.loads(descriptor_text())["key"])

    def environment(self, queue_url: str) -> dict[str, str]:
        """The variables of every function."""
        return {
            "APP_BASE_URL": f"https://{self.domain}",
            "INSTANCES_TABLE": f"{self.name}-instances",
            "SETTINGS_KEY_ID": f"alias/{self.name}-settings",
            "INSTANCE_KEY_ID": f"alias/{self.name}-instance",
            "RECEIPT_KEY_ID": f"alias/{self.name}-receipts",
            "RECEIPTS_BUCKET": self.receipts_bucket,
            "IMPORT_QUEUE_URL": queue_url,
            **self.settings,
        }

    @property
    def receipts_bucket(self) -> str:
        """Bucket names are the whole world's: account and region keep them apart."""
        return f"{self.name}-receipts-{self.account}-{self.region}"

    @property
    def keys_put_in_use(self) -> tuple[str, ...]:
        """The ARNs of keys of the locks that a rotation put in the place of the template's."""
        return tuple(self.settings[name] for name in _LOCKS if name in self.settings)

    def role_arn(self, role: str) -> str:
        """The ARN of an IAM role of this deployment, known before it is made."""
        return f"arn:{self.partition}:iam::{self.account}:role/{self.role_name(role)}"

    def rule_arn(self, clock: str) -> str:
        """The ARN of a rule of EventBridge."""
        where = f"{self.region}:{self.account}"
        return f"arn:{self.partition}:events:{where}:rule/{self.rule_name(clock)}"

    def rule_name(self, clock: str) -> str:
        return f"{self.name}-{clock}"

    def role_name(self, role: str) -> str:
        """IAM knows no regions: a name carries its own, so that deployments do not meet."""
        return f"{self.name}-{role}-{self.region}"


def read_deployment(path: Path) -> Deployment:
    """Raises DeploymentFault, SettingsFault."""
    found: Any = json.loads(path.read_text(encoding="utf-8"))
    known = {each.name for each in fields(Deployment)}
    if not isinstance(found, dict) or set(found) - known:
        raise DeploymentFault(f"{path}: takes {', '.join(sorted(known))} and nothing else")
    try:
        read: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in found.items()
        }
        given = Deployment(**read)
    except TypeError as fault:
        raise DeploymentFault(f"{path}: {fault}") from None
    _check(given)
    return given


def _check(given: Deployment) -> None:
    if not re.fullmatch(r"[0-9]{12}", given.account):
        raise DeploymentFault("account: must be twelve digits")
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-[0-9]", given.region):
        raise DeploymentFault("region: is no region of AWS")
    for word in ("operators", "desk_hosts"):
        if wrong := [arn for arn in getattr(given, word) if not is_role_arn(arn)]:
            raise DeploymentFault(f"{word}: not the ARN of one IAM role: {', '.join(wrong)}")
    if not given.app.is_sandbox and (taken := set(given.settings) & set(_DERIVED)):
        raise DeploymentFault(f"settings: {', '.join(sorted(taken))} are made by the template")
    ours = f"arn:{given.partition}:kms:{given.region}:{given.account}:key/"
    for name in () if given.app.is_sandbox else _LOCKS:
        if not given.settings.get(name, ours).startswith(ours):
            raise DeploymentFault(f"settings: {name}: not the ARN of a key of this account, here")
