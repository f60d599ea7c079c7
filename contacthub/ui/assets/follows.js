// The form of a call lists what follows from each outcome. Here it says only what follows from the one chosen.
for (const form of document.querySelectorAll('[data-follows]')) {
  const told = form.querySelector('.app-next')
  if (!told) continue

  const say = () => {
    const chosen = form.querySelector('[name="outcome"]:checked')
    const words = chosen && form.querySelector(`[data-outcome="${CSS.escape(chosen.value)}"] dd`)
    told.textContent = words ? `Next: ${words.textContent}` : ''
    form.querySelector('.app-follows').hidden = Boolean(words)
  }
  form.addEventListener('change', say)
  window.addEventListener('pageshow', say) // the browser may have put back what was chosen
  say()
}
