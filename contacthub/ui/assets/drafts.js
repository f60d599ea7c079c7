// Keeps what is typed in a form that carries a sealed place (drafts/kept.html), a second after the person pauses.
const PAUSE = 1000
const AGAIN = 5000

class Draft {
  constructor (status) {
    this.status = status
    this.form = status.closest('form')
    this.kept = this.words()
    // Of notes of a record: what the page has seen of them, so that what another page kept since is not taken back.
    this.seen = this.form.elements.notes_seen
    this.form.addEventListener('input', () => this.wait(PAUSE))
    // What is sent is cleared by the server; a preview is not sent yet.
    this.form.addEventListener('submit', () => {
      if (!this.status.dataset.kept) this.keepNow() // notes of a record go with the form, and may not come after it
      this.stop()
    })
    // Somebody who leaves within the second has typed it all the same.
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.keepNow() })
    window.addEventListener('online', () => this.keepNow())
    // Back from the page after this one: what is typed now is kept again.
    window.addEventListener('pageshow', () => { this.stopped = false })
  }

  words () {
    const words = {}
    for (const field of this.form.elements) {
      const typed = field.name && !['hidden', 'password', 'file', 'submit', 'button'].includes(field.type)
      if (typed && (!['checkbox', 'radio'].includes(field.type) || field.checked)) words[field.name] = field.value
    }
    return JSON.stringify(words)
  }

  wait (time) {
    clearTimeout(this.timer)
    this.timer = this.stopped ? undefined : setTimeout(() => this.keep(), time)
  }

  stop () {
    this.stopped = true
    this.wait()
  }

  keepNow () {
    if (this.timer) this.keep({ waits: false })
  }

  async keep ({ waits = true } = {}) {
    clearTimeout(this.timer)
    this.timer = undefined
    const words = this.words()
    if (words === this.kept) return
    if (waits && this.seen && this.sending) return this.wait(PAUSE) // what is kept now is what the next one has seen

    let answer
    this.sending = true
    try {
      answer = await fetch(this.status.dataset.keep, {
        method: 'POST',
        body: new URLSearchParams({ place: this.status.dataset.draft, words, notes_seen: this.seen?.value ?? '' }),
        // Signing in again, in another window, changes the token: the cookie has the one that counts.
        headers: { 'X-CSRFToken': document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? '' },
        keepalive: words.length < 20000,
        redirect: 'manual'
      })
    } catch {
      return this.later('Not kept yet: there is no connection. It is tried again by itself')
    } finally {
      this.sending = false
    }
    document.dispatchEvent(new CustomEvent('answered', { detail: answer.headers.get('X-Time-Left') }))
    if (answer.type === 'opaqueredirect' || answer.status === 403) {
      return this.later('Not kept yet: you are signed out. Sign in in another window, and leave this one open')
    }
    if (answer.status >= 500) {
      return this.later('Not kept yet: there is a problem with ContactHub. It is tried again by itself')
    }
    const told = await answer.json()
    if (answer.ok) {
      this.kept = words
      if (told.stands) return this.takeUp(told, words)
      if (this.seen) this.seen.value = told.notes_seen
      this.say(told.kept_at ? `${this.status.dataset.kept ?? 'Draft kept at'} ${told.words}` : '')
    } else {
      this.say(`Not kept: ${told.why}`)
    }
    if (this.words() !== words) this.wait(PAUSE)
  }

  // Another page has kept notes since this one was opened: they come into the boxes, before what is typed here.
  takeUp (told, words) {
    const sent = JSON.parse(words)
    for (const [name, stands] of Object.entries(told.stands)) {
      const box = this.form.elements[name]
      const typed = (sent[name] ?? '').trim()
      if (stands === typed) continue
      const before = typed && stands.endsWith(typed) ? stands.slice(0, -typed.length) : ''
      if (!before && box.value.trim() !== typed) return this.wait(PAUSE) // it goes on being typed: kept beside, once more
      const at = before && box === document.activeElement ? box.selectionStart + before.length : undefined
      box.value = before ? before + box.value : stands
      if (at !== undefined) box.setSelectionRange(at, at)
    }
    this.seen.value = told.notes_seen
    this.kept = JSON.stringify({ ...sent, ...told.stands })
    this.say(`${this.status.dataset.kept} ${told.words}. Another page kept notes too: both are here`)
    if (this.words() !== this.kept) this.wait(PAUSE)
  }

  later (words) {
    this.say(words)
    this.wait(AGAIN)
  }

  say (words) {
    if (this.status.textContent !== words) this.status.textContent = words
  }
}

for (const status of document.querySelectorAll('[data-draft]')) new Draft(status)
