"""What libraries would tell at their most talkative never reaches a line: real calls, all debug on.

urllib3 logs addresses, botocore bodies and headers: a data key in the clear among them.
"""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import boto3
import pytest

from app import logs
from app.errors import ServiceFailed
from app.outside.aws.kms import KmsDataKeys
from app.outside.http import HttpCaller
from tests.stand_ins.key_server import KeyServer

APP = Path(__file__).parents[2] / "app"
CANARY = "canary-4e1f"
# 32 bytes and their base64, as KMS answers them.
DATA_KEY, IN_BASE64 = (
    b"canary-4e1f-of-a-plain-data-key!",
    "Y2FuYXJ5LTRlMWYtb2YtYS1wbGFpbi1kYXRhLWtleSE=",
)


class Credential:
    def authorization(self, method: str, url: str) -> str:
        return f"Bearer {CANARY}"


@pytest.fixture
def talkative() -> Iterator[io.StringIO]:
    """Everybody who logs anything logs everything."""
    stream = io.StringIO()
    logs.configure("DEBUG", stream)
    logging.root.setLevel(logging.DEBUG)
    yield stream
    logs.configure("ERROR", io.StringIO())


@pytest.fixture
def server() -> Iterator[KeyServer]:
    with KeyServer() as server:
        yield server


def kinds(stream: io.StringIO) -> set[str]:
    return {
        json.loads(line).get("kind", "").split(".")[0]
        for line in stream.getvalue().split("\n")
        if line
    }


def answer(body: bytes, status: int = 200) -> object:
    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Set-Cookie", CANARY)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return send


def test_a_call_over_http_tells_no_address_header_or_body(
    talkative: io.StringIO, server: KeyServer
) -> None:
    server.answer = answer(CANARY.encode())  # type: ignore[assignment]
    caller = HttpCaller()
    url = f"{server.url}/users?query={CANARY}"
    caller.send("GET", url, allowed_origin=server.url, credential=Credential())
    server.answer = answer(b"", 302)  # type: ignore[assignment]
    with pytest.raises(ServiceFailed):
        caller.send("GET", url, allowed_origin=server.url, credential=Credential())
    caller.close()
    assert server.headers[0]["authorization"] == f"Bearer {CANARY}"
    assert "urllib3" in kinds(talkative)
    assert CANARY not in talkative.getvalue()


def test_a_data_key_in_the_clear_stays_out_of_what_botocore_tells(
    talkative: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Kms(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = {"KeyId": "arn", "Plaintext": IN_BASE64, "CiphertextBlob": "d3JhcHBlZA=="}
            answer(json.dumps(body).encode())(self)  # type: ignore[operator]

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    with KeyServer() as server:
        server._server.RequestHandlerClass = Kms
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CANARY)
        client = boto3.client("kms", endpoint_url=server.url, region_name="eu-central-1")
        made = KmsDataKeys(client).make("alias/any", {"part": "consent"})
    assert made.plain.reveal() == DATA_KEY
    assert "botocore" in kinds(talkative)
    assert CANARY not in talkative.getvalue()
    assert IN_BASE64 not in talkative.getvalue()


def test_no_library_has_a_way_of_its_own_to_write() -> None:
    """Neither a handler beside ours, nor http.client's prints, in a process of the app's."""
    asked = (
        "import http.client, json, logging, sys\n"
        "from app import logs\n"
        "logs.configure('DEBUG', sys.stdout)\n"
        "import app.wiring.commands, app.wiring.vendor, app.wiring.vendor_dump\n"
        "import boto3; boto3.client('kms', region_name='eu-central-1')\n"
        "names = logging.Logger.manager.loggerDict.items()\n"
        "own = [n for n, l in names if [h for h in getattr(l, 'handlers', [])"
        " if not isinstance(h, logging.NullHandler)]]\n"
        "level = http.client.HTTPConnection.debuglevel\n"
        "print(json.dumps([own, level, len(logging.root.handlers)]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=APP.parent
    )
    assert json.loads(ended.stdout) == [[], 0, 1]


def test_no_line_of_the_app_turns_a_librarys_debug_output_on() -> None:
    wanted = re.compile(r"debuglevel|set_stream_logger|basicConfig|addHandler|set_debug|settrace")
    for path in APP.rglob("*.py"):
        assert not wanted.search(path.read_text()), path
