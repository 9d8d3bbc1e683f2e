"""The server of install keys: the public key of each site, by key id, as PEM."""

from collections.abc import Iterable

from werkzeug.wrappers import Request, Response

from sandbox.http import Service, page
from sandbox.site.lifecycle import SigningKey


class InstallKeys(Service):
    """`CONNECT_INSTALL_KEYS_URL`. An unknown key id is answered like the real one: 403, HTML."""

    def __init__(self, keys: Iterable[SigningKey] = ()) -> None:
        super().__init__("Install keys")
        self._keys = {key.kid: key for key in keys}
        self.add_route("GET", "/<kid>", self._read)

    def add(self, key: SigningKey) -> None:
        """Publish one more key."""
        self._keys[key.kid] = key

    def _read(self, request: Request, kid: str) -> Response:
        del request
        key = self._keys.get(kid)
        if key is None:
            return page("<html><body>Forbidden</body></html>", 403)
        return Response(key.public_pem(), content_type="text/plain")
