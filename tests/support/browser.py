"""What the browser tests ask of a page: accessibility and weight."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE, DESK = 360, 1280
AXE = Axe().axe_script
WCAG = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]

# experience.md, budgets of a first view: bytes over the wire.
FIRST_VIEW, HTML, CSS, SCRIPT, REQUESTS = 60_000, 30_000, 20_000, 25_000, 8


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds wrong, one line each; the context must bypass the CSP."""
    options: dict[str, object] = {
        "runOnly": {"type": "tag", "values": WCAG},
        "resultTypes": ["violations"],  # the rest is worked out and sent for nobody
    }
    size = page.viewport_size
    if size and size["width"] >= DESK:
        # The slowest rule, and colours are the same at every width: they are looked at on a phone.
        options["rules"] = {"color-contrast": {"enabled": False}}
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']}: {one['help']} at {[node['target'] for node in one['nodes']][:3]}"
        for one in found["violations"]
    ]


def faults_at_both_widths(page: Page) -> list[str]:
    """What is wrong with the page as it stands, on a phone and on a desk."""
    found = []
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width}: {fault}" for fault in axe_violations(page)]
        if (wide := sideways_scroll(page)) > 0:
            found.append(f"{width}: {wide} pixels too wide")
    return found


def sideways_scroll(page: Page) -> int:
    """How many pixels the page is wider than the screen."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


class Weight:
    """Bytes over the wire, by kind, of what a page loads from now on."""

    def __init__(self, page: Page) -> None:
        self.bytes: dict[str, int] = {}
        self.requests = 0
        self._kinds: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._begin)
        session.on("Network.loadingFinished", self._finish)

    def _begin(self, event: dict[str, str]) -> None:
        self._kinds[event["requestId"]] = event["type"]

    def _finish(self, event: dict[str, int]) -> None:
        kind = self._kinds.get(str(event["requestId"]), "Other")
        self.bytes[kind] = self.bytes.get(kind, 0) + int(event["encodedDataLength"])
        self.requests += 1

    @property
    def total(self) -> int:
        return sum(self.bytes.values())

    def over_budget(self) -> list[str]:
        """What is heavier than it may be, in words."""
        measured = {
            "first view": (self.total, FIRST_VIEW),
            "HTML": (self.bytes.get("Document", 0), HTML),
            "CSS": (self.bytes.get("Stylesheet", 0), CSS),
            "script": (self.bytes.get("Script", 0), SCRIPT),
            "requests": (self.requests, REQUESTS),
        }
        return [f"{name}: {was} > {most}" for name, (was, most) in measured.items() if was > most]
