// Warns before the session ends, and leaves the page once it has. Nothing here counts down: each look compares moments,
// so a tab that slept finds out when it wakes. What the server says is in seconds left, since clocks differ; `seen`
// changes when the person did something in whatever window.

const WARN = 5 * 60_000
const TYPING = 60_000 // who typed that lately is not idle, so is not asked
const ASK_EVERY = 15_000

const dialog = document.querySelector('.app-dialog[data-ask]')
if (dialog) watch(dialog)

function watch (dialog) {
  const part = name => dialog.querySelector(`[data-${name}]`)
  let seen = dialog.dataset.seen
  let endsAt = Date.now() + dialog.dataset.left * 1000
  let typedAt = -Infinity
  let askedAt = Date.now()
  let looking = false
  let gone = false
  let forGood = false // the 12 hours run out, and going on does not help
  let told = false // of that, and going on all the same

  const left = () => endsAt - Date.now()

  // Returns false where the server did not answer: then nothing is known, and nothing is done.
  async function ask (method = 'GET') {
    askedAt = Date.now()
    try {
      const headers = method === 'GET'
        ? { 'X-Background': '1' }
        : { 'X-CSRFToken': token() }
      const response = await fetch(dialog.dataset.ask, { method, headers, signal: AbortSignal.timeout(10_000) })
      if (!response.ok) return false
      learn(await response.json())
      return true
    } catch {
      return false
    }
  }

  function learn (answer) {
    if (!answer.left) return leave(answer.ended)
    const end = Date.now() + answer.left * 1000
    // As long as nobody did anything the end cannot move away: a clock that says so was changed.
    endsAt = answer.seen === seen ? Math.min(endsAt, end) : end
    seen = answer.seen
    forGood = answer.for_good
    part('idle').hidden = forGood
    part('hours').hidden = !forGood
    part('go-on').textContent = forGood ? 'Go on' : 'Stay signed in'
  }

  async function look () {
    if (gone || looking) return
    looking = true
    await warnOrEnd()
    looking = false
  }

  async function warnOrEnd () {
    if (left() > WARN) return dialog.close()
    if (left() <= 0) return end()
    if (!dialog.open) {
      if (forGood && told) return
      const active = Date.now() - typedAt < TYPING
      const answered = (active && await ask('POST')) || await ask()
      if (!answered || gone || left() > WARN) return
    } else if (Date.now() - askedAt > ASK_EVERY) {
      await ask()
    }
    part('countdown').textContent = words(left())
    if (!dialog.open && left() > 0) dialog.showModal()
  }

  // By this computer's clock the time is over. The server is asked, since there may be another window; where it knows
  // of nothing done since, the clocks disagree, and the earlier end holds.
  async function end () {
    if (!await ask() || gone || left() > 0) return
    const signOut = dialog.querySelector('form').action
    await fetch(signOut, { method: 'POST', headers: { 'X-CSRFToken': token() }, redirect: 'manual' }).catch(() => {})
    leave(forGood ? 'hours' : 'idle')
  }

  function leave (ended) {
    gone = true
    const asked = new URLSearchParams({ next: location.pathname + location.search, ended })
    document.body.classList.add('app-unsure')
    location.replace(`${dialog.dataset.signIn}?${asked}`)
  }

  // A page that comes back by Back may be of somebody who has signed out since: it is shown once the server says that nobody has.
  async function comeBack () {
    document.body.classList.add('app-unsure')
    await ask()
    if (!gone && left() > 0) document.body.classList.remove('app-unsure')
  }

  addEventListener('pageshow', event => {
    if (event.persisted || performance.getEntriesByType('navigation')[0]?.type === 'back_forward') comeBack()
  })
  document.addEventListener('visibilitychange', () => { if (!document.hidden) ask().then(look) })
  document.addEventListener('answered', event => { if (event.detail) learn(JSON.parse(event.detail)) })
  document.addEventListener('input', () => { typedAt = Date.now() })
  part('go-on').addEventListener('click', async () => {
    if (!await ask('POST')) return
    told = forGood
    if (told || left() > WARN) dialog.close()
  })
  setInterval(look, 1000)
}

// Signing in again, in another window, changes the token: the cookie has the one that counts.
function token () {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? ''
}

function words (left) {
  const seconds = Math.max(0, Math.ceil(left / 1000))
  if (seconds > 60) return `in ${Math.ceil(seconds / 60)} minutes`
  return `in ${Math.max(10, Math.ceil(seconds / 10) * 10)} seconds`
}
