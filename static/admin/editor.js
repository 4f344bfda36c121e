// What the newsroom adds to the prose editor.

import { Extension, Mark } from "django-prose-editor/editor"

const kept = (...names) => Object.fromEntries(names.map((name) => [name, { default: null }]))

// The language and direction of foreign words, of whole paragraphs, and what the heading of a table belongs to.
export const Languages = Mark.create({
  name: "languages",
  addAttributes: () => kept("lang", "dir"),
  addGlobalAttributes: () => [
    { types: ["paragraph", "heading", "blockquote", "listItem", "table", "tableCell", "tableHeader"], attributes: kept("lang", "dir") },
    { types: ["tableHeader"], attributes: kept("scope") },
  ],
  parseHTML: () => [{ tag: "span[lang]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],
})

const ALIKE = { b: "strong", i: "em", del: "s", strike: "s" }
const IMMATERIAL = ["col", "colgroup", "div", "span", "tbody", "thead"] // the cells of a heading stay headings

const elements = (html) =>
  [...new DOMParser().parseFromString(html, "text/html").body.querySelectorAll("*")]
    .map(({ localName }) => ALIKE[localName] ?? localName)
    .filter((name) => !IMMATERIAL.includes(name))

// The field in which tags are looked up is made by another script, without a name.
const nameLookups = () => {
  for (const field of document.querySelectorAll(".select2-search__field")) {
    const [label] = field.closest(".related-widget-wrapper").querySelector("select").labels
    field.setAttribute("aria-label", label.textContent.replace(":", ""))
  }
}
if (document.readyState === "complete") nameLookups()
else addEventListener("load", nameLookups)

export const Newsroom = Extension.create({
  name: "newsroom",
  onCreate() {
    const { editor, options } = this
    const box = editor.view.dom
    const textarea = box.closest(".prose-editor").querySelector("textarea")
    box.setAttribute("aria-label", textarea.labels[0].textContent.replace(":", ""))
    box.setAttribute("aria-multiline", "true")
    textarea.addEventListener("restored", () => editor.commands.setContent(textarea.value))

    const known = new Set(elements(editor.getHTML()))
    const lost = [...new Set(elements(textarea.value))].filter((name) => !known.has(name))
    if (lost.length) {
      const warning = document.createElement("p")
      warning.className = "help warning"
      warning.textContent = `${options.warning} ${lost.join(", ")}`
      textarea.closest(".prose-editor").before(warning)
    }
  },
})
