/** What stands where rows would be, or beside them. */
import { button, element } from '../elements.js';
import { text } from '../words.js';

export const skeleton = () => element('div.skeleton', { 'aria-hidden': 'true' },
  ...Array.from({ length: 4 }, () => element('span')));

/** @param {boolean} narrowed a search or filter is set, so there may be more without it */
export function emptiness(narrowed, clear) {
  const key = narrowed ? 'mine.no-match' : 'mine.empty';
  return element('div.emptiness', {},
    element('h2', { text: text(key) }),
    element('p.subtle', { text: text(`${key}.do`) }),
    narrowed && button(text('mine.filters.clear'), clear));
}

export const unmatched = () => element('div.notice.notice-warning', {},
  element('h2', { text: text('mine.unmatched') }),
  element('p', { text: text('mine.unmatched.do') }));
