/** Shows a Problem as a notice: what happened, what to do, and a way to try again where that may help. */
import { button, element, holding } from './elements.js';
import { said, saidIn } from './said.js';
import { has, text } from './words.js';

const LONGEST_WAIT_S = 120;

/**
 * @param {Error} error a Problem, or a bug of ours
 * @param {object} options `again` tries again; `topic` picks more fitting words (`trouble.<topic>.<kind>…`)
 */
export function trouble(error, { again, topic = '' } = {}) {
  const kind = has(`trouble.${error.kind}`) ? error.kind : 'unknown';
  const words = has(`trouble.${topic}.${kind}`) ? `trouble.${topic}.${kind}` : `trouble.${kind}`;
  const wait = Math.ceil(error.retryAfter ?? 0);
  const notice = element('section.notice', { role: 'alert' },
    element('h2', { text: text(words) }),
    element('p', { text: text(`${words}.do`) }),
    error.detail && element('p', { text: said({ ...error, message: error.detail }), lang: saidIn(error), dir: 'auto' }),
    wait > 0 && element('p', { text: text('trouble.wait', { count: wait }) }),
    again && error.mayPass !== false && retry(again, wait),
    error.requestId && element('p.subtle', { text: text('trouble.reference', { id: error.requestId }) }));
  notice.classList.add(['not-configured', 'slow-down', 'not-allowed', 'licence', 'outcome-unknown'].includes(kind) ? 'notice-warning' : 'notice-error');
  return notice;
}

/** The host said how long to wait: then it is tried again by itself, unless the notice is gone. */
function retry(again, wait) {
  const pressed = button(text('trouble.again'), () => holding(pressed, again), 'main');
  if (wait > 0 && wait <= LONGEST_WAIT_S) {
    setTimeout(() => pressed.isConnected && holding(pressed, again), wait * 1000);
  }
  return pressed;
}
