// Shortcuts of a single key, which a page names in aria-keyshortcuts only for those who have not switched them off.
const TYPED = 'textarea, select, [contenteditable], input:not([type="radio"], [type="checkbox"])'

document.addEventListener('keydown', event => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && !event.isComposing
  if (!plain || event.key.length !== 1 || event.target.closest(TYPED)) return

  const named = document.querySelector(`[aria-keyshortcuts="${CSS.escape(event.key.toLowerCase())}"]`)
  if (!named) return

  event.preventDefault()
  named.focus()
  named.click()
})
