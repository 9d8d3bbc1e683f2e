/** A word in time: the client secret of Entra ID is about to expire, or has. */
import { button, element } from '../elements.js';
import { plain, text } from '../words.js';

/** @param {function} enter leads to the part of the settings; `write` takes that part's state */
export function expiryNote(enter) {
  const whole = element('div.stack');

  function write({ secret_expiry: expiry }) {
    const warns = expiry && expiry.warning !== null;
    whole.replaceChildren(...(warns ? [notice(expiry, enter)] : []));
  }

  return { element: whole, write };
}

function notice({ days_left: left, expires_on: day, read_from: from }, enter) {
  const over = left <= 0;
  const title = over ? text('expiry.over') : text('expiry.soon', { count: left });
  const kind = over || left <= 7 ? 'notice-error' : 'notice-warning';
  return element(`section.notice.${kind}`, { 'aria-labelledby': 'expiry' },
    element('h2', { id: 'expiry', text: title }),
    element('p', { text: text(over ? 'expiry.over.what' : 'expiry.soon.what', { day: plain(day) }) }),
    element('p', { text: text('expiry.do') }),
    from === 'settings' && element('p.subtle', { text: text('expiry.typed') }),
    button(text('expiry.go'), enter));
}
