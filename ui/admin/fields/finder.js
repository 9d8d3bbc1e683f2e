/** Finds a choice by its name: a box to type in, and what fits as buttons below. */
import { announce } from '../../announce.js';
import { button, element, newId, typed } from '../../elements.js';
import { trouble } from '../../trouble.js';
import { text } from '../../words.js';
import { choices, placeOf } from '../choices.js';

const PAUSE_MS = 250;

/** @param {function(object)} pick takes the choice; @param {function(string): boolean} taken hides an id */
export function finder(kind, { pick, taken }) {
  const box = element('input.input', { type: 'search', id: newId('find'), autocomplete: 'off', spellcheck: 'false', dir: 'auto', placeholder: text(`find.${kind}`) });
  const results = element('ul.results', { hidden: true, 'aria-label': text('find.results') });
  const foot = element('div');
  let current = new AbortController();
  let pause;

  async function look(cursor = '') {
    current.abort();
    current = new AbortController();
    try {
      const page = await choices(kind, box.value.trim(), cursor, current.signal);
      show(page, cursor !== '');
    } catch (error) {
      if (error.name !== 'AbortError') foot.replaceChildren(trouble(error, { again: () => look(cursor) }));
    }
  }

  function show(page, further) {
    const fresh = page.choices.filter((choice) => !taken(choice.id)).map(offer);
    if (further) results.append(...fresh);
    else results.replaceChildren(...fresh);
    results.hidden = results.children.length === 0;
    foot.replaceChildren(...rest(page, fresh.length));
    announce(text('find.count', { count: results.children.length }));
  }

  function rest(page, found) {
    if (page.next_cursor) return [button(text('find.more'), () => look(page.next_cursor), 'small')];
    return results.hidden && found === 0 ? [element('p.field-hint', { text: text('find.nothing') })] : [];
  }

  function offer(choice) {
    const place = placeOf(choice);
    const shown = place ? `${choice.name} · ${place}` : choice.name;
    const made = button('', () => {
      pick(choice);
      leave(made.parentElement);
    }, 'quiet small', { 'aria-label': text('find.add', { name: shown }) });
    made.append(typed(shown));
    return element('li', {}, made);
  }

  /** The next one keeps the focus, so that several can be taken in a row. */
  function leave(line) {
    const next = line.nextElementSibling ?? line.previousElementSibling;
    line.remove();
    results.hidden = results.children.length === 0;
    (next?.querySelector('button') ?? box).focus();
  }

  box.addEventListener('input', (event) => {
    event.stopPropagation(); // looking for something changes nothing in the form
    clearTimeout(pause);
    pause = setTimeout(look, PAUSE_MS);
  });
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault(); // Enter would save the form
    clearTimeout(pause);
    look();
  });
  const open = button(text(`find.${kind}.show`), () => look(), 'small');
  const whole = element('div.finder', {}, element('label.spoken', { for: box.id, text: text(`find.${kind}`) }),
    element('div.finder-line', {}, box, open), results, foot);
  return { element: whole, box };
}
