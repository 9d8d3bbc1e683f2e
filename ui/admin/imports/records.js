/** What a preview would do, record by record: some of each kind, with the reason. */
import { announce } from '../../announce.js';
import { call } from '../../door.js';
import { button, element, holding, newId, typed } from '../../elements.js';
import { trouble } from '../../trouble.js';
import { has, moment, text } from '../../words.js';

const KINDS = ['person', 'group', 'device', 'department', 'location', 'application'];
const ACTIONS = ['create', 'update', 'leavers', 'skipped'];
const COLUMNS = ['name', 'kind', 'action', 'reason'];

/** `show` takes a preview that has ended, or nothing. */
export function records() {
  const whole = element('section.stack', { hidden: true, 'aria-labelledby': 'records' });
  let shown = '';

  function show(run) {
    whole.hidden = !run;
    if (!run || run.id === shown) {
      shown = run?.id ?? '';
      return;
    }
    shown = run.id;
    whole.replaceChildren(...listOf(run.id));
  }

  return { element: whole, show };
}

function listOf(id) {
  const kind = choice('kind', KINDS, () => load());
  const action = choice('action', ACTIONS, () => load());
  const told = element('p.subtle');
  const body = element('tbody', { role: 'rowgroup' });
  const table = element('table.history.records', { role: 'table', hidden: true }, element('caption.spoken', { text: text('records') }),
    element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' },
      ...COLUMNS.map((name) => element('th', { role: 'columnheader', scope: 'col', text: text(`records.${name}`) })))), body);
  const after = element('div.stack');
  let asked = 0;

  async function load(cursor = '') {
    const mine = (asked += 1);
    try {
      const query = new URLSearchParams({ ...(kind.box.value && { kind: kind.box.value }), ...(action.box.value && { action: action.box.value }), ...(cursor && { cursor }) });
      const page = await call('GET', `imports/${encodeURIComponent(id)}/records?${query}`);
      if (mine === asked) fill(page, cursor);
    } catch (error) {
      if (mine === asked) after.replaceChildren(trouble(error, { again: () => load(cursor), topic: 'admin' }));
    }
  }

  function fill(page, cursor) {
    const lines = page.records.map(line);
    if (cursor) body.append(...lines);
    else body.replaceChildren(...lines);
    table.hidden = body.children.length === 0;
    told.textContent = countWords(page, body.children.length);
    announce(told.textContent);
    const more = button(text('records.more'), () => holding(more, () => load(page.next_cursor)), 'quiet');
    after.replaceChildren(...(page.next_cursor ? [more] : []));
  }

  load();
  return [element('h3', { id: 'records', text: text('records') }), element('div.line.line-top', {}, kind.element, action.element), told, table, after];
}

function countWords({ kept_until: until, total }, count) {
  if (!until) return text('records.gone');
  return total === 0 ? text('records.none') : text('records.count', { shown: count, count: total, time: moment(until) });
}

function choice(name, values, changed) {
  const id = newId('filter');
  const box = element('select.input', { id, on: { change: changed } }, element('option', { value: '', text: text(`records.${name}.all`) }),
    ...values.map((value) => element('option', { value, text: text(`records.${name}.${value}`) })));
  return { box, element: element('div.field.field-short', {}, element('label.field-label', { for: id, text: text(`records.${name}`) }), box) };
}

function line(record) {
  const cells = [typed(record.name), text(`records.kind.${record.kind}`), text(`records.action.${record.action}`), reasonOf(record)];
  return element('tr', { role: 'row' }, ...cells.map((content, at) =>
    element('td', { role: 'cell', 'data-label': text(`records.${COLUMNS[at]}`) }, content)));
}

/** In our words where we have them; otherwise as the app says it. Attributes keep their names. */
function reasonOf({ code, reason, changes, clears }) {
  const key = `records.code.${code}`;
  if (!has(key)) return typed(reason);
  const other = changes.filter((name) => !clears.includes(name));
  const parts = [other.length && text('records.changes', { names: other.join(', ') }), clears.length && text('records.clears', { names: clears.join(', ') })];
  return [text(key), ...parts.filter(Boolean)].join(' ');
}
