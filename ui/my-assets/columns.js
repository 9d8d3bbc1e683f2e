/** Which attributes a row shows before it is opened: chosen by the reader, else by the page. */
import { element, typed } from '../elements.js';
import { compare, text } from '../words.js';
import { MOST_COLUMNS } from './preferences.js';

/** @param {function(string[])} changed takes the names in the order in which they were chosen */
export function columns(chosen, changed) {
  const boxes = element('div.columns-choices', { role: 'group', 'aria-label': text('mine.columns') });
  const known = new Map(); // names with their boxes
  const whole = element('details.columns', { hidden: true },
    element('summary', { text: text('mine.columns') }), element('p.field-hint', { text: text('mine.columns.hint') }), boxes);
  let picked = chosen;

  const toggle = (name, on) => {
    picked = on ? [...picked, name].slice(-MOST_COLUMNS) : picked.filter((one) => one !== name);
    known.forEach((box, one) => (box.checked = picked.includes(one))); // one too many lets the oldest go
    changed(picked);
  };

  /** What is there may grow with each page; what is ticked stays ticked. */
  function offer(names) {
    const fresh = [...names].filter((name) => !known.has(name)).sort(compare);
    boxes.append(...fresh.map((name) => {
      const { label, input } = box(name, picked.includes(name), toggle);
      known.set(name, input);
      return label;
    }));
    whole.hidden = known.size === 0;
  }

  return { element: whole, offer };
}

function box(name, checked, toggle) {
  const input = element('input', { type: 'checkbox', checked, on: { change: () => toggle(name, input.checked) } });
  return { input, label: element('label.choice', {}, input, typed(name)) };
}
