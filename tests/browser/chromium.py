"""The Chromium that tests drive: the one on PATH, else the one that Playwright downloaded.

`python -m tests.browser.chromium` says whether it starts.
"""

import shutil
import sys

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    # What hangs from the address bar would be a page of its own in every window. Named again: what Playwright switches
    # off, for Chromium heeds the last of such lists only.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,OptimizationHints,PaintHolding,PreconnectToSearch,ThirdPartyStoragePartitioning",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]


def launch(playwright: Playwright) -> Browser:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return playwright.chromium.launch(executable_path=found, args=QUIET)


if __name__ == "__main__":
    try:
        with sync_playwright() as playwright:
            launch(playwright).close()
    except Error as error:
        sys.exit(f"No Chromium starts: {error.message.splitlines()[0]}")
