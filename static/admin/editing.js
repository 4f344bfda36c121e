// Tells the newsroom that this text is being edited, and the editor what others do with it meanwhile.

const RENEW_EVERY = 20000 // ms; the server forgets it after two minutes
const line = document.getElementById("editing-others")
const { csrfmiddlewaretoken, seen } = line.closest("form").elements

const renew = async () => {
  const body = new URLSearchParams({ csrfmiddlewaretoken: csrfmiddlewaretoken.value, seen: seen.value })
  try {
    const answer = await fetch(line.dataset.address, { method: "POST", body })
    if (!answer.ok || answer.redirected) return
    const { said } = await answer.json()
    if (line.textContent !== said) line.textContent = said // said once, not every time
  } catch {
    // Without a connection nobody is told; saving finds out all the same.
  }
}

renew()
setInterval(renew, RENEW_EVERY)
