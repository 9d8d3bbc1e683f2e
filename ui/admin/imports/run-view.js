/** One run as it goes: what it does, how far it is, when it last said so, and what one can do about it. */
import { announce } from '../../announce.js';
import { element } from '../../elements.js';
import { said, saidIn } from '../../said.js';
import { has, moment, number, text, worded as wordedFor } from '../../words.js';
import { asking } from '../asking.js';
import { LIVE } from './following.js';

const COUNTS = ['create', 'update', 'unchanged', 'leavers', 'skipped', 'failed'];
const LOZENGES = { succeeded: 'success', failed: 'error', braked: 'warning', running: 'news', queued: 'news' };

export const stateLozenge = (state) => element(`span.lozenge.lozenge-${LOZENGES[state] ?? 'plain'}`, { text: text(`run.state.${state}`) });

/** In our words where we have them; otherwise as the app says it. */
export const worded = (kind, code, said = code) => (has(`run.${kind}.${code}`) ? text(`run.${kind}.${code}`) : said ?? '');

const phaseOf = (run) => (LIVE.has(run.state) ? worded('phase', run.phase) : '');

/** @param {{cancel: function, release: function}} deeds */
export function runView({ cancel, release }) {
  const title = element('h3.line', { tabindex: '-1' });
  const bar = element('progress', { 'aria-label': text('run.progress') });
  const far = element('p');
  const counts = element('dl.counts');
  const notes = element('div.stack');
  const stop = asking({ label: text('run.cancel'), question: text('run.cancel.ask'), yes: text('run.cancel.yes'), no: text('run.cancel.no'), act: cancel });
  const go = element('div');
  const whole = element('div.run.stack', { role: 'group' }, title, bar, far, counts, notes, element('div.line', {}, go, stop.element));
  let last = {};

  function update(run) {
    const within = whole.contains(document.activeElement);
    const which = text(LIVE.has(run.state) ? 'run.current' : 'run.last');
    title.replaceChildren(element('span', { text: `${which} · ${text(`run.mode.${run.mode}`)}` }), ' ', stateLozenge(run.state));
    progress(bar, run);
    far.textContent = [...whereWords(run), text('run.updated', { time: moment(run.updated_at) })].filter(Boolean).join(' · ');
    counts.replaceChildren(...countList(run));
    notes.replaceChildren(...notesOf(run));
    stop.element.hidden = !LIVE.has(run.state);
    whole.setAttribute('aria-label', text(LIVE.has(run.state) ? 'run.current' : 'run.last'));
    if (run.state !== last.state) go.replaceChildren(...(run.state === 'braked' ? [brakeRelease(run, release)] : []));
    if (within && lost(whole)) title.focus();
    say(run, last);
    last = run;
  }

  return { element: whole, update };
}

/** Whether what had the focus is gone or hidden: then a keyboard stands nowhere. */
const lost = (whole) => !whole.contains(document.activeElement) || document.activeElement.closest('[hidden]') !== null;

function brakeRelease(run, release) {
  const affected = number(run.counts?.leavers ?? 0);
  return asking({ label: text('run.release'), question: text('run.release.ask', { affected }), yes: text('run.release.yes', { affected }), no: text('run.release.no'), act: release }).element;
}

function progress(bar, run) {
  bar.hidden = !LIVE.has(run.state) || run.state === 'braked';
  const { done = 0, total = 0 } = run.progress ?? {};
  if (!total) {
    bar.removeAttribute('value');
    return;
  }
  bar.max = total;
  bar.value = done;
}

/** A braked run stands still: its phase and its numbers would only look like work done. */
const whereWords = (run) => (run.state === 'braked' ? [text('run.braked.nothing')] : [phaseOf(run), farWords(run)]);

function farWords(run) {
  const { done = 0, total = 0 } = run.progress ?? {};
  return total ? text('run.far', { done, total }) : '';
}

const countList = ({ counts, mode }) => COUNTS.filter((name) => counts?.[name] !== undefined && isCounted(mode, name)).map((name) =>
  element('div', {}, element('dt', { text: countName(mode, name) }), element('dd', { text: number(counts[name]) })));

/** A pass of Jira accounts counts people in words of its own, and nothing else. */
export const countName = (mode, name) => text(wordedFor(`run.count.${name}`, mode));
const isCounted = (mode, name) => mode !== 'accounts' || has(`run.count.${name}.accounts`);

export function notesOf(run) {
  const filter = run.filter && element('p.subtle', { text: text('run.filter', { let_in: run.filter.let_in, left_out: run.filter.left_out }) });
  // Asked for the changes, and everything was read: then it says why.
  const whole = run.why_full && run.mode !== run.ran_as && element('p.subtle', { text: text('run.full', { why: said(run.why_full) }), lang: saidIn(run.why_full) });
  const reason = run.reason && element('p', { text: worded('reason', run.reason), dir: 'auto' });
  const more = run.more && element('p', { text: said(run.more), lang: saidIn(run.more), dir: 'auto' });
  const step = run.next_step && element('p.subtle', { text: text('run.next', { step: worded('step', run.reason, run.next_step) }), dir: 'auto' });
  return [filter, whole, reason, more, step].filter(Boolean);
}

/** Not every look is worth saying: a new state or phase, or another quarter of the way. */
function say(run, last) {
  const quarter = ({ progress: far }) => (far?.total ? Math.floor((4 * far.done) / far.total) : 0);
  if (run.state !== last.state) announce(text('run.said.state', { state: text(`run.state.${run.state}`) }));
  else if (run.phase !== last.phase || quarter(run) !== quarter(last)) announce(whereWords(run).filter(Boolean).join(', '));
}
