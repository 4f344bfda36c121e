"""What becomes of hostile texts in a real browser that obeys no CSP."""

from collections.abc import Mapping

from playwright.sync_api import Page

Allowed = Mapping[str, set[str]]  # attributes by element

# Elements and attributes that are not allowed, and addresses that are not of the web. Each element is touched as a
# reader's mouse and keyboard would, for a script may wait for that.
FOREIGN = """([inside, allowed]) => {
  addEventListener("click", (event) => event.preventDefault(), true);
  const found = [];
  for (const element of document.querySelectorAll(`${inside} *`)) {
    const name = element.localName;
    if (element.namespaceURI !== "http://www.w3.org/1999/xhtml" || !(name in allowed)) found.push(`<${name}>`);
    for (const attribute of element.attributes) {
      if (!(allowed[name] ?? []).includes(attribute.name)) found.push(`<${name} ${attribute.name}>`);
    }
    for (const attribute of ["href", "src", "action", "cite"]) {
      const address = element[attribute];
      if (address && !/^https?:/.test(address)) found.push(`${attribute}=${address}`);
    }
    for (const touch of ["mouseover", "mousemove", "pointerdown", "focus", "click", "keydown", "toggle"]) {
      element.dispatchEvent(new Event(touch, {bubbles: true, cancelable: true}));
    }
  }
  return found;
}"""


def came_alive(page: Page, address: str, *, inside: str, allowed: Allowed) -> list[str]:
    """Open a page and name all that hostile texts inside a part of it brought about: dialogs, windows, elements."""
    deeds: list[str] = []
    page.on("dialog", lambda dialog: (deeds.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("popup", lambda popup: deeds.append(f"window {popup.url}"))
    page.on("framenavigated", lambda frame: deeds.append(f"went to {frame.url}"))
    page.goto(address)
    deeds.extend(page.evaluate(FOREIGN, [inside, {name: sorted(names) for name, names in allowed.items()}]))
    page.wait_for_timeout(200)  # milliseconds for what was started to happen
    (went,) = [deed for deed in deeds if deed.startswith("went to")][:1]
    deeds.remove(went)  # that was us
    return deeds
