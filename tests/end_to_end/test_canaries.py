"""Secrets planted in a whole life of the app, at its most talkative: they lie and show nowhere.

Every library's debug output is asked for, temporary files are watched, the queue is read, and the
table and the site are taken apart.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest

from sandbox.administrator import Member, member, save_settings
from sandbox.app_process import AppProcess
from sandbox.directory import CAST, generate
from sandbox.world import World

pytestmark = pytest.mark.live

STRING = "canary: an Encryption String of theirs"
WRONG = "canary-of-a-secret-that-is-refused"
# Tokens are made while it runs: the app's own, Entra's, Forge's, a page's. So they begin: with
# `alg`, `typ`, `kid` or `iss`. Less would also be found in sealed bytes, by chance.
A_TOKEN = re.compile("eyJhbGci|eyJ0eXAi|eyJraWQi|eyJpc3Mi")
PERSON = CAST[0].email
ENDED = ("succeeded", "failed", "cancelled", "braked")


class Watched(threading.Thread):
    """Reads every file that ever appears in the folder for temporary files."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        folder.mkdir()
        self.folder, self.found = folder, b""
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.005):
            for path in self.folder.rglob("*"):
                try:
                    self.found += path.read_bytes()
                except OSError:
                    continue

    def end(self) -> None:
        self._over.set()
        self.join()


@dataclass
class Life:
    """One life of the app. `told` is all that it wrote and answered, `rests` what lies about."""

    world: World
    app: AppProcess
    told: dict[str, str] = field(default_factory=dict)
    rests: dict[str, str] = field(default_factory=dict)
    data_keys: list[bytes] = field(default_factory=list)

    def secrets(self) -> dict[str, str]:
        """Every secret that has a name."""
        given, installed = self.world.credentials, self.world.site.installation
        found = {
            "API token": given.api_token,
            "client secret": given.client_secret,
            "container token": given.container_token,
            "Encryption String": STRING,
            "a refused secret": WRONG,
            "shared secret": installed.signer.secret if installed is not None else WRONG,
            "Basic": base64.b64encode(f"{given.email}:{given.api_token}".encode()).decode(),
        }
        assert all(found.values())
        return found

    def command(self, *arguments: str) -> None:
        ended = self.app.run(*arguments)
        assert ended.returncode == 0, ended.stderr
        self.told[" ".join(arguments)] = ended.stdout + ended.stderr

    def look(self) -> None:
        """Take apart all that rests, and unwrap every data key, to look for it too."""
        items = self.client("dynamodb").scan(TableName=self.world.table)["Items"]
        self.rests["table"] = repr(items)
        self.rests["site"] = json.dumps(self.world.door.stored())
        for item in items:
            for name, entry in item.get("part_keys", {}).get("M", {}).items():
                self.data_keys.append(self._unwrapped(item, name, entry["M"]))
        assert self.data_keys

    def read_queue(self, url: str) -> None:
        """Read what waits, and leave it there."""
        found = self.client("sqs").receive_message(
            QueueUrl=url, AttributeNames=["All"], MessageAttributeNames=["All"], VisibilityTimeout=0
        )
        assert found.get("Messages")
        self.rests["queue"] = repr(found["Messages"])

    def client(self, service: Any) -> Any:
        return boto3.client(service, endpoint_url=self.world.aws_url)

    def _unwrapped(self, item: Any, name: str, entry: Any) -> bytes:
        descriptor = Path(__file__).parents[2] / "atlassian-connect.json"
        context = {
            "app": json.loads(descriptor.read_text())["key"],
            "instance": item["instance_id"]["S"],
            "generation": item["generation"]["S"],
            "part": name.partition("@")[0],
            "version": entry["version"]["S"],
        }
        opened = self.client("kms").decrypt(
            CiphertextBlob=entry["wrapped"]["B"], EncryptionContext=context
        )
        return bytes(opened["Plaintext"])


