/** The list: asks for pages of assets, shows them, and says in words what it could not show. */
import { announce } from '../announce.js';
import { call } from '../door.js';
import { button, element, holding } from '../elements.js';
import { trouble } from '../trouble.js';
import { moment, number, text } from '../words.js';
import { countsByType } from './counts.js';
import { rows } from './rows.js';
import { emptiness, skeleton, unmatched } from './states.js';

const MOST_EMPTY = 10; // stretches without a row, one after the other

/**
 * @param {object} options `clear` empties search and filters; `useful` takes whether they are of use;
 *   `known` takes what there is; `liked` gives `{grouped, columns}`; `choose` filters by a type's id
 */
export function list({ clear, useful, known: tellKnown, liked, choose }) {
  const status = element('p.list-status', { text: text('mine.loading') });
  const body = element('div.stack', {}, skeleton());
  const shown = element('section.stack', { tabindex: '-1', 'aria-label': text('mine.list'), 'aria-busy': 'true' }, status, body);
  const known = { types: new Map(), schemas: new Map(), names: new Set() };
  let table = null;
  let last;
  let current = new AbortController();

  async function ask(query) {
    current.abort();
    current = new AbortController();
    shown.setAttribute('aria-busy', 'true');
    try {
      show(query, await page(query, undefined, current.signal));
    } catch (error) {
      if (error.name === 'AbortError') return;
      status.textContent = '';
      if (known.types.size === 0) useful(false);
      replace(trouble(error, { again: () => ask(query), topic: 'mine' }));
    }
    shown.removeAttribute('aria-busy');
  }

  /** Whoever stood on something that went away stands on the list, not at the top of the page. */
  function replace(...parts) {
    const within = body.contains(document.activeElement);
    body.replaceChildren(...parts.filter(Boolean));
    if (within) shown.focus();
  }

  function show(query, answer) {
    last = { query };
    table = null;
    learn(known, answer);
    tellKnown(known);
    status.textContent = '';
    if (answer.assets.length === 0 && !answer.next_cursor) {
      const narrowed = Boolean(query.search || query.object_type || query.schema);
      const empty = emptiness(narrowed, clear);
      useful(narrowed);
      // Customers of the portal are never among the people: the hint is for those who see nothing at all.
      replace(!narrowed && answer.person === 'unmatched' && unmatched(), empty);
      announce(empty.querySelector('h2').textContent);
      return;
    }
    useful(true);
    const { grouped, columns } = liked();
    table = rows({ grouped: grouped || /object_type$/.test(query.sort), columns, reports: answer.reporting === true });
    table.add(answer.assets);
    const foot = element('div.list-foot');
    replace(pictured(query, answer) && countsByType(answer.counts, choose), table.element, foot);
    following(query, foot, answer);
    announce(status.textContent);
  }

  function following(query, foot, answer) {
    status.textContent = counted(table.count(), answer);
    foot.replaceChildren();
    if (!answer.next_cursor) return;
    const more = button(text('mine.more'), () => holding(more, () => next(query, foot, answer.next_cursor)));
    foot.append(...(answer.complete === false ? [element('p.subtle', { text: text('mine.partly') })] : []), more);
  }

  async function next(query, foot, cursor) {
    const signal = current.signal;
    try {
      const answer = await page(query, cursor, signal);
      learn(known, answer);
      tellKnown(known);
      const first = table.add(answer.assets);
      following(query, foot, answer);
      announce(text('mine.more.said', { count: answer.assets.length }));
      first?.focus();
    } catch (error) {
      if (error.name === 'AbortError') return;
      foot.replaceChildren(trouble(error, { again: () => next(query, foot, cursor), topic: 'more' }));
    }
  }

  return { element: shown, ask, choose: (names) => table?.choose(names), query: () => last?.query ?? {} };
}

/** A picture of one kind, or of what a filter left, would say nothing. */
const pictured = (query, answer) => !query.search && !query.object_type && !query.schema && answer.counts?.length > 1;

/** A stretch in which nothing fits says nothing of those that follow: they are asked, too. */
async function page(query, cursor, signal) {
  let answer = { next_cursor: cursor };
  for (let turn = 0; turn < MOST_EMPTY; turn += 1) {
    const asked = new URLSearchParams(query);
    if (answer.next_cursor) asked.set('cursor', answer.next_cursor);
    answer = await call('GET', `my-assets?${asked}`, { signal });
    if (answer.assets.length || !answer.next_cursor) break;
  }
  return answer;
}

/** Of what is there the app tells the kinds with their numbers; of attributes only what rows had. */
function learn(known, { assets, counts = [] }) {
  for (const { object_type: type, schema } of [...counts, ...assets]) {
    known.types.set(type.id, type.name);
    known.schemas.set(schema.id, schema.name);
  }
  for (const { attributes } of assets) attributes.forEach((one) => known.names.add(one.name));
}

function counted(shown, answer) {
  const whole = answer.total > shown
    ? text('mine.count.of', { shown: number(shown), count: answer.total })
    : text('mine.count', { count: shown });
  return answer.as_of ? `${whole} · ${text('mine.as-of', { time: moment(answer.as_of) })}` : whole;
}
