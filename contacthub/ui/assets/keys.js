// Keyboard shortcuts. The list in the page (keys/table.html) says which there are; what one presses carries data-shortcut.
// Where somebody types, a key only types.

const SECOND_KEY_WITHIN = 1500
const ROWS = { j: 1, k: -1 }
const FIELDS = 'input:not([type=radio][data-shortcut]), select, textarea, [contenteditable]' // what a key chooses hears the others

const dialog = document.querySelector('[data-keys-dialog]')
const listed = new Set([...document.querySelectorAll('[data-keys]')].map(row => row.dataset.keys))
let begun = ''
let begunAt = 0

for (const keys of listed) {
  if (!keys.includes(' ')) [...pressedBy(keys)].forEach((what, place) => say(keys, what, place))
}

// Says what a key presses; of several buttons that is the first.
function say (keys, what, place) {
  if (!place || !what.matches('a, button')) return what.setAttribute('aria-keyshortcuts', keys)
  delete what.dataset.shortcut
  what.querySelector('.app-key')?.remove()
}

document.querySelector('[data-shortcut="?"]')?.addEventListener('click', event => {
  if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  dialog.showModal()
})

document.addEventListener('keydown', event => {
  // Held down, a key goes on sending. AltGr arrives as Control and Alt together: somebody types a letter. 229: so does
  // an input method that does not say that it composes.
  if (event.repeat || event.isComposing || event.keyCode === 229 || event.altKey || event.getModifierState('AltGraph')) return
  if (event.ctrlKey || event.metaKey) return withControl(event)
  if (event.key.length !== 1 || event.target.closest(FIELDS) || document.querySelector('dialog[open]')) return
  const isLetter = event.key.toLowerCase() !== event.key.toUpperCase()
  if (isLetter && event.shiftKey) return

  const keys = after(event.key.toLowerCase())
  if (listed.has(keys) && press(keys)) event.preventDefault()
})

function withControl (event) {
  // What has the focus and is itself pressed with Enter keeps its own meaning.
  if (event.key !== 'Enter' || event.shiftKey || event.target.closest('a, button, summary')) return
  // What opens within a form asks for something of its own.
  const [button] = pressedBy('Control+Enter', event.target.closest('details, form') ?? document)
  if (!button) return
  event.preventDefault()
  button.click()
}

// Returns the keys up to this one: "g i" where "g" was pressed just before and leads on to something.
function after (key) {
  const now = performance.now()
  const keys = begun && now - begunAt < SECOND_KEY_WITHIN ? `${begun} ${key}` : key
  begun = [...listed].some(each => each.startsWith(`${keys} `)) ? keys : ''
  begunAt = now
  return keys
}

function press (keys) {
  if (keys in ROWS) return goToRow(ROWS[keys])
  const what = nextOf([...pressedBy(keys)])
  if (!what) return false
  if (what.matches('details')) {
    what.open = true
    what.querySelector('input:not([type=hidden]), select')?.focus()
  } else if (what.matches('input[type=search]')) {
    what.focus()
    what.select() // typed over
  } else {
    if (what.matches('input')) what.focus() // what was chosen is read out
    what.click()
  }
  return true
}

// Of several questions that the same keys answer, the first that has no answer yet; of all answered ones, the one in focus.
function nextOf (found) {
  const isOpen = what => what.type === 'radio' && !what.form.querySelector(`[name="${what.name}"]:checked`)
  return found.find(isOpen) ?? found.find(what => what.name && what.name === document.activeElement.name) ?? found[0]
}

function pressedBy (keys, within = document) {
  return within.querySelectorAll(`[data-shortcut="${keys}"], [aria-keyshortcuts="${keys}"]`)
}

// Puts the focus on the link of the row after or before the one that has it.
function goToRow (by) {
  const links = [...document.querySelectorAll('.app-rows tbody tr, .app-short > li')].map(row => row.querySelector('a')).filter(Boolean)
  if (!links.length) return false
  const at = links.findIndex(link => link.closest('tr, li').contains(document.activeElement))
  links[Math.max(0, Math.min(at + by, links.length - 1))].focus()
  return true
}
