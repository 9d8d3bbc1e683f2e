"""The environment, read and checked once. Every missing or wrong variable is named at once.

No other module reads the environment. Nothing here connects to anything.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

Environment = Literal["production", "sandbox"]

LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_APP_KEY: Final = re.compile(r"[A-Za-z0-9._-]{1,80}")
_FORGE_APP: Final = re.compile(r"ari:cloud:ecosystem::app/[0-9a-fA-F-]{36}")
_HOST_PATTERN: Final = re.compile(r"(\*\.)?[A-Za-z0-9.-]{1,253}")
_KEY_ID: Final = re.compile(r"[A-Za-z0-9:/_-]{1,2048}")
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_TABLE: Final = re.compile(r"[A-Za-z0-9._-]{3,255}")


class SettingsFault(Exception):
    """The environment cannot be used. `faults` has one sentence for each variable at fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Settings:
    """What the environment says. Addresses have no trailing slash."""

    environment: Environment
    app_base_url: str
    app_key: str
    forge_app_id: str | None
    forge_environment: str
    atlassian_api_url: str
    install_keys_url: str
    forge_jwks_url: str
    connect_js_url: str
    entra_login_url: str
    graph_url: str
    site_hosts: tuple[str, ...]
    table: str
    settings_key_id: str
    instance_key_id: str
    settings_key_previous_ids: tuple[str, ...]
    instance_key_previous_ids: tuple[str, ...]
    receipt_key_id: str
    receipts_bucket: str | None
    queue_url: str | None
    aws_endpoint_url: str | None
    aws_service_urls: Mapping[str, str]  # of services that lie elsewhere, as the SDKs name them
    aws_region: str
    log_level: str

    @property
    def is_sandbox(self) -> bool:
        return self.environment == "sandbox"


def read_settings(environ: Mapping[str, str], *, descriptor_key: str) -> Settings:
    """Read all variables. Raises SettingsFault naming every one that is missing or wrong.

    `descriptor_key` is the app key of `atlassian-connect.json`, the default of APP_KEY.
    """
    reader = Reader(environ)
    settings = Settings(
        environment=reader.environment,
        app_base_url=reader.address("APP_BASE_URL"),
        app_key=reader.matching("APP_KEY", descriptor_key, _APP_KEY),
        forge_app_id=reader.matching("FORGE_APP_ID", "", _FORGE_APP) or None,
        forge_environment=reader.text("FORGE_ENVIRONMENT", "PRODUCTION"),
        atlassian_api_url=reader.address("ATLASSIAN_API_URL", "https://api.atlassian.com"),
        install_keys_url=reader.address(
            "CONNECT_INSTALL_KEYS_URL", "https://connect-install-keys.atlassian.com"
        ),
        forge_jwks_url=reader.address(
            "FORGE_JWKS_URL",
            "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json",
        ),
        connect_js_url=reader.address("CONNECT_JS_URL", "https://connect-cdn.atl-paas.net/all.js"),
        entra_login_url=reader.address("ENTRA_LOGIN_URL", "https://login.microsoftonline.com"),
        graph_url=reader.address("GRAPH_URL", "https://graph.microsoft.com"),
        site_hosts=reader.each("SITE_HOSTS", "*.atlassian.net,*.jira.com", _HOST_PATTERN),
        table=reader.matching("INSTANCES_TABLE", "my-assets-instances", _TABLE),
        settings_key_id=reader.matching("SETTINGS_KEY_ID", "alias/my-assets-settings", _KEY_ID),
        instance_key_id=reader.matching("INSTANCE_KEY_ID", "alias/my-assets-instance", _KEY_ID),
        settings_key_previous_ids=reader.each("SETTINGS_KEY_PREVIOUS_IDS", "", _KEY_ID),
        instance_key_previous_ids=reader.each("INSTANCE_KEY_PREVIOUS_IDS", "", _KEY_ID),
        receipt_key_id=reader.matching("RECEIPT_KEY_ID", "alias/my-assets-receipts", _KEY_ID),
        receipts_bucket=reader.matching("RECEIPTS_BUCKET", "", _BUCKET) or None,
        queue_url=reader.address("IMPORT_QUEUE_URL", "", optional=True) or None,
        aws_endpoint_url=reader.address("AWS_ENDPOINT_URL", optional=True) or None,
        aws_service_urls={
            name: found
            for name in ("dynamodb", "kms", "sqs", "sts", "s3")
            if (found := reader.address(f"AWS_ENDPOINT_URL_{name.upper()}", optional=True))
        },
        aws_region=reader.text("AWS_REGION", reader.text("AWS_DEFAULT_REGION", "eu-central-1")),
        log_level=reader.one_of("LOG_LEVEL", "INFO", LOG_LEVELS),
    )
    if settings.settings_key_id == settings.instance_key_id:
        reader.faults.append("INSTANCE_KEY_ID: must name another key than SETTINGS_KEY_ID.")
    if reader.faults:
        raise SettingsFault(reader.faults)
    return settings


