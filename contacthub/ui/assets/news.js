// Says how many came into a list since its page was made. Rows never move: the link shows the list anew.
const EVERY = 30_000
const AT_MOST = 10 * 60_000 // after errors

const news = document.querySelector('[data-news]')
if (news) watch(news, news.querySelector('a'))

function watch (news, link) {
  let wait = EVERY
  let askedAt = Date.now()
  let timer
  let asking = false

  async function ask () {
    askedAt = Date.now()
    asking = true
    try {
      const answer = await fetch(news.dataset.news, {
        headers: { 'X-Background': '1' },
        redirect: 'manual',
        signal: AbortSignal.timeout(10_000)
      })
      if (answer.type === 'opaqueredirect' || answer.status === 403) return // signed out, or not allowed any more
      show((await answer.json()).words)
      wait = EVERY
    } catch {
      wait = Math.min(wait * 2, AT_MOST)
    } finally {
      asking = false
    }
    later()
  }

  function show (words) {
    if (link.textContent !== words) link.textContent = words
    link.hidden = !words
  }

  // A tab that nobody sees asks nothing; once it is seen again, it asks as soon as the time has passed.
  function later () {
    clearTimeout(timer)
    if (!document.hidden && !asking) timer = setTimeout(ask, Math.max(0, askedAt + wait - Date.now()))
  }

  document.addEventListener('visibilitychange', later)
  later()
}