def live(life: Life, admin: Member, queue: str) -> None:
    """Save, open, import, fail, wrap anew, dump, forget."""
    life.world.door.install()
    save_settings(admin, life.world.credentials)
    string = {"encryption_string": STRING}
    told: list[Any] = [admin.call("PUT", "/api/settings/encryption-string", string)]
    given = life.world.credentials
    refused = {"tenant_id": given.tenant_id, "client_id": given.client_id, "client_secret": WRONG}
    told.append(admin.ask("PUT", "/api/settings/entra", refused).text)
    told.append(admin.ask("POST", "/api/settings/entra/check", refused).text)
    wrong = {"mode": "api_token", "email": given.email, "api_token": WRONG}
    told.append(admin.ask("PUT", "/api/settings/assets-access", wrong).text)
    told.append(admin.ask("PUT", "/api/settings/import", {"container_token": WRONG}).text)
    told.append(admin.ask("PUT", "/api/settings/import", {"container_token": [WRONG]}).text)
    told.append(admin.call("POST", "/api/imports", {"mode": "full"}))
    life.read_queue(queue)
    worker = life.app.begin("worker")
    try:
        told.append(run_to_its_end(admin))
        told.append([admin.call("GET", path) for path in ("/api/settings", "/api/imports")])
        told.append(admin.call("GET", "/api/my-assets"))
        life.look()
        for command in ("dump", "rewrap"):
            life.command("vendor", command)
        life.command("schedule")
        break_what_lies_in_the_site(life)
        told.append([admin.ask("GET", path).text for path in ("/api/settings", "/api/my-assets")])
        told.append(admin.ask("POST", "/api/imports", {"mode": "full"}).text)
        told.append(admin.ask("DELETE", "/api/settings/entra").text)
    finally:
        worker.terminate()
        worker.wait(timeout=20)
    life.told["answers"] = json.dumps(told)


def run_to_its_end(admin: Member) -> Any:
    (run, *_) = admin.call("GET", "/api/imports")["runs"]
    for _ in range(600):
        if run["state"] in ENDED:
            break
        threading.Event().wait(0.1)
        run = admin.call("GET", f"/api/imports/{run['id']}")
    assert run["state"] == "succeeded", run
    return run


def break_what_lies_in_the_site(life: Life) -> None:
    """Somebody writes over everything that the app keeps in Jira."""
    life.world.door.restore({name: json.dumps("AQE=") for name in life.world.door.stored()})


@contextmanager
def lived(door: str, folder: Path) -> Iterator[Life]:
    """A whole life through this door, at LOG_LEVEL=DEBUG, with every library asked to tell all."""
    world = World(generate(20, 7), door)
    world.start()
    watched = Watched(folder / "temporary")
    watched.start()
    queue = f"{world.aws_url}/123456789012/canaries-{door}.fifo"
    more = {"LOG_LEVEL": "DEBUG", "TMPDIR": str(watched.folder), "IMPORT_QUEUE_URL": queue}
    with (folder / "log").open("w") as log:
        app = AppProcess(world.environment() | more, log)
        life = Life(world, app)
        try:
            app.start()
            with member(world, world.site.cast.administrator) as admin:
                live(life, admin, queue)
        finally:
            app.stop()
            watched.end()
            world.stop()
    life.told["log"] = (folder / "log").read_text()
    life.rests["temporary files"] = watched.found.decode("latin-1")
    yield life


@pytest.mark.parametrize("door", ["connect", "forge"])
def test_no_secret_shows_or_rests_in_a_whole_life_of_the_app(door: str, tmp_path: Path) -> None:
    with lived(door, tmp_path) as life:
        assert '"event"' in life.told["log"]
        everything = {**life.told, **life.rests}
        for where, text in everything.items():
            for name, secret in life.secrets().items():
                for form in forms_of(secret.encode()):
                    assert form not in text, f"the {name} shows in {where}"
            for key in life.data_keys:
                for form in forms_of(key):
                    assert form not in text, f"a data key shows in {where}"
            assert not A_TOKEN.search(text), f"a token shows in {where}"
        for where in ("log", "vendor dump", "vendor rewrap", "schedule"):
            assert PERSON not in life.told[where], where
        for where, text in life.rests.items():
            assert PERSON not in text, where


@pytest.mark.parametrize(
    "written", [str, repr, json.dumps, lambda it: base64.b64encode(it.encode()).decode()]
)
def test_the_search_would_find_a_secret_however_it_is_written(
    written: Callable[[str], str],
) -> None:
    secret = "canary\\ \u00e9 \"quoted\" 'twice'"
    assert any(form in f"before {written(secret)} after" for form in forms_of(secret.encode()))


def forms_of(secret: bytes) -> set[str]:
    """As it might be written somewhere: plain, hex, base64, Python's repr, JSON."""
    forms = {
        secret.hex(),
        base64.b64encode(secret).decode().rstrip("="),
        base64.urlsafe_b64encode(secret).decode().rstrip("="),
        repr(secret)[2:-1],
    }
    for plain in {secret.decode("latin-1"), secret.decode("utf-8", "replace")}:
        forms |= {plain, json.dumps(plain)[1:-1], repr(plain)[1:-1]}
    return forms
