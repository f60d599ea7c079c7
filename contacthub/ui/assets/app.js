// What the pages do beyond plain HTML. Every page works without it.
import { Button, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, SkipLink, createAll } from './govuk-frontend.js';
import './templates.js'; // before drafts.js, which keeps what has a name
import './drafts.js';
import './follows.js';
import './keys.js';
import './raise.js';
import './session-time.js';

for (const component of [Button, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, SkipLink]) {
  createAll(component)
}

const SHORTCUT = '[aria-keyshortcuts="Control+Enter"]'

// AltGr arrives as Control and Alt together, so Alt rules the shortcut out: somebody is typing a letter.
function isCtrlEnter (event) {
  return event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey &&
    !event.getModifierState('AltGraph') && !event.isComposing && !event.repeat
}

document.addEventListener('keydown', event => {
  // What has the focus and is itself pressed with Enter keeps its own meaning.
  if (!isCtrlEnter(event) || event.target.closest('a, button, summary')) return

  const button = (event.target.closest('form') ?? document).querySelector(SHORTCUT)
  if (!button) return

  event.preventDefault()
  button.click()
})