class Reader:
    """Reads one variable at a time and remembers what is wrong with it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.faults: list[str] = []
        name = self.text("APP_ENVIRONMENT", "production")
        if name not in ("production", "sandbox"):
            self.faults.append("APP_ENVIRONMENT: must be production or sandbox.")
        self.environment: Environment = "sandbox" if name == "sandbox" else "production"

    def text(self, name: str, default: str) -> str:
        return self._environ.get(name, "").strip() or default

    def matching(self, name: str, default: str, shape: re.Pattern[str]) -> str:
        value = self.text(name, default)
        return self._kept(name, value, lambda: not value or bool(shape.fullmatch(value)))

    def needed(self, name: str, shape: re.Pattern[str]) -> str:
        """As `matching`, of a variable that has no default."""
        if not self.text(name, ""):
            self.faults.append(f"{name}: is missing.")
        return self.matching(name, "", shape)

    def each(self, name: str, default: str, shape: re.Pattern[str]) -> tuple[str, ...]:
        parts = tuple(part.strip() for part in self.text(name, default).split(",") if part.strip())
        self._kept(name, "", lambda: all(shape.fullmatch(part) for part in parts))
        return parts

    def one_of(self, name: str, default: str, values: tuple[str, ...]) -> str:
        value = self.text(name, default).upper()
        if value not in values:
            self.faults.append(f"{name}: must be one of {', '.join(values)}.")
        return value

    def address(self, name: str, default: str = "", *, optional: bool = False) -> str:
        value = self.text(name, default).rstrip("/")
        if not value:
            if not optional:
                self.faults.append(f"{name}: is missing.")
            return ""
        fault = _address_fault(value, sandbox=self.environment == "sandbox")
        if fault:
            self.faults.append(f"{name}: {fault}")
        return value

    def _kept(self, name: str, value: str, fits: Callable[[], bool]) -> str:
        if not fits():
            self.faults.append(f"{name}: has a wrong shape.")
        return value


def _address_fault(value: str, *, sandbox: bool) -> str | None:
    try:
        parts = urlsplit(value)
        port_fits = parts.port != 0
    except ValueError:
        return "is not an address."
    if parts.scheme not in ("https", "http") or not parts.hostname or not port_fits:
        return "is not an address."
    if parts.username is not None or parts.query or parts.fragment:
        return "must hold no user name, query or fragment."
    if not sandbox and parts.scheme != "https":
        return "must start with https:// in production."
    if not sandbox and is_loopback(parts.hostname):
        return "must not be a loopback address in production."
    return None


def is_loopback(host: str) -> bool:
    """Whether a host name or address is, or may be, this machine. Names are not looked up."""
    name = host.rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    if re.fullmatch(r"[0-9a-fx.]*[0-9]", name) and not re.fullmatch(
        r"([0-9]{1,3}\.){3}[0-9]{1,3}", name
    ):
        return True  # 127.1, 2130706433, 0x7f000001: short forms that some resolvers take
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    inner = getattr(address, "ipv4_mapped", None) or address
    return inner.is_loopback or inner.is_unspecified
