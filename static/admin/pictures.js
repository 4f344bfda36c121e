// A picture in the text is not lost by writing: what is typed, entered or pasted while it is selected stands below it.

import { Extension, pm } from "django-prose-editor/editor"

const COMPOSING = 229 // the code of a key that begins a syllable of Hangul, say
const { Plugin, TextSelection } = pm.state

// Where the figure ends that the selection is in, or the picture or line that is selected itself.
const end = ({ $from, to, node }) => {
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type.name === "figure") return $from.after(depth)
  }
  return node?.isBlock ? to : null
}

// The cursor stands in a paragraph of its own then.
const goBelow = (tr) => {
  const place = end(tr.selection)
  if (place === null) return false
  const { paragraph } = tr.doc.type.schema.nodes
  const next = tr.doc.nodeAt(place)
  if (next?.type !== paragraph || next.childCount) tr.insert(place, paragraph.create())
  tr.setSelection(TextSelection.create(tr.doc, place + 1)).scrollIntoView()
  return true
}

// Without its picture a figure is nothing: it goes as a whole.
const deleteFigure = ({ editor }) => {
  const { $from, node } = editor.state.selection
  if (node?.type.name !== "image" || $from.parent.type.name !== "figure") return false
  return editor.commands.deleteRange({ from: $from.before(), to: $from.after() })
}

export const Pictures = Extension.create({
  name: "pictures",
  addCommands: () => ({
    goBelow:
      () =>
      ({ tr }) =>
        goBelow(tr),
    // As the editor has it; but after a picture, the cursor does not stand in its caption.
    insertContent:
      (value, options) =>
      ({ tr, commands }) => {
        const { from, to } = tr.selection
        return commands.insertContentAt({ from, to }, value, options) && (value.type !== "figure" || goBelow(tr))
      },
  }),
  addKeyboardShortcuts: () => ({
    Enter: ({ editor }) => editor.commands.goBelow(), // from a caption, too, which is one line
    Backspace: deleteFigure,
    Delete: deleteFigure,
  }),
  addProseMirrorPlugins() {
    const { editor } = this
    const isLeft = () => !(editor.state.selection instanceof TextSelection) && editor.commands.goBelow()
    const leave = () => isLeft() && false // and the editor goes on from there
    const typeBelow = (view, from, to, text) => {
      if (!isLeft()) return false
      view.dispatch(view.state.tr.insertText(text))
      return true
    }
    const handleKeyDown = (view, { keyCode }) => keyCode === COMPOSING && leave()
    return [new Plugin({ props: { handleTextInput: typeBelow, handlePaste: leave, handleKeyDown } })]
  },
})
