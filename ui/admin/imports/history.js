/** The runs of the last weeks, newest first, each with why it ended so and what to do. */
import { announce } from '../../announce.js';
import { button, element } from '../../elements.js';
import { moment, number, text } from '../../words.js';
import { countName, notesOf, stateLozenge } from './run-view.js';

const COLUMNS = ['started', 'mode', 'state', 'counts', 'why'];
const AT_ONCE = 10; // an hourly import makes hundreds

let shown = AT_ONCE;

/** The roles are spelt out: on a phone the rows are laid out as cards, which would lose them. */
export function history(runs) {
  if (runs.length === 0) return element('p.subtle', { text: text('history.none') });
  const body = element('tbody', { role: 'rowgroup' }, ...runs.slice(0, shown).map(line));
  const more = button(text('history.more'), further, 'small');
  more.hidden = runs.length <= shown;

  /** As many as were opened stay open when the list is asked anew. */
  function further() {
    const from = body.children.length;
    shown += 2 * AT_ONCE;
    body.append(...runs.slice(from, shown).map(line));
    more.hidden = runs.length <= shown;
    announce(text('history.shown', { count: body.children.length }));
    if (more.hidden) body.children[from].focus();
  }

  return element('div.stack', {}, element('table.history', { role: 'table' },
    element('caption.spoken', { text: text('history') }),
    element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' },
      ...COLUMNS.map((name) => element('th', { role: 'columnheader', scope: 'col', text: text(`history.${name}`) })))), body),
  element('div.line', {}, more));
}

function line(run) {
  const cells = [
    moment(run.started_at), text(`run.mode.${run.mode}`), stateLozenge(run.state), counted(run), element('div.stack', {}, ...notesOf(run)),
  ];
  return element('tr', { role: 'row', tabindex: '-1' }, ...cells.map((content, at) =>
    element('td', { role: 'cell', 'data-label': text(`history.${COLUMNS[at]}`) }, content)));
}

function counted({ counts, mode }) {
  const named = ['create', 'update', 'unchanged', 'leavers', 'skipped', 'failed'].filter((name) => counts?.[name]);
  return named.map((name) => `${countName(mode, name)} ${number(counts[name])}`).join(', ') || '–';
}
