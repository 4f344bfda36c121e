"""The pictures in the documents, made from the demo: `make pictures`.

Database, media and accounts are made in a temporary folder and thrown away. The clocks of site and browser begin at the
same moment on every run, so that a picture changes only if what it shows has changed.
"""

import io
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FloatRect, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.chromium import launch  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
MOMENT = "2026-03-02T10:00:00+09:00"
ZONE = "Asia/Seoul"
VIEW = {"width": 1040, "height": 900}
SCALE = 1.5  # pixels of the picture for one of the page: letters stay sharp when it is shown smaller
QUALITY = 80
MARGIN = 14  # pixels of the page around what is shown
START = 120  # seconds that the site gets to start

# manage.py, but at another time.
MANAGE = """
import sys, time_machine
from django.core.management import execute_from_command_line
time_machine.travel(sys.argv[1], tick=False).start()
execute_from_command_line(["manage.py", *sys.argv[2:]])
"""
# Where no font has a syllable, the same box is drawn for each.
HAS_HANGUL = """() => {
  const drawn = (syllable) => {
    const canvas = document.createElement("canvas")
    const paper = canvas.getContext("2d")
    paper.font = "40px sans-serif"
    paper.fillText(syllable, 10, 60)
    return canvas.toDataURL()
  }
  return drawn("한") !== drawn("글")
}"""
# An address as a site on the net would show it, without the key, which is another on every run.
SHOW_ADDRESS = 'field => { field.value = field.value.replace(/.*preview[/].*/, "https://example.org/preview/…") }'

CLOSE_SIDE_BAR = 'localStorage.setItem("django.admin.navSidebarIsOpen", "false")'


class Demo:
    """The demo while it is served, and the people who work in it, each in a browser of their own."""

    def __init__(self, browser: Browser, site: str, accounts: dict[str, str]) -> None:
        self.browser, self.site, self.accounts = browser, site, accounts
        self.people: dict[str, BrowserContext] = {}

    def open(self, path: str, *, by: str = "", height: int = VIEW["height"]) -> Page:
        """A page as a reader sees it, or as somebody of the staff."""
        if by not in self.people:
            self.people[by] = self.enter(by)
        page = self.people[by].new_page()
        page.set_viewport_size({**VIEW, "height": height})
        page.goto(path, wait_until="networkidle")  # with the pictures in view
        return page

    def enter(self, name: str) -> BrowserContext:
        person = self.browser.new_context(
            base_url=self.site, device_scale_factor=SCALE, locale="en", timezone_id=ZONE, color_scheme="light"
        )
        person.clock.install(time=MOMENT)
        person.add_init_script(CLOSE_SIDE_BAR)
        if name:
            page = person.new_page()
            page.goto("/admin/")
            page.get_by_label("Username").fill(name)
            page.get_by_label("Password").fill(self.accounts[name])
            page.get_by_role("button", name="Log in").click()
            expect(page.get_by_role("button", name="Log out")).to_be_visible()
            page.close()
        return person

    def edit(self, title: str, *, by: str = "editor") -> Page:
        """The form of a post, when its editor is ready."""
        page = self.open("/admin/posts/post/", by=by)
        with page.expect_response("**/editing/"):
            page.get_by_role("link", name=title, exact=True).click()
        expect(text(page)).to_be_visible()
        return page


