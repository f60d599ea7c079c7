// What the pages do beyond plain HTML. Every page works without it.
import { Button, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, SkipLink, createAll } from './govuk-frontend.js';
import './templates.js'; // before drafts.js, which keeps what has a name
import './calls.js';
import './drafts.js';
import './follows.js';
import './identity.js';
import './keys.js';
import './news.js';
import './raise.js';
import './session-time.js';

for (const component of [Button, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, SkipLink]) {
  createAll(component)
}
