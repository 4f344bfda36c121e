// Replies in place: "Reply" brings the form below the comment. Without this module it leads to a page of its own.
// And the time that a comment took, for the spam filter, which has no opinion where nothing is sent.

const respond = document.getElementById("respond");
const title = document.getElementById("respond-title");
const form = respond.querySelector("form");
const fields = form.elements;
const cancel = respond.querySelector(".comment-cancel");
const usualTitle = title.textContent;
const usualPlace = document.createComment("");
let link = null; // "Reply" of the comment that the form stands below
let begun = null; // milliseconds; when somebody first came into the form, if no text stood in it

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

form.addEventListener("focusin", () => {
  if (fields.namedItem("comment").value === "") begun ??= performance.now();
});

form.addEventListener("formdata", ({ formData }) => {
  if (begun !== null) formData.set("seconds", ((performance.now() - begun) / 1000).toFixed(1));
});

function show(heading, parent) {
  title.textContent = heading;
  fields.namedItem("parent").value = parent;
  cancel.hidden = parent === "";
}
