"""The attribute types of a mapping document, as attributes of the workspace have them."""

from collections.abc import Mapping

from sandbox.assets.model import Kind

_DEFAULT: Mapping[str, int] = {
    "text": 0,
    "integer": 1,
    "boolean": 2,
    "double": 3,
    "date": 4,
    "time": 5,
    "date_time": 6,
    "url": 7,
    "email": 8,
    "textarea": 9,
    "select": 10,
    "ipaddress": 11,
}


def kind_of(document_type: str) -> tuple[Kind, int]:
    """(kind, default type) of a document's attribute type. There is none for users or groups."""
    if document_type == "referenced_object":
        return Kind.REFERENCE, 0
    if document_type == "status":
        return Kind.STATUS, 0
    return Kind.DEFAULT, _DEFAULT[document_type]
