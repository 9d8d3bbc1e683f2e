/** How many of what: a table whose bars are for the eye, so that nothing is said by them alone. */
import { button, element, typed } from '../elements.js';
import { compare, number, text } from '../words.js';

let leftOpen = false;

/**
 * @param {object[]} counts `{object_type, count}` of all that is the reader's
 * @param {function(string)} choose takes the id of a type to show only that
 * Stays as open as it was left when the list is asked anew.
 */
export function countsByType(counts, choose) {
  const sorted = [...counts].sort((a, b) => b.count - a.count || compare(a.object_type.name, b.object_type.name));
  const most = Math.max(...sorted.map((one) => one.count));
  const whole = element('details.counts', { open: leftOpen, on: { toggle: () => (leftOpen = whole.open) } },
    element('summary', { text: text('mine.counts') }),
    element('table', {},
      element('caption.spoken', { text: text('mine.counts.caption') }),
      element('thead.spoken', {}, element('tr', {}, head('mine.type'), head('mine.counts.number'))),
      element('tbody', {}, ...sorted.map((one) => row(one, most, choose)))));
  return whole;
}

const head = (key) => element('th', { scope: 'col', text: text(key) });

function row({ object_type: type, count }, most, choose) {
  const bar = element('progress.counts-bar', { max: most, value: count, 'aria-hidden': 'true' });
  const name = button('', () => choose(type.id), 'quiet small');
  name.append(typed(type.name));
  return element('tr', {},
    element('th', { scope: 'row' }, name),
    element('td', {}, bar, element('span.counts-number', { text: number(count) })));
}
