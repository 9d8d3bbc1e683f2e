/** Starting, watching, stopping and looking back at imports. */
import { announce } from '../../announce.js';
import { call } from '../../door.js';
import { button, element, holding } from '../../elements.js';
import { said } from '../../said.js';
import { trouble } from '../../trouble.js';
import { has, text } from '../../words.js';
import { chart } from './chart.js';
import { LIVE, follow } from './following.js';
import { history } from './history.js';
import { records } from './records.js';
import { runView } from './run-view.js';

/** @param {function(object[]|null)} told takes the runs, newest first, whenever they are another; null: nobody can say */
export function panel(told) {
  const start = element('div.stack');
  const now = element('div.stack');
  const notice = element('div.stack', { tabindex: '-1' });
  const past = element('div.stack');
  const planned = records();
  let view;
  let shown = {};
  let known = [];
  let stop = () => null;

  /** Reads the runs; a live one is followed, whoever started it. */
  async function load() {
    try {
      const { runs } = await call('GET', 'imports');
      known = runs;
      past.replaceChildren(...[chart(runs), history(runs.filter((run) => !LIVE.has(run.state)))].filter(Boolean));
      told(runs);
      const live = runs.find((run) => LIVE.has(run.state));
      if (live && live.id !== shown.id) watch(live);
      offer(live ?? runs[0]);
    } catch (error) {
      past.replaceChildren(trouble(error, { again: load, topic: 'admin' }));
      told(null);
    }
  }

  /** Leads to where an import is watched, or else to the button that `word` names. */
  function enter(word) {
    whole.scrollIntoView({ block: 'start' });
    const live = LIVE.has(shown.state) && now.querySelector('h3');
    const preview = word === 'preview' && start.querySelector('[data-starts="preview"]');
    (live || preview || start.querySelector('button') || heading).focus();
  }

  function watch(run) {
    stop();
    view = runView({ cancel: () => act('DELETE', ''), release: () => act('POST', '/release') });
    now.replaceChildren(view.element);
    update(run);
    stop = follow(run.id, update, (error) => {
      notice.replaceChildren(trouble(error, { topic: 'follow' }));
      if (!error.mayPass) load();
    });
  }

  function update(run) {
    shown = run;
    view.update(run);
    notice.replaceChildren();
    offer(run);
    known = [run, ...known.filter((one) => one.id !== run.id)];
    told(known);
    if (!LIVE.has(run.state)) load();
  }

  /** While a run lives nothing can be started; after a preview exactly that plan can. */
  function offer(run) {
    const live = run && LIVE.has(run.state);
    planned.show(isPlan(run) ? run : null);
    const within = start.contains(document.activeElement);
    const key = live ? 'live' : `idle ${isPlan(run) ? run.id : ''}`;
    if (start.dataset.offers === key) return;
    start.dataset.offers = key;
    start.replaceChildren(...(live ? [] : starters(run)));
    if (within && live) now.querySelector('button')?.focus();
  }

  function starters(run) {
    const plan = isPlan(run);
    const first = !known.some((one) => one.mode !== 'preview' && one.state === 'succeeded'); // then a look comes before the deed
    const look = starter('preview', { mode: 'preview' }, first && !plan ? 'main' : '');
    return [element('div.line', {},
      plan && starter('apply', { mode: 'full', preview: run.id }, 'main'), first && !plan && look,
      starter('full', { mode: 'full' }, plan || first ? '' : 'main'), starter('delta', { mode: 'delta' }), (plan || !first) && look),
    element('p.field-hint', { text: text(plan ? 'import.hint.planned' : 'import.hint') })];
  }

  function starter(word, body, kind = '') {
    const pressed = button(text(`import.start.${word}`), () => holding(pressed, async () => {
      try {
        watch(await call('POST', 'imports', { body }));
        announce(text('import.started'));
      } catch (error) {
        refused(error);
      }
    }), kind, { 'data-starts': word });
    return pressed;
  }

  async function act(method, deed) {
    try {
      update(await call(method, `imports/${encodeURIComponent(shown.id)}${deed}`));
    } catch (error) {
      refused(error);
    }
  }

  function refused(error) {
    const named = error.problems?.map((one) => element('li', { dir: 'auto', text: has(`part.${one.field}`) ? `${text(`part.${one.field}`)}: ${said(one)}` : said(one) }));
    notice.replaceChildren(trouble(error, { topic: 'import' }), ...(named?.length ? [element('ul.named', {}, ...named)] : []));
    notice.focus();
    if (error.kind === 'clash') load();
  }

  const heading = element('h2', { id: 'imports', text: text('import'), tabindex: '-1' });
  const whole = element('section.stack.imports', { 'aria-labelledby': 'imports' }, heading,
    start, notice, now, planned.element, element('h3', { text: text('history') }), past);
  return { element: whole, load, enter };
}

/** A preview that came to its end: what it showed can be done. */
const isPlan = (run) => run?.mode === 'preview' && run.state === 'succeeded';
