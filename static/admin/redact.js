// Fills the form that covers a passage with what is selected in the comment.
// A finger that presses a button ends the selection, so the last one is kept until something else is pressed.

let selected = null; // {card, passage}

const passageOf = (selection) => {
  const fragment = selection.getRangeAt(0).cloneContents();
  for (const reference of fragment.querySelectorAll(".reference")) reference.remove();
  return fragment.textContent.replace(/\s+/g, " ").trim();
};

const toolAt = (target) => target.closest?.('[data-key-target="redact"]');

document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  if (selection.isCollapsed) return;
  const text = selection.getRangeAt(0).commonAncestorContainer;
  const element = text.nodeType === Node.ELEMENT_NODE ? text : text.parentElement;
  selected = element.closest("[data-redactable]")
    ? { card: element.closest(".card"), passage: passageOf(selection) }
    : null;
});

document.addEventListener("pointerdown", ({ target }) => {
  if (!toolAt(target)) selected = null;
});

document.addEventListener("click", (event) => {
  const tool = toolAt(event.target);
  if (!tool) return;
  const details = tool.closest("details");
  const field = details.querySelector("[name=passage]");
  if (selected?.card === tool.closest(".card")) {
    event.preventDefault(); // it would close what is open
    details.open = true;
    field.value = selected.passage;
  }
  setTimeout(() => details.open && field.focus()); // the browser opens it only after this
});
