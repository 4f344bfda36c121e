// Forgets the drafts that this browser keeps: one when it was saved, each when it is old, and all at logout.

const DAY = 24 * 60 * 60 * 1000 // ms
const OLD = 7 * DAY
const drafts = () => Object.keys(localStorage).filter((name) => name.startsWith("draft:"))

const sent = sessionStorage.getItem("draft-sent")
sessionStorage.removeItem("draft-sent")
if (sent && document.querySelector(".messagelist .success")) localStorage.removeItem(sent)

for (const name of drafts()) {
  if (!(JSON.parse(localStorage.getItem(name)).at > Date.now() - OLD)) localStorage.removeItem(name)
}

document.querySelector("#logout-form, .leave")?.addEventListener("submit", () => {
  for (const name of drafts()) localStorage.removeItem(name)
  localStorage.setItem("logged-out", Date.now()) // other windows hear of it
})
