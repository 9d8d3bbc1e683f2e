"""The provider's sign-in page: who you are, and whether your second factor is at hand."""

from collections.abc import Iterable
from html import escape

from sandbox.staff.people import Member

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in · staff provider</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: auto; padding: 1rem }}
fieldset, p {{ margin-block: 1rem }}
label {{ display: block; padding: .25rem 0 }}
button {{ font: inherit; padding: .4rem 1rem }}
</style></head>
<body><main><h1>Staff provider</h1>
<p>A stand-in: it asks for no password.</p>
<form method="post" action="/authorize">
<input type="hidden" name="request" value="{request}">
<fieldset><legend>Who are you?</legend>{members}</fieldset>
<label><input type="checkbox" name="second_factor" value="yes" checked>
With my second factor</label>
<p><button type="submit">Sign in</button></p>
</form></main></body></html>"""


def sign_in_page(request: str, members: Iterable[Member]) -> str:
    """The form. `request` stands for the authorization request that led here."""
    choices = "".join(
        f'<label><input type="radio" name="member" value="{escape(each.subject)}" required> '
        f"{escape(each.name)} ({escape(each.plays)})</label>"
        for each in members
    )
    return _PAGE.format(request=escape(request), members=choices)
