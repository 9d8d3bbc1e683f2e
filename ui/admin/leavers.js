/** People who left and still hold assets: asked of Assets when wanted, kept nowhere. */
import { announce } from '../announce.js';
import { call } from '../door.js';
import { button, element, holding, typed } from '../elements.js';
import { trouble } from '../trouble.js';
import { plain, text } from '../words.js';

/** `write` takes the state of the part `import`: its rule says whether anybody is marked at all. */
export function leavers() {
  const hint = element('p.field-hint');
  const list = element('ul.stack');
  const after = element('div.stack', { tabindex: '-1' });
  const first = button(text('leavers.show'), () => holding(first, () => load()));

  async function load(cursor = '') {
    try {
      const page = await call('GET', `imports/leavers${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`);
      fill(page, cursor);
    } catch (error) {
      after.replaceChildren(trouble(error, { again: () => load(cursor), topic: 'admin' }));
      after.focus();
    }
  }

  function fill({ leavers: found, next_cursor: next }, cursor) {
    const within = after.contains(document.activeElement);
    const entries = found.map(entry);
    if (cursor) list.append(...entries);
    else list.replaceChildren(...entries);
    const told = tell(list.children.length, next);
    const more = next && button(text('leavers.more'), () => holding(more, () => load(next)));
    after.replaceChildren(element('p', { text: told }), ...(more ? [more] : []));
    first.textContent = text('leavers.again');
    announce(told);
    if (within) (more || after).focus();
  }

  const write = (state) => {
    const marks = state?.set && state.leavers && state.leavers !== 'keep';
    hint.textContent = marks ? '' : text('leavers.keep');
    hint.hidden = Boolean(marks);
  };
  const whole = element('section.stack.leavers', { 'aria-labelledby': 'leavers' }, element('h2', { id: 'leavers', text: text('leavers') }),
    element('p.lead', { text: text('leavers.lead') }), hint, element('div.line', {}, first), list, after);
  return { element: whole, write };
}

function tell(count, next) {
  if (count === 0) return text(next ? 'leavers.none.yet' : 'leavers.none');
  return text(next ? 'leavers.count.yet' : 'leavers.count', { count });
}

function entry({ name, object_key: key, left_on: day, total, assets }) {
  const hidden = total - assets.length;
  return element('li.entry', {},
    element('p', {}, element('strong', {}, typed(name)), ' ', element('span.subtle', {}, typed(key))),
    day && element('p.subtle', { text: text('leavers.left', { day: plain(day) }) }),
    element('ul.named', { 'aria-label': text('leavers.holds', { count: total }) }, ...assets.map(asset)),
    hidden > 0 && element('p.subtle', { text: text('leavers.hidden', { count: hidden }) }));
}

const asset = ({ label, object_key: key, object_type: type }) =>
  element('li', {}, typed(label), ' ', element('span.subtle', {}, typed(`${key} · ${type.name}`)));
