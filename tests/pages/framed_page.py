"""A page of the app as it stands in Jira: opened through the frame, looked at from inside."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from playwright.sync_api import (
    BrowserContext,
    Frame,
    FrameLocator,
    Page,
    Request,
    Response,
    expect,
)

from tests.pages.fake_site import ADMINISTRATOR, EMPLOYEE, FakeSite

DESKTOP = (1180, 820)
PHONE = (375, 740)


@dataclass
class FramedPage:
    """`requests` and `responses` are everything the browser did, `errors` what a script threw."""

    site: FakeSite
    context: BrowserContext
    page: Page
    requests: list[Request] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request))
        self.page.on("response", lambda response: self.responses.append(response))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(
        self, module: str = "my-assets", person: str = "", loc: str = "en_GB", mode: str = "light"
    ) -> FrameLocator:
        """Go to a page as a person: by default an employee, or the administrator for `admin`."""
        account = person or (ADMINISTRATOR if module == "admin" else EMPLOYEE)
        asked = urlencode({"as": account, "open": module, "loc": loc, "mode": mode})
        self.page.goto(f"{self.site.base_url}/jira?{asked}")
        return self.inside

    @property
    def inside(self) -> FrameLocator:
        return self.page.frame_locator("iframe")

    @property
    def frame(self) -> Frame:
        """The frame itself, for scripts that look at the page from inside."""
        handle = self.page.wait_for_selector("iframe")
        assert handle is not None
        found = handle.content_frame()
        assert found is not None
        return found

    def width(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def theme(self, mode: str) -> None:
        """Switch as a person does in Jira, and wait until the framed page has followed."""
        self.page.select_option("#mode", mode)
        expect(self.inside.locator("html")).to_have_attribute("data-color-mode", mode)
