/** The way through setting up: what is done, what is missing, what to do next. Quiet when all is done. */
import { announce } from '../../announce.js';
import { button, element, newId } from '../../elements.js';
import { has, text } from '../../words.js';
import { worded } from '../imports/run-view.js';
import { overview } from './overview.js';
import { allDone, stepsOf } from './steps.js';

/**
 * @param {string} door whose words stand in the last sentence
 * @param {function(string)} enter leads to a part, or to `preview` or `run` among the imports
 */
export function guide(door, enter) {
  const title = element('h2', { id: newId('guide'), tabindex: '-1' });
  const told = element('p.lead');
  const list = element('ol.steps');
  const facts = element('div');
  const kept = element('details.steps-kept', { hidden: true }, element('summary', { text: text('guide.show') }));
  const whole = element('section.guide.stack', { 'aria-labelledby': title.id }, element('div', {}, title, told), facts, list, kept);
  let steps = [];
  let before = '';
  let drawn = '';

  function write(states, runs) {
    steps = stepsOf(states, runs);
    // A live import is looked at again and again: what did not change stays, and the focus with it.
    const key = JSON.stringify([steps.map(({ run, ...step }) => [step, run?.state, run?.reason]), states, runs?.[0]?.state]);
    if (key === drawn) return;
    drawn = key;
    const focused = whole.contains(document.activeElement) ? document.activeElement.textContent : null;
    const done = steps.filter((step) => step.state === 'done').length;
    const over = allDone(steps);
    const heading = over ? text('guide.done') : text('guide.title');
    title.textContent = heading;
    told.textContent = over ? text(`guide.done.what.${door}`) : text('guide.so-far', { done, of: steps.length });
    list.replaceChildren(...steps.map((step, at) => line(step, at, enter)), last(steps.length, over, door));
    (over ? kept : whole).append(list);
    kept.hidden = !over;
    whole.classList.toggle('guide-done', over);
    facts.replaceChildren(...(over ? [overview(states, runs, enter)] : []));
    if (!over) whole.append(kept);
    if (focused !== null) ([...whole.querySelectorAll('button, summary')].find((one) => one.textContent === focused) ?? title).focus();
    say(over ? heading : told.textContent);
  }

  /** Not every look at a run is worth saying, only that a step is done. */
  function say(words) {
    if (before && before !== words) announce(words);
    before = words;
  }

  /** What comes next: `{words, enter}`. When all is done, the overview. */
  function next() {
    const step = steps.find((one) => one.state === 'now') ?? steps.find((one) => one.state !== 'done');
    if (!step) return { words: text('guide.see'), enter: () => title.focus() };
    const [place] = step.parts.length ? step.parts : [step.name];
    return { words: text('part.next', { name: placeWords(place) }), enter: () => enter(place) };
  }

  return { element: whole, write, next };
}

const placeWords = (place) => text(has(`part.${place}`) ? `part.${place}` : `step.${place}`);

function line(step, at, enter) {
  const { name, state } = step;
  const mark = element('span.step-mark', { text: state === 'done' ? '✓' : String(at + 1), 'aria-hidden': 'true' });
  const head = element('p.step-head', {}, element('strong', { text: text(`step.${name}`) }), ' ', lozenge(step));
  const what = state === 'done' ? [] : [...missing(step), ...acts(step, enter)];
  return element(`li.step.step-${state}`, { 'aria-current': state === 'now' ? 'step' : null }, mark, element('div.step-body', {}, head, ...what));
}

/** Where everybody finds it then. */
const last = (at, over, door) => element(`li.step.step-${over ? 'done' : 'waits'}`, {},
  element('span.step-mark', { text: over ? '✓' : String(at + 1), 'aria-hidden': 'true' }),
  element('div.step-body', {}, element('p.step-head', {}, element('strong', { text: text('step.done') })), element('p.subtle', { text: text(`guide.done.what.${door}`) })));

function lozenge({ state, run, lacks }) {
  if (state === 'done') return element('span.lozenge.lozenge-success', { text: text('step.state.done') });
  if (run) return element(`span.lozenge.lozenge-${run.state === 'failed' ? 'error' : run.state === 'braked' ? 'warning' : 'news'}`, { text: text(`run.state.${run.state}`) });
  if (lacks.some((one) => /unreadable|expired/.test(one))) return element('span.lozenge.lozenge-error', { text: text('step.state.broken') });
  return element(`span.lozenge${state === 'now' ? '.lozenge-news' : ''}`, { text: text(`step.state.${state}`) });
}

function missing({ state, lacks, run, parts }) {
  if (run) return [element('p', { text: worded('reason', run.reason) || text(`step.told.${run.state}`) })];
  if (state === 'waits' && parts.length) return [element('p.subtle', { text: text('step.waits', { parts: parts.map((part) => text(`part.${part}`)).join(', ') }) })];
  return lacks.map((one) => element(`p${state === 'now' ? '' : '.subtle'}`, { text: text(`lacks.${one}`) }));
}

function acts({ name, state, parts, run }, enter) {
  if (state === 'waits') return [];
  const places = parts.length ? parts : [name];
  return [element('div.line', {}, ...places.map((place, at) =>
    button(run ? text('step.go.run') : placeWords(place), () => enter(place), state === 'now' && at === 0 ? 'main' : '')))];
}
