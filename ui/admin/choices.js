/** What there is to choose from in Jira and Assets, asked page by page and remembered while the page is open. */
import { call } from '../door.js';

const MOST_PAGES = 20;
const named = new Map();
const wholes = new Map();

/** One page: `{choices: [{id, name, …}], next_cursor}`. */
export async function choices(kind, query = '', cursor = '', signal) {
  const asked = new URLSearchParams({ kind, ...(query && { query }), ...(cursor && { cursor }) });
  const page = await call('GET', `settings/choices?${asked}`, { signal });
  page.choices.forEach((choice) => named.set(`${kind} ${choice.id}`, choice.name));
  return page;
}

/** All of a kind, or as many as a page can bear; `query` names what they lie within. */
export function allChoices(kind, query = '') {
  const place = `${kind} ${query}`;
  if (!wholes.has(place)) {
    const asking = gather(kind, query);
    wholes.set(place, asking);
    asking.catch(() => wholes.delete(place));
  }
  return wholes.get(place);
}

/** Another account sees other things: what is remembered is asked anew. */
export const forgetChoices = () => wholes.clear();

async function gather(kind, query) {
  const all = [];
  let cursor = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await choices(kind, query, cursor);
    all.push(...answer.choices);
    if (!answer.next_cursor) break;
    cursor = answer.next_cursor;
  }
  return all;
}

/** The name of an id that has been seen, else undefined. */
export const nameOf = (kind, id) => named.get(`${kind} ${id}`);

/** Where a choice belongs, to tell two of one name apart. */
export const placeOf = (choice) => choice.schema?.name ?? '';
