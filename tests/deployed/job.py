"""The main job against the deployed functions: each step looks, and says what it saw."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import requests

from sandbox.administrator import ENDED, Member, member, run_import, save_settings
from sandbox.world import World
from tests.deployed.goodbye import Goodbye
from tests.deployed.ministack import Ministack
from tests.deployed.seeing import Step, eventually, must

_A_TICK_COMES: Final = 240.0  # seconds; ministack's clock ticks each minute, and it has to be due


class Job:
    """`steps` in their order: each needs the ones before it."""

    def __init__(self, world: World, cloud: Ministack) -> None:
        self._world = world
        self._cloud = cloud

    def steps(self) -> Iterator[Step]:
        yield "the gateway hands a request to the web function", self._alive
        yield "each answer carries the app's headers", self._headers
        yield "the site installs the app", self._install
        yield "a page opens by its query hash, with encoded characters in the query", self._page
        yield "settings are probed, sealed and stored", self._settings
        yield "an import runs: HTTP, SQS, the worker function, Graph, Assets", self._import
        yield "each person sees their own and nothing else", self._own
        yield "a second import changes nothing", self._again
        yield "the clock ticks, and the scheduler starts what is due", self._scheduled
        yield "what is no message of ours is dropped, not repeated", self._poison
        yield from Goodbye(self._world, self._cloud).steps()

    def _alive(self) -> str:
        answers = [self._get(f"/health/{each}") for each in ("live", "ready")]
        must([each.status_code for each in answers] == [200, 200], answers[-1].text)
        return "live and ready: 200"

    def _headers(self) -> str:
        wanted = ("Strict-Transport-Security", "X-Content-Type-Options", "Referrer-Policy",
                  "Content-Security-Policy", "Cache-Control")  # fmt: skip
        given = self._get("/api/settings")
        must(given.status_code == 401, str(given.status_code))
        missing = [each for each in wanted if each not in given.headers]
        must(not missing, f"missing: {missing}")
        return f"a refusal, 401, has all {len(wanted)}"

    def _install(self) -> str:
        self._world.door.install()
        return "a signed event; 204"

    def _page(self) -> str:
        cast = self._world.site.cast
        address = self._world.site.page_address(cast.employees[0], "my-assets")
        given = requests.get(address, timeout=60)
        must(given.status_code == 200, f"{given.status_code} {given.text[:200]}")
        changed = requests.get(address.replace("?", "?more=%2F%3F%25&", 1), timeout=60)
        must(changed.status_code == 401, f"a changed query: {changed.status_code}")
        return "200; with one more parameter, 401"

    def _settings(self) -> str:
        with self._administrator() as admin:
            save_settings(admin, self._world.credentials)
            state = admin.call("GET", "/api/settings")
        parts = [name for name, part in state.items() if part["set"]]
        must({"assets-access", "entra", "import", "consent"} <= set(parts), str(parts))
        return f"set: {', '.join(sorted(parts))}"

    def _import(self) -> str:
        with self._administrator() as admin:
            run = run_import(admin)
        must(run["state"] == "succeeded", str(run))
        must(run["counts"]["create"] > 0, str(run["counts"]))
        return f"{run['state']}; {run['counts']['create']} objects created"

    def _own(self) -> str:
        cast, seen = self._world.site.cast, []
        for account in (*cast.employees, cast.customer):
            with member(self._world, account) as one:
                found = one.call("GET", "/api/my-assets")
            seen.append({asset["object_key"] for asset in found["assets"]})
        must(all(seen[0].isdisjoint(other) for other in seen[1:]), str(seen))
        must(all(seen[:2]), "somebody sees nothing")
        return f"{[len(each) for each in seen]} assets; no asset twice"

    def _again(self) -> str:
        with self._administrator() as admin:
            counts = run_import(admin)["counts"]
        must((counts["create"], counts["update"], counts["failed"]) == (0, 0, 0), str(counts))
        return f"{counts['unchanged']} unchanged"

    def _scheduled(self) -> str:
        # At least half a minute ahead: a time that is over when it is saved means the next hour.
        soon = (datetime.now(UTC) + timedelta(seconds=90)).strftime("%H:%M")
        schedule = {"every": "hour", "at": soon, "time_zone": "UTC"}
        with self._administrator() as admin:
            before = {run["id"] for run in admin.call("GET", "/api/imports")["runs"]}
            body = {**self._world.credentials.into_assets["import"], "schedule": schedule}
            admin.call("PUT", "/api/settings/import", body)
            run = eventually(lambda: _new_run(admin, before), _A_TICK_COMES)
        must(run["state"] == "succeeded", str(run))
        return f"a {run['mode']} run, {run['state']}"

    def _poison(self) -> str:
        queue = self._queue("my-assets-imports.fifo")
        sqs = self._cloud.client("sqs")
        sqs.send_message(QueueUrl=queue, MessageBody="no message of ours", MessageGroupId="nobody",
                         MessageDeduplicationId="poison")  # fmt: skip
        eventually(lambda: not any(self._messages(queue)) or None, 30)
        must(not any(self._messages(self._queue("my-assets-imports-dead.fifo"))), "a dead letter")
        return "gone; no dead letter"

    def _administrator(self) -> Any:
        return member(self._world, self._world.site.cast.administrator)

    def _get(self, path: str) -> requests.Response:
        return requests.get(self._world.app_base_url + path, timeout=60)

    def _queue(self, name: str) -> str:
        found: str = self._cloud.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]
        return found

    def _messages(self, queue: str) -> tuple[int, int]:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self._cloud.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)
        visible, hidden = (int(found["Attributes"][name]) for name in names)
        return visible, hidden


def _new_run(admin: Member, before: set[str]) -> Any:
    for run in admin.call("GET", "/api/imports")["runs"]:
        if run["id"] not in before and run["state"] in ENDED:
            return run
    return None
