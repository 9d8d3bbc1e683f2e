"""What there is to see at the desk. Each view is a look; none of them changes anything."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request

from app.goodbye.references import row
from app.vendor_desk.answers import page
from app.vendor_desk.guards import for_look
from app.vendor_desk.receipts import kept, text_of
from app.vendor_desk.rows import SHOWN, asked, listed, wish_until
from app.vendor_desk.services import services
from app.vendor_desk.sessions import Session

door = Blueprint("looking", __name__)

_MOST: Final = 100


@door.get("/instances")
@for_look("instances")
def instances(_session: Session) -> Response:
    known = services()
    found = listed(known.listing, asked(request.args), known.clock())
    return page("instances.html", found=found, shown=SHOWN)


@door.get("/instances/<instance_id>")
@for_look("instance")
def instance(_session: Session, instance_id: str) -> Response:
    known = services()
    one = row(known.listing, instance_id, known.clock())
    return page("instance.html", one=one, wish_until=wish_until(one, known.clock()))


@door.get("/receipts")
@for_look("receipts")
def receipts(_session: Session) -> Response:
    known = services()
    find = request.args.get("find", "").strip().lower()[:_MOST]
    found = kept(known.receipts, known.listing, known.clock(), find)
    return page("receipts.html", receipts=found[:_MOST], total=len(found), find=find)


@door.get("/receipts/<instance_id>/<generation>")
@for_look("receipt")
def receipt(_session: Session, instance_id: str, generation: str) -> Response:
    """The file as it was signed: not a character more or less, or it would verify no more."""
    known = services()
    name, text = text_of(known.receipts, known.listing, known.clock(), instance_id, generation)
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
