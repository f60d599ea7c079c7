// The clock of a call, and reasons that are found while somebody types. Both pages are whole without.
for (const timer of document.querySelectorAll('[data-timer]')) {
  const began = performance.now() - parseInt(timer.dateTime.slice(2)) * 1000
  setInterval(() => {
    const passed = Math.floor((performance.now() - began) / 1000)
    const [hours, minutes, seconds] = [Math.floor(passed / 3600), Math.floor(passed / 60) % 60, passed % 60]
    timer.textContent = `${hours}:${String(minutes).padStart(2, '0')}:${String(seconds).padStart(2, '0')}`
  }, 1000)
}

// As names.py reads them: without accents, capitals and apostrophes.
function wordsOf (typed) {
  return typed.normalize('NFKD').replace(/[\u0300-\u036f'\u2019]/g, '').toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean)
}

for (const form of document.querySelectorAll('[data-reasons]')) {
  const box = form.querySelector('[type=search]')
  const count = form.querySelector('[data-reasons-count]')
  const reasons = [...form.querySelectorAll('[data-words]')]
  box.addEventListener('input', () => {
    const typed = wordsOf(box.value)
    for (const reason of reasons) {
      const isTicked = reason.querySelector('input')?.checked
      reason.hidden = !isTicked && !typed.every(word => reason.dataset.words.includes(` ${word}`))
    }
    count.textContent = `${reasons.filter(reason => !reason.hidden).length} of ${reasons.length} reasons`
  })
}
