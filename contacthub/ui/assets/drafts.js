// Keeps what is typed in a form that carries a sealed place (drafts/kept.html), a second after the person pauses.
const PAUSE = 1000
const AGAIN = 5000

class Draft {
  constructor (status) {
    this.status = status
    this.form = status.closest('form')
    this.kept = this.words()
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
    if (this.timer) this.keep()
  }

  async keep () {
    clearTimeout(this.timer)
    this.timer = undefined
    const words = this.words()
    if (words === this.kept) return

    let answer
    try {
      answer = await fetch(this.status.dataset.keep, {
        method: 'POST',
        body: new URLSearchParams({ place: this.status.dataset.draft, words }),
        // Signing in again, in another window, changes the token: the cookie has the one that counts.
        headers: { 'X-CSRFToken': document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? '' },
        keepalive: words.length < 20000,
        redirect: 'manual'
      })
    } catch {
      return this.later('Not kept yet: there is no connection. It is tried again by itself')
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
      this.say(told.kept_at ? `${this.status.dataset.kept ?? 'Draft kept at'} ${told.words}` : '')
    } else {
      this.say(`Not kept: ${told.why}`)
    }
    if (this.words() !== words) this.wait(PAUSE)
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
