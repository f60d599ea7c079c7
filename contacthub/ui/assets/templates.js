// The reply editor: choosing a template puts its words in at the caret. Another choice made before anything is typed
// takes its place, and none takes it out again, so that going through the list by keyboard leaves one behind.
const AWAY = 'Not inserted: there is no connection. Choose it again in a while'
const SIGNED_OUT = 'Not inserted: you are signed out. Sign in in another window, and leave this one open'

for (const tools of document.querySelectorAll('[data-insert]')) watch(tools)

function watch (tools) {
  const form = tools.closest('form')
  const box = form.elements.text
  const beganFrom = form.elements.began_from // the first template put in, until the box is empty again
  const select = tools.querySelector('select')
  const told = document.getElementById('template-said')
  let last // where the words of the last choice stand
  let asked = 0
  let caret = box.value.length // a browser that has not been in the box puts it at the beginning

  tools.querySelector('button').remove()
  select.removeAttribute('name') // a choice is no part of what is typed: it is in the text
  select.value = ''

  for (const event of ['keyup', 'pointerup', 'blur', 'input']) box.addEventListener(event, () => { caret = box.selectionEnd })
  box.addEventListener('input', event => { if (event.isTrusted) settle() })
  select.addEventListener('change', choose)

  function settle () {
    if (!box.value.trim()) beganFrom.value = ''
    last = undefined
    select.value = ''
    say('')
  }

  async function choose () {
    const mine = ++asked
    if (!select.value) {
      put('', '')
      return say('')
    }
    const chosen = select.value
    const { words, said } = await answer(chosen)
    if (mine !== asked) return // another was chosen meanwhile
    if (words) put(words, chosen)
    say(said)
  }

  async function answer (template) {
    try {
      const response = await fetch(tools.dataset.insert, {
        method: 'POST',
        body: new URLSearchParams({ template }),
        headers: {
          Accept: 'application/json',
          'X-CSRFToken': document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? ''
        },
        redirect: 'manual'
      })
      document.dispatchEvent(new CustomEvent('answered', { detail: response.headers.get('X-Time-Left') }))
      if (response.type === 'opaqueredirect' || response.status === 403) return { said: SIGNED_OUT }
      const got = await response.json()
      return response.ok ? got : { said: `Not inserted: ${got.why}` }
    } catch {
      return { said: AWAY }
    }
  }

  // Nothing typed is replaced: the words go in behind the caret, with an empty line on either side.
  function put (words, template) {
    const begins = last ? last.begins : !beganFrom.value
    if (begins) beganFrom.value = template
    if (last) box.setRangeText('', last.start, last.end, 'end')
    const at = last ? last.start : caret
    const before = box.value.slice(0, at)
    const after = box.value.slice(at)
    const whole = words && `${gap(before, /\n*$/)}${words}${gap(after, /^\n*/)}`
    box.setRangeText(whole, at, at, 'end')
    last = { start: at, end: at + whole.length, begins }
    caret = last.end
    box.dispatchEvent(new Event('input', { bubbles: true })) // the draft is kept
  }

  const gap = (text, edge) => text.trim() ? '\n'.repeat(Math.max(0, 2 - text.match(edge)[0].length)) : ''

  function say (words) {
    told.textContent = words
  }
}
