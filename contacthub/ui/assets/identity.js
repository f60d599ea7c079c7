// Shows where an identity email stands as it changes, while somebody waits on the telephone.
const EVERY = 2_000
const AT_MOST = 30_000 // after errors

const place = document.querySelector('[data-identity]')
if (place) {
  document.querySelector('[data-without-script]')?.remove()
  watch(place)
}

function watch (place) {
  let wait = EVERY
  let shown = '' // as it was told: the browser writes it otherwise, and the same words are not to be read out again
  const isLast = () => Boolean(place.querySelector('[data-last]'))

  async function ask () {
    try {
      const answer = await fetch(place.dataset.identity, {
        headers: { 'X-Background': '1' },
        redirect: 'manual',
        signal: AbortSignal.timeout(10_000)
      })
      if (answer.type === 'opaqueredirect' || answer.status === 403 || answer.status === 404) return
      if (!answer.ok) throw new Error(String(answer.status))
      const html = await answer.text()
      if (html !== shown) {
        if (html !== place.innerHTML) place.innerHTML = html
        shown = html
      }
      wait = EVERY
    } catch {
      wait = Math.min(wait * 2, AT_MOST)
    }
    later()
  }

  function later () {
    if (!isLast()) setTimeout(ask, wait)
  }

  later()
}
