// The tools and dialogs of the prose editor in the language of the newsroom: by themselves they speak English.

import { Extension } from "django-prose-editor/editor"

const LABELLED = ["title", "aria-label"]

const translate = (part, words) => {
  for (const element of part.querySelectorAll("button, h3, label, option, .prose-editor-help")) {
    for (const name of LABELLED) {
      const word = words[element.getAttribute(name)]
      if (word) element.setAttribute(name, word)
    }
    const text = element.firstChild
    const word = element.matches(".material-icons") ? null : words[text?.data] // of an icon, the text is its name
    if (!word) continue
    if (element.localName === "option") element.value = text.data // what is chosen is not translated
    text.data = word
  }
}

export const Words = Extension.create({
  name: "words",
  onCreate() {
    const { editor, options } = this
    const box = editor.view.dom.parentElement
    const parts = () => [...box.children].filter((part) => part !== editor.view.dom) // not what is written here
    const observer = new MutationObserver(() => speak())
    const speak = () => {
      for (const part of parts()) {
        translate(part, options.words)
        observer.observe(part, { childList: true, subtree: true })
      }
    }
    observer.observe(box, { childList: true })
    speak()
  },
})
