/** The page of My Assets. It shows what the app answers; it decides nothing about who may see what. */
import { locale, start, timeZone } from './door.js';
import { element } from './elements.js';
import { columns } from './my-assets/columns.js';
import { controls } from './my-assets/controls.js';
import { whyMissing } from './my-assets/explaining.js';
import { exporting } from './my-assets/exporting.js';
import { list } from './my-assets/list.js';
import { prefer, readPreferences } from './my-assets/preferences.js';
import { speak, text } from './words.js';

async function open() {
  const [liked] = await Promise.all([readPreferences(), spoken()]);
  const page = document.getElementById('page');
  const now = { ...liked };
  const keep = (change) => {
    Object.assign(now, change);
    prefer(change);
  };
  const rows = list({
    clear: () => asking.clear(),
    useful: (are) => [asking.element, beside].forEach((one) => (one.hidden = !are)),
    known: (known) => {
      asking.offer(known);
      chosen.offer(known.names);
    },
    liked: () => now,
    choose: (id) => asking.choose(id),
  });
  const asking = controls((query) => rows.ask(query), liked, keep);
  const chosen = columns(liked.columns, (names) => {
    keep({ columns: names });
    rows.choose(names);
  });
  const beside = element('div.beside', {}, chosen.element, exporting(() => rows.query()));
  page.replaceChildren(
    element('h1', { text: text('mine.title') }),
    element('p.lead', { text: text('mine.lead') }),
    asking.element, beside, rows.element, whyMissing());
  page.removeAttribute('aria-busy');
  start().catch(() => null); // the first call tells of it, with a way to try again
  await rows.ask(asking.query());
}

async function spoken() {
  await speak((await locale()) || document.documentElement.lang, await timeZone());
  document.title = text('mine.title');
}

await open();
