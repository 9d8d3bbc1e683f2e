/**
 * The door to a Jira that runs this page as Custom UI: everything goes through Forge, which adds who
 * is asking. The Forge build puts this module in the place of `ui/door.js`. Keeps no token, sees none.
 */
import { answerOf } from '../ui/answer.js';
import { Problem } from '../ui/problem.js';

const CONTEXT_WAIT_MS = 10_000;
const ANSWER_WAIT_MS = 30_000; // Forge itself gives up after 25 s
const MOST_BYTES = 500_000; // of a request, says Forge: more is refused before it is sent
const MAY_HAVE_STATUS = { from: 200, below: 600 };

let host;
let told;

/** The host's language, a BCP 47 tag; empty if it does not say. */
export const locale = async () => String((await context()).locale ?? '').replace('_', '-');

/** The host's time zone, an IANA name; empty if it does not say. */
export const timeZone = async () => String((await context()).timezone ?? '');

/**
 * The import in Assets that the page was opened for, `{import_source_id, workspace_id}`, or null.
 * A suggestion for a form and no more: a browser can change it, and whether Assets tells a page what
 * it tells functions is not documented.
 */
export async function importSource() {
  const { importId, workspaceId } = (await context()).extension ?? {};
  return importId && workspaceId ? { import_source_id: String(importId), workspace_id: String(workspaceId) } : null;
}

/** Finds the bridge that Forge puts into the page and takes the host's theme. Throws Problem `bridge`. */
export function start() {
  host ??= bridge().then((found) => {
    found.view.theme.enable().catch(() => null); // the fallback colours carry the page
    return found;
  });
  return host;
}

/**
 * Asks the app. `path` is below `/api/`. Gives the answer's JSON, null for 204; throws Problem.
 * An aborted `signal` throws its AbortError; Forge cannot be stopped, so its answer is dropped. With
 * the same `key` a write has one effect.
 */
export async function call(method, path, { body, signal, key } = {}) {
  const { invokeRemote } = await start();
  signal?.throwIfAborted();
  if (body !== undefined && tooLarge(body)) throw new Problem({ status: 413 });
  const asked = { path: `/api/${path}`, method, headers: headersFor(body, key), ...(body !== undefined && { body }) };
  return answerOf(responseOf(await within(ANSWER_WAIT_MS, invokeRemote(asked), signal)), signal);
}

/** A file of the app, `{filename, content_type, content}`: Forge carries JSON only. Throws Problem. */
export const file = (path) => call('GET', path);

/** Opens an address of the site in a tab of its own: Forge does, its frame may not. */
export const visit = async (url) => (await start()).router.open(url);

/**
 * What the reader likes, in a property of their own Jira account: asked and written as themselves,
 * so the app never sees it. Whatever Jira refuses is told by a rejection and no more.
 */
export const preferences = {
  read: async (key) => (await (await askJira('GET', key)).json()).value,
  write: async (key, value) => void await askJira('PUT', key, JSON.stringify(value)),
};

async function askJira(method, key, body) {
  const { requestJira } = await start();
  const { accountId } = await context();
  const path = `/rest/api/3/user/properties/${key}?accountId=${encodeURIComponent(accountId)}`;
  const answer = await requestJira(path, { method, headers: headersFor(body), ...(body && { body }) });
  if (!answer.ok) throw new Error('Jira refused');
  return answer;
}

const headersFor = (body, key) => ({
  Accept: 'application/json', ...(body !== undefined && { 'Content-Type': 'application/json' }), ...(key && { 'Idempotency-Key': key }),
});

const tooLarge = (body) => new TextEncoder().encode(JSON.stringify(body)).length > MOST_BYTES;

/** Gives what `asking` gives. Throws Problem `timed-out` or `offline`, or the signal's AbortError. */
function within(milliseconds, asking, signal) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Problem({ kind: 'timed-out' })), milliseconds);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    asking.then(resolve, () => reject(new Problem({ kind: 'offline' }))).finally(() => clearTimeout(late));
  });
}

/** Forge gives `{status, headers, body}`; without a status it is Forge that failed, not the app. */
function responseOf({ status, headers = {}, body }) {
  if (!(status >= MAY_HAVE_STATUS.from && status < MAY_HAVE_STATUS.below)) throw new Problem({ kind: 'failed' });
  const wait = Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after');
  return new Response(status === 204 ? null : textOf(body), { status, headers: wait ? { 'Retry-After': String(wait[1]) } : {} });
}

const textOf = (body) => (typeof body === 'string' ? body : JSON.stringify(body ?? null));

/** Imported late: the package throws at once where there is no bridge, and the page has to say so. */
function bridge() {
  return import('@forge/bridge').catch(() => {
    host = undefined;
    throw new Problem({ kind: 'bridge' });
  });
}

/** What Forge says about the page and its reader; nothing is decided by it. Empty if it says nothing. */
function context() {
  told ??= start().then(({ view }) => within(CONTEXT_WAIT_MS, view.getContext())).catch(() => ({}));
  return told.then((known) => known ?? {});
}
