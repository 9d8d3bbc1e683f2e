/** The runs of the last weeks, newest first, each with why it ended so and what to do. */
import { element } from '../../elements.js';
import { moment, number, text } from '../../words.js';
import { notesOf, stateLozenge } from './run-view.js';

const COLUMNS = ['started', 'mode', 'state', 'counts', 'why'];

/** The roles are spelt out: on a phone the rows are laid out as cards, which would lose them. */
export function history(runs) {
  if (runs.length === 0) return element('p.subtle', { text: text('history.none') });
  return element('table.history', { role: 'table' },
    element('caption.spoken', { text: text('history') }),
    element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' },
      ...COLUMNS.map((name) => element('th', { role: 'columnheader', scope: 'col', text: text(`history.${name}`) })))),
    element('tbody', { role: 'rowgroup' }, ...runs.map(line)));
}

function line(run) {
  const cells = [
    moment(run.started_at), text(`run.mode.${run.mode}`), stateLozenge(run.state), counted(run.counts), element('div.stack', {}, ...notesOf(run)),
  ];
  return element('tr', { role: 'row' }, ...cells.map((content, at) =>
    element('td', { role: 'cell', 'data-label': text(`history.${COLUMNS[at]}`) }, content)));
}

function counted(counts) {
  const named = ['create', 'update', 'unchanged', 'leavers', 'skipped', 'failed'].filter((name) => counts?.[name]);
  return named.map((name) => `${text(`run.count.${name}`)} ${number(counts[name])}`).join(', ') || '–';
}
