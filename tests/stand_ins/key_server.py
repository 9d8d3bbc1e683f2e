"""An address of keys on loopback that answers as it is told, and counts who asked for what."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

Answer = Callable[[BaseHTTPRequestHandler], None]
FIVE_MB = 5 * 1024 * 1024


class KeyServer:
    """`with KeyServer() as server:`; set `server.answer`, look at `server.asked`."""

    def __init__(self) -> None:
        self.answer: Answer = status(404)
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.release = threading.Event()  # lets slow answers go
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                outer.headers.append({name.lower(): value for name, value in self.headers.items()})
                try:
                    outer.answer(self)
                except OSError:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening. May be done twice."""
        self.release.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def slow(self, handler: BaseHTTPRequestHandler) -> None:
        """Says nothing until it is released."""
        self.release.wait(10)
        handler.close_connection = True

    def drip(self, handler: BaseHTTPRequestHandler) -> None:
        """A byte now and then: no wait between two bytes is ever long."""
        handler.send_response(200)
        handler.end_headers()
        for _ in range(400):
            if self.release.wait(0.02):
                return
            handler.wfile.write(b" ")


def body(content: bytes, code: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def document(value: Any) -> Answer:
    return body(json.dumps(value).encode(), Content_Type="application/json")


def status(code: int) -> Answer:
    return body(b"", code)


def redirect(target: str, code: int = 302) -> Answer:
    return body(b"", code, Location=target)


def bomb() -> Answer:
    """Little on the wire, much in memory."""
    return body(gzip.compress(b" " * FIVE_MB), Content_Encoding="gzip")


def nothing(handler: BaseHTTPRequestHandler) -> None:
    """The connection ends before a byte is said."""
    handler.close_connection = True


def cut(handler: BaseHTTPRequestHandler) -> None:
    """Less than was promised."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"keys":[')
    handler.close_connection = True


def pem(key: Any) -> bytes:
    """A public key as the address of install keys gives it."""
    made: bytes = key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return made


def ec_key() -> ec.EllipticCurvePublicKey:
    return ec.generate_private_key(ec.SECP256R1()).public_key()


def short_rsa_key(bits: int = 512) -> rsa.RSAPublicKey:
    """Too short to be drawn by the library, but not to be read."""
    return rsa.RSAPublicNumbers(65537, (1 << (bits - 1)) | 1).public_key()