def text(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text", exact=True)


def write(page: Page, words: str) -> None:
    """Put words before the text, and save it."""
    text(page).click()
    page.keyboard.press("Control+Home")
    page.keyboard.type(words)
    save(page)


def save(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue editing").last.click()


def around(page: Page, *shown: Locator, margin: float = MARGIN, height: float = 10_000) -> bytes:
    """A picture of the smallest part of the page that has all that is named in it, or of the upper part of that."""
    page.evaluate("scrollTo(0, 0)")
    boxes = [box for box in (locator.bounding_box() for locator in shown) if box]
    left = max(min(box["x"] for box in boxes) - margin, 0)
    top = max(min(box["y"] for box in boxes) - margin, 0)
    right = min(max(box["x"] + box["width"] for box in boxes) + margin, VIEW["width"])
    bottom = max(box["y"] + box["height"] for box in boxes) + margin
    clip: FloatRect = {"x": left, "y": top, "width": right - left, "height": min(bottom - top, height)}
    return page.screenshot(full_page=True, clip=clip, animations="disabled")


def home(demo: Demo) -> bytes:
    return demo.open("/", height=760).screenshot()


def editor(demo: Demo) -> bytes:
    page = demo.edit("Words we use")
    return around(page, page.locator("#content"), margin=0, height=700)


def library(demo: Demo) -> bytes:
    page = demo.open("/admin/posts/media/pick/?CKEditorFuncNum=1", by="editor")
    return page.screenshot(clip={"x": 0, "y": 0, "width": VIEW["width"], "height": 430})


def schedule(demo: Demo) -> bytes:
    page = demo.edit("The next review in Geneva")
    return around(page, page.locator("fieldset", has=page.get_by_label("State")), height=220)


def previews(demo: Demo) -> bytes:
    page = demo.edit("Words we use")
    page.get_by_role("link", name="Preview links").click()
    page.get_by_role("button", name="Make a preview link").click()
    page.get_by_role("textbox", name="Made by").evaluate(SHOW_ADDRESS)
    return around(page, page.locator("#content-main"))


def conflict(demo: Demo) -> bytes:
    """Two have opened the same text; one saves, then the other."""
    theirs, mine = demo.edit("Words we use", by="admin"), demo.edit("Words we use")
    write(theirs, "We write names as their bearers do. ")
    write(mine, "We spell names as people ask us to. ")
    return around(mine, mine.get_by_role("region", name="Nothing was saved yet"), height=330)


def revisions(demo: Demo) -> bytes:
    """After two changes, for the first has the editor put the demo's HTML into its own form."""
    page = demo.edit("The next review in Geneva")
    write(page, "Put it into your calendar. ")
    page.get_by_label("Title").fill("The next review in Geneva: what to ask for")
    write(page, "It comes in November. ")
    page.get_by_role("link", name="Revisions").click()
    return around(page, page.locator("#content-main"))


def question(demo: Demo) -> bytes:
    """What is asked before a text is published whose headings leave a level out."""
    page = demo.edit("Words we use")
    text(page).click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Names")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.get_by_role("button", name="heading 3", exact=True).click()
    page.get_by_label("State").select_option("Published")
    save(page)
    return around(page, page.get_by_role("region", name="Not published yet"), margin=6)


def identity(demo: Demo) -> bytes:
    page = demo.open("/admin/posts/identity/", by="admin")
    return around(page, page.locator("fieldset").first, page.locator("#wordings-0"), margin=0)


def invitation(demo: Demo) -> bytes:
    page = demo.open("/admin/auth/user/add/", by="admin")
    page.get_by_label("Password").fill(demo.accounts["admin"])
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Username").fill("ara")
    page.get_by_label("E-mail").fill("ara@example.org")
    page.get_by_label("Editors").check()
    return around(page, page.get_by_role("heading", name="Invite somebody"), page.locator("fieldset"))


def card(demo: Demo) -> bytes:
    return comment(demo, "a niece", "?name=a+niece")


def campaign(demo: Demo) -> bytes:
    return comment(demo, "Marta Lind")


def comment(demo: Demo, name: str, query: str = "") -> bytes:
    page = demo.open(f"/admin/comments/queue/{query}", by="moderator")
    page.get_by_role("region", name="On this page").get_by_role("link", name=name).click()
    shown = page.get_by_role("article", name=name, exact=True)
    expect(shown).to_be_visible()
    return around(page, shown, margin=6)


PICTURES = [editor, library, schedule, previews, conflict, question, revisions, identity, invitation, card, campaign]


def keep(png: bytes, file: Path) -> None:
    with Image.open(io.BytesIO(png)) as shot:
        shot.convert("RGB").save(file, quality=QUALITY, method=6)
    print(f"{file.relative_to(ROOT)}  {file.stat().st_size / 1000:.0f} kB", flush=True)


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The demo's address, and the passwords of its accounts."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        site = f"http://127.0.0.1:{free.getsockname()[1]}"
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SITE_URL": site,
        "SECRET_KEY": "a key for pictures only, known to everybody who reads this",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "MEMORY_DIR": str(folder),
        "DEBUG": "true",  # static files need not be collected
        "LANGUAGE_CODE": "en",
        "TIME_ZONE": ZONE,
        "CACHE_URL": "locmemcache://",
        "AKISMET_KEY": "",
    }
    manage = [sys.executable, "-c", MANAGE, MOMENT]

    def run(*command: str) -> str:
        return subprocess.run(
            [*manage, *command], cwd=ROOT, env=environ, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    run("migrate", "--verbosity=0")
    accounts = dict(re.findall(r"^  (\w+) +(\w+)$", run("demo"), re.MULTILINE))
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([*manage, "serve", "--no-worker", "--workers=1"], cwd=ROOT, env=environ, stdout=log)
    try:
        await_answer(site)
        yield site, accounts
    finally:
        server.terminate()
        server.wait()


def await_answer(site: str) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{site}/healthz"):
                return
        except URLError:
            time.sleep(0.2)
    sys.exit("The demo does not start.")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser = launch(playwright)
        if not browser.new_page().evaluate(HAS_HANGUL):
            sys.exit("No font on this machine has Korean letters (on Debian: apt install fonts-noto-cjk).")
        with served(Path(folder)) as (site, accounts):
            demo = Demo(browser, site, accounts)
            keep(home(demo), ROOT / "docs" / "screenshot.webp")
            for picture in PICTURES:
                keep(picture(demo), FOLDER / f"{picture.__name__}.webp")
        browser.close()


if __name__ == "__main__":
    main()
