"""The vendor's desk, joined: a table that is only read, a provider, and nothing that opens.

Nothing here, and nothing that is imported from here, knows the vault.
"""

from __future__ import annotations

import os
from pathlib import Path

import structlog

from app.desk_settings import DeskSettings
from app.outside.aws.listing import DynamoListing
from app.outside.aws.receipt_bucket import ReceiptBucket
from app.outside.http import HttpCaller
from app.outside.receipt_folder import ReceiptFolder
from app.outside.sign_in import Client, SignInProvider
from app.settings import Settings
from app.vendor_desk.answers import SERVERS_OWN
from app.vendor_desk.attempts import Attempts
from app.vendor_desk.services import DeskServices, Receipts
from app.vendor_desk.sessions import Sessions
from app.vendor_desk.web import create_desk
from app.wiring.aws import s3_client, table_client
from app.wiring.clock import utc_now
from app.wsgi import serve as serve_wsgi


def serve(settings: Settings, desk: DeskSettings, host: str, port: int) -> int:
    """Serve the desk until stopped."""
    structlog.get_logger().info("desk", address=desk.base_url)
    serve_wsgi(create_desk(desk_services(settings, desk)), host, port, SERVERS_OWN)
    return 0


def desk_services(settings: Settings, desk: DeskSettings) -> DeskServices:
    """What the desk's views call. Connects to nothing yet."""
    client = Client(
        issuer=desk.issuer,
        client_id=desk.client_id,
        client_secret=desk.client_secret,
        redirect_uri=f"{desk.base_url}/signed-in",
        acr_values=desk.acr_values,
    )
    return DeskServices(
        settings=desk,
        clock=utc_now,
        random=os.urandom,
        provider=SignInProvider(HttpCaller(), client, utc_now),
        attempts=Attempts(utc_now, os.urandom),
        sessions=Sessions(utc_now, os.urandom),
        listing=DynamoListing(table_client(settings), settings.table),
        receipts=_receipts(settings, desk),
    )


def _receipts(settings: Settings, desk: DeskSettings) -> Receipts:
    """Where the cleanup of this deployment keeps them: a bucket, or a folder."""
    if settings.receipts_bucket is not None:
        return ReceiptBucket(s3_client(settings), settings.receipts_bucket)
    return ReceiptFolder(Path(desk.receipts_folder))
