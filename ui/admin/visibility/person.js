/** Whom to look as: the reader at first, else somebody found by name or address. */
import { announce } from '../../announce.js';
import { call } from '../../door.js';
import { button, element, newId, typed } from '../../elements.js';
import { trouble } from '../../trouble.js';
import { text } from '../../words.js';

const PAUSE_MS = 300;

/** @param {function()} chosen is told of each choice; `id` is null for the reader themselves */
export function looking(chosen) {
  let person = null;
  let pause;
  let current = new AbortController();
  const box = element('input.input', { type: 'search', id: newId('person'), autocomplete: 'off', spellcheck: 'false', dir: 'auto', maxlength: '100', placeholder: text('trial.person.find') });
  const results = element('ul.results', { hidden: true, 'aria-label': text('trial.person.found') });
  const foot = element('div');
  const who = element('p.trial-who');
  const self = button(text('trial.person.self'), () => choose(null), 'small');

  async function look() {
    current.abort();
    const mine = (current = new AbortController());
    const query = box.value.trim();
    if (!query) return show([], '');
    try {
      const { people } = await call('POST', 'settings/visibility/people', { body: { query }, signal: mine.signal });
      if (!mine.signal.aborted) show(people, people.length ? '' : text('trial.person.none'));
    } catch (error) {
      if (!mine.signal.aborted) foot.replaceChildren(trouble(error, { again: look, topic: 'admin' }));
    }
  }

  function show(people, told) {
    results.replaceChildren(...people.map(offer));
    results.hidden = people.length === 0;
    foot.replaceChildren(...(told ? [element('p.field-hint', { text: told })] : []));
    if (box.value.trim()) announce(told || text('find.count', { count: people.length }));
  }

  function offer(one) {
    const about = [one.email, one.customer && text('trial.person.customer')].filter(Boolean).join(' · ');
    const made = button('', () => choose(one), 'quiet small');
    made.append(typed(one.name), ...(about ? [' ', element('span.subtle', {}, typed(about))] : []));
    return element('li', {}, made);
  }

  function choose(one) {
    person = one;
    box.value = '';
    show([], '');
    draw();
    box.focus();
    chosen();
  }

  function draw() {
    const name = person ? element('bdi', { text: person.name }) : text('trial.person.you');
    who.replaceChildren(text('trial.person.as'), ' ', element('strong', {}, name));
    self.hidden = !person;
  }

  box.addEventListener('input', (event) => {
    event.stopPropagation(); // looking for somebody changes nothing in the form
    clearTimeout(pause);
    pause = setTimeout(look, PAUSE_MS);
  });
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault(); // Enter would save the form
    clearTimeout(pause);
    look();
  });
  draw();
  const whole = element('div.finder', {}, element('div.line', {}, who, self), element('label.spoken', { for: box.id, text: text('trial.person.find') }), box, results, foot);
  return { element: whole, id: () => person?.account_id ?? null, name: () => person?.name ?? '' };
}
