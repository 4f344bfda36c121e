// The pop-up window of the media library: hands the chosen picture to the editor that opened it.
// The prose editor speaks the protocol of CKEditor 4's file browser.

const number = new URLSearchParams(location.search).get("CKEditorFuncNum")

document.addEventListener("click", ({ target }) => {
  const picture = target.closest("[data-address]")
  if (!picture || !window.opener?.CKEDITOR) return
  const { address, alt, caption } = picture.dataset
  window.opener.CKEDITOR.tools.callFunction(number, address, { alternative_text: alt, caption })
  window.close()
})
