/** Unsaved rules tried out while they are edited: what one person would see, and whom it concerns. Saves nothing. */
import { announce } from '../../announce.js';
import { call } from '../../door.js';
import { element } from '../../elements.js';
import { trouble } from '../../trouble.js';
import { text } from '../../words.js';
import { effectOf, effectSaid } from './effect.js';
import { looking } from './person.js';
import { previewOf, previewSaid } from './preview.js';

const PAUSE_MS = 700;

/** @param {function(): object} read gives the rules as they stand in the form */
export function trial(read) {
  const effect = pane('effect', (signal) => call('POST', 'settings/visibility/effect', { body: read(), signal }), effectOf, effectSaid);
  const person = looking(() => preview.ask(true));
  const asked = () => ({ person: person.id(), visibility: read() });
  const preview = pane('preview', (signal) => call('POST', 'settings/visibility/preview', { body: asked(), signal }),
    (answer) => previewOf(answer, person.name()), (answer) => previewSaid(answer, person.name()), person.element);
  const both = [effect, preview];
  let pause;
  let opened = false;

  /** Something was typed: what is under way answers another question by now. */
  function changed() {
    if (!opened) return;
    clearTimeout(pause);
    both.forEach((one) => one.wait());
    pause = setTimeout(() => tell(both.map((one) => one.ask())), PAUSE_MS);
  }

  /** The first look, or what was saved meanwhile: nobody waits for it, so nobody is told. */
  function look() {
    clearTimeout(pause);
    opened = true;
    both.forEach((one) => one.ask());
  }

  const whole = element('div.trial', {}, effect.element, preview.element);
  return { element: whole, changed, look, written: () => opened && look() };
}

async function tell(asked) {
  const said = (await Promise.all(asked)).filter(Boolean);
  if (said.length) announce(said.join(' '));
}

/** One answer of the app: `ask` gives the words for who does not see it, nothing if it was overtaken or failed. */
function pane(name, request, draw, words, ...above) {
  const shown = element('div.stack');
  const busy = element('p.subtle.trial-busy');
  const whole = element('section.trial-pane.stack', { 'aria-label': text(`trial.${name}`) },
    element('div.trial-head', {}, element('h3', { text: text(`trial.${name}`) }), busy), ...above, shown);
  let current = new AbortController();

  function wait() {
    current.abort();
    whole.setAttribute('aria-busy', 'true');
    busy.textContent = text('trial.busy');
  }

  function done(...children) {
    shown.replaceChildren(...children);
    whole.removeAttribute('aria-busy');
    busy.textContent = '';
  }

  async function ask(aloud = false) {
    wait();
    const mine = (current = new AbortController());
    try {
      const answer = await request(mine.signal);
      if (mine.signal.aborted) return null;
      done(...draw(answer));
      if (aloud) announce(words(answer));
      return words(answer);
    } catch (error) {
      if (!mine.signal.aborted) done(failure(error));
      return null;
    }
  }

  /** What is not accepted yet is named at its field by `check` and `save`; here it only waits. */
  function failure(error) {
    if (error.kind === 'input') return element('p', { text: text('trial.not-yet') });
    return trouble(error, { again: () => ask(), topic: 'admin' });
  }

  return { element: whole, wait, ask };
}
