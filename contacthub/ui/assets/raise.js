// The staff form: shows the fields that what was entered asks for, and beside it what would happen then.
const PAUSE = 300
const AWAY = 'This cannot be worked out now. It is shown when you press the button'

const outlook = document.querySelector('[data-outlook]')
if (outlook) watch(outlook)

function watch (outlook) {
  const form = outlook.closest('form')
  let timer
  let asked = 0

  // "a|b !c d=x": a or b, and not c, and d is x. A field that the page has not got rules nothing out.
  const holds = condition => condition.split(' ').every(each => each.split('|').some(isSo))

  function isSo (term) {
    if (term.startsWith('!')) return !isSo(term.slice(1))
    const [name, wanted] = term.split('=')
    const field = form.elements[name]
    if (!field) return true
    return wanted === undefined ? field.checked : field.value === wanted
  }

  // What is hidden is not sent, and comes back as it was typed.
  function reveal () {
    for (const part of form.querySelectorAll('[data-when]')) part.hidden = !holds(part.dataset.when)
    for (const field of form.querySelectorAll('[data-when] :is(input, select, textarea)')) {
      field.disabled = Boolean(field.closest('[data-when][hidden]'))
    }
  }

  async function ask () {
    const mine = ++asked
    const words = new URLSearchParams(new FormData(form))
    words.delete('description') // long, and decides nothing
    let html = ''
    try {
      const answer = await fetch(outlook.dataset.outlook, {
        method: 'POST',
        body: words,
        headers: {
          'X-Background': '1',
          'X-CSRFToken': document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? ''
        },
        redirect: 'manual'
      })
      if (answer.ok) html = await answer.text()
    } catch {
      // Said below.
    }
    if (mine !== asked) return // a later answer is on its way
    if (!html) outlook.textContent = AWAY
    else if (outlook.innerHTML !== html) outlook.innerHTML = html
  }

  form.addEventListener('input', event => {
    reveal()
    if (event.target.name === 'description') return
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE)
  })
  // Back to this page: the browser puts in what was typed, and says so by no event.
  window.addEventListener('pageshow', () => { reveal(); ask() })
}
