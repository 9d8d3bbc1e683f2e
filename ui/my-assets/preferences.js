/**
 * What the reader likes: order, columns, groups. Kept in their Jira; without that for this visit only.
 * On Connect that is always so: writing takes the scope WRITE, with which the app could change every issue.
 */
import { preferences } from '../door.js';

const KEY = 'my-assets-for-jira';
const PATIENCE_MS = 1000;
const ORDERS = ['label', '-label', 'object_type', '-updated_at', 'updated_at'];
const MOST_COLUMNS = 12;
const PLAIN = { sort: 'label', grouped: false, columns: [] };

let liked = PLAIN;

/** Rows wait for this: so it gives up soon, and takes only what it knows of what it finds. */
export async function readPreferences() {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  liked = cleaned(await Promise.race([preferences.read(KEY).catch(() => null), late]));
  return liked;
}

/** Keeps a change. Who may not keep it in Jira has it until the page is left. */
export function prefer(change) {
  liked = { ...liked, ...change };
  preferences.write(KEY, liked).catch(() => null);
}

function cleaned(found) {
  const { sort, grouped, columns } = found ?? {};
  return {
    sort: ORDERS.includes(sort) ? sort : PLAIN.sort,
    grouped: grouped === true,
    columns: Array.isArray(columns) ? columns.filter((one) => typeof one === 'string' && one.length <= 255).slice(0, MOST_COLUMNS) : [],
  };
}

export { MOST_COLUMNS, ORDERS };
