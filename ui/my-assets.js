/** The page of My Assets. It shows what the app answers; it decides nothing about who may see what. */
import { locale, start, timeZone } from './door.js';
import { element } from './elements.js';
import { controls } from './my-assets/controls.js';
import { list } from './my-assets/list.js';
import { speak, text } from './words.js';

async function open() {
  await speak((await locale()) || document.documentElement.lang, await timeZone());
  const page = document.getElementById('page');
  const rows = list({ clear: () => asking.clear(), useful: (are) => (asking.element.hidden = !are) });
  const asking = controls((query) => rows.ask(query));
  document.title = text('mine.title');
  page.replaceChildren(
    element('h1', { text: text('mine.title') }),
    element('p.lead', { text: text('mine.lead') }),
    asking.element, rows.element);
  page.removeAttribute('aria-busy');
  rows.onKnown((choices) => asking.offer(choices));
  start().catch(() => null); // the first call tells of it, with a way to try again
  await rows.ask(asking.query());
}

await open();
