// Replies in place: "Reply" brings the form below the comment. Without this module it leads to a page of its own.

const respond = document.getElementById("respond");
const title = document.getElementById("respond-title");
const fields = respond.querySelector("form").elements;
const cancel = respond.querySelector(".comment-cancel");
const usualTitle = title.textContent;
const usualPlace = document.createComment("");
let link = null; // "Reply" of the comment that the form stands below

respond.before(usualPlace);

document.addEventListener("click", (event) => {
  const clicked = event.target.closest(".comment-reply");
  if (!clicked || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  link = clicked;
  link.closest(".comment").after(respond);
  show(link.getAttribute("aria-label"), link.dataset.parent);
  (fields.namedItem("name").value ? fields.namedItem("comment") : fields.namedItem("name")).focus();
});

cancel.addEventListener("click", () => {
  usualPlace.after(respond);
  show(usualTitle, "");
  link.focus();
});

function show(heading, parent) {
  title.textContent = heading;
  fields.namedItem("parent").value = parent;
  cancel.hidden = parent === "";
}
