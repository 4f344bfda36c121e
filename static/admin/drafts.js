// Keeps what is written and not saved yet in this browser, so that a lost connection loses no word; and counts words.

const KEEP_AFTER = 500 // ms without a change
const tools = document.getElementById("text-tools")
const offer = document.getElementById("draft-offer")
const form = tools.closest("form")
const body = form.elements.body
const { draft: key, wordsAMinute, syllablesAMinute } = tools.dataset

const UNKEPT = ["csrfmiddlewaretoken", "seen", "accepted"]
const entries = () => [...new FormData(form)].filter(([name, value]) => !UNKEPT.includes(name) && typeof value === "string")
const labels = () =>
  [...form.querySelectorAll("select[multiple]")].flatMap((field) =>
    [...field.selectedOptions].map((option) => [field.name, option.value, option.text]),
  )
const same = (some, others) => JSON.stringify(some) === JSON.stringify(others)

const isRefused = Boolean(document.querySelector(".errornote")) // then the form has what was written, and nothing is saved
const saved = isRefused ? null : entries()
const found = isRefused ? null : JSON.parse(localStorage.getItem(key))
const kept = tools.querySelector("[role=status]")
let timer
let isOver = false

const keep = () => {
  if (isOver || !offer.hidden) return // what was kept before is not written over before it was looked at
  const now = entries()
  const draft = { at: Date.now(), seen: form.elements.seen.value, entries: now, labels: labels() }
  try {
    if (same(now, saved)) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(draft))
    kept.hidden = same(now, saved)
  } catch {
    kept.hidden = true // the browser has no room for it
  }
}

const stop = () => {
  isOver = true
  kept.hidden = true
}

const fill = (field, values, names) => {
  if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value)
  else if (field.type === "select-multiple") {
    for (const [, value, text] of names) {
      if (![...field.options].some((option) => option.value === value)) field.add(new Option(text, value))
    }
    for (const option of field.options) option.selected = values.includes(option.value)
  } else if (values.length) field.value = values[0]
  field.dispatchEvent(new Event("change", { bubbles: true }))
  field.dispatchEvent(new Event("restored"))
}

// As many lines for updates and related posts as the draft has.
const addLines = (draft) => {
  for (const [name, wanted] of draft.entries.filter(([name]) => name.endsWith("-TOTAL_FORMS"))) {
    const add = document.querySelector(`#${name.replace("TOTAL_FORMS", "group")} .add-row a`)
    for (let lines = Number(form.elements[name]?.value); add && lines < wanted; lines++) add.click()
  }
}

// With the revision that it was written from: if the text was saved since, saving this shows both.
const restore = (draft) => {
  addLines(draft)
  for (const field of form.elements) {
    if (!field.name || ["hidden", "submit", "button", "file"].includes(field.type)) continue
    const values = draft.entries.filter(([name]) => name === field.name).map(([, value]) => value)
    fill(field, values, draft.labels.filter(([name]) => name === field.name))
  }
  form.elements.seen.value = draft.seen
}

const choose = ({ target }) => {
  if (!target.dataset.choice) return
  offer.hidden = true
  if (target.dataset.choice === "restore") restore(found)
  else localStorage.removeItem(key)
  keep()
  form.elements.title.focus()
}

const count = () => {
  const text = new DOMParser().parseFromString(body.value.replace(/</g, " <"), "text/html").body.textContent
  const syllables = (text.match(/[\uac00-\ud7a3]/g) ?? []).length
  const words = (text.match(/[\p{L}\p{N}_][\p{L}\p{N}_'’.-]*/gu) ?? []).filter((word) => !/[\uac00-\ud7a3]/.test(word)).length
  const minutes = Math.max(1, Math.round(words / wordsAMinute + syllables / syllablesAMinute))
  for (const [name, value] of Object.entries({ words, syllables, minutes })) {
    const place = tools.querySelector(`[data-count=${name}]`)
    place.textContent = value.toLocaleString(document.documentElement.lang)
    place.parentElement.hidden = !value
  }
}

const later = () => {
  clearTimeout(timer)
  timer = setTimeout(() => (keep(), count()), KEEP_AFTER)
}

body.closest(".form-row").append(tools)
tools.hidden = false
count()
if (isRefused) keep()
else if (found && same(found.entries, saved)) localStorage.removeItem(key)
else if (found) {
  offer.querySelector("time").textContent = new Date(found.at).toLocaleString(document.documentElement.lang)
  offer.hidden = false
  offer.addEventListener("click", choose)
}
form.addEventListener("input", later)
form.addEventListener("change", later)
addEventListener("pagehide", keep)
form.addEventListener("submit", () => {
  keep()
  sessionStorage.setItem("draft-sent", key)
})
document.getElementById("logout-form")?.addEventListener("submit", stop)
addEventListener("storage", ({ key: name }) => name === "logged-out" && stop()) // in another window
