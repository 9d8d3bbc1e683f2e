/**
 * The one place that knows the host: here Jira with a Connect script. The Forge build puts another
 * module with the same exports in its place. Keeps no token: the host is asked before each call.
 */
import { answerOf } from './answer.js';
import { Problem } from './problem.js';

// The files of the pages lie below the app's base address, in a folder named after their content.
const API = import.meta.url.replace(/\/static\/(v[0-9a-f]+\/)?door\.js$/, '/api/');
const SCRIPT_WAIT_MS = 15_000;
const TOKEN_WAIT_MS = 15_000;
const ANSWER_WAIT_MS = 60_000;

const asked = new URLSearchParams(location.search);
let host;

/** The host's language, a BCP 47 tag; empty if it does not say. */
export const locale = async () => (asked.get('loc') ?? '').replace('_', '-');

/** The host's time zone, an IANA name; empty if it does not say. */
export const timeZone = async () => asked.get('tz') ?? '';

/** The import in Assets that the page was opened for, `{import_source_id, workspace_id}`; here never. */
export const importSource = async () => null;

/** Waits for the host's script, takes its theme and fills its frame. Throws Problem `connect`. */
export function start() {
  host ??= hostScript().then((AP) => {
    AP.theming?.initializeTheming?.();
    AP.sizeToParent?.();
    return AP;
  });
  return host;
}

/**
 * Asks the app. `path` is below `/api/`. Gives the answer's JSON, null for 204; throws Problem.
 * An aborted `signal` throws its AbortError. With the same `key` a write has one effect.
 */
export async function call(method, path, { body, signal, key } = {}) {
  const token = await contextToken();
  signal?.throwIfAborted();
  return answerOf(await send(method, path, { body, token, signal, key }), signal);
}

/** A file of the app, `{filename, content_type, content}`. Throws Problem. */
export async function file(path) {
  const answer = await send('GET', path, { token: await contextToken() });
  if (!answer.ok) throw await Problem.from(answer);
  const [, filename = 'my-assets'] = /filename="?([\w.-]+)"?/.exec(answer.headers.get('Content-Disposition') ?? '') ?? [];
  return { filename, content_type: answer.headers.get('Content-Type'), content: await answer.text() };
}

/** Opens an address of the site in a tab of its own. */
export const visit = async (url) => void globalThis.open(url, '_blank', 'noopener,noreferrer');

/**
 * What the reader likes, in a property of their own Jira account: asked and written as themselves,
 * so the app never sees it. Whatever Jira refuses is told by a rejection and no more.
 */
export const preferences = {
  read: async (key) => JSON.parse(await askJira('GET', key)).value,
  write: async (key, value) => void await askJira('PUT', key, JSON.stringify(value)),
};

async function askJira(type, key, data) {
  const AP = await start();
  const account = await new Promise((resolve) => AP.user.getCurrentUser(resolve));
  const url = `/rest/api/3/user/properties/${key}?accountId=${encodeURIComponent(account.atlassianAccountId)}`;
  return new Promise((resolve, reject) => {
    AP.request({ url, type, ...(data && { data, contentType: 'application/json' }), success: resolve, error: () => reject(new Error('Jira refused')) });
  });
}

async function send(method, path, { body, token, signal, key }) {
  const patience = AbortSignal.timeout(ANSWER_WAIT_MS);
  try {
    return await fetch(new URL(path, API), {
      method,
      headers: { Authorization: `JWT ${token}`, Accept: 'application/json', ...(body !== undefined && { 'Content-Type': 'application/json' }), ...(key && { 'Idempotency-Key': key }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'omit',
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw new Problem({ kind: error.name === 'TimeoutError' ? 'timed-out' : 'offline' });
  }
}

async function contextToken() {
  const AP = await start();
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Problem({ kind: 'connect' })), TOKEN_WAIT_MS);
    AP.context.getToken(resolve);
  });
}

/**
 * Ad blockers and networks do block this script: then say so instead of a blank page, and load it
 * anew when asked to try again. The id is where the script looks for its options.
 */
function hostScript() {
  if (globalThis.AP) return Promise.resolve(globalThis.AP);
  const script = document.createElement('script');
  script.id = 'ac-iframe-options';
  script.dataset.options = 'sizeToParent:true';
  script.src = document.getElementById('connect-script').href;
  return new Promise((resolve, reject) => {
    const blocked = () => {
      clearTimeout(patience);
      host = undefined;
      script.remove();
      reject(new Problem({ kind: 'connect' }));
    };
    const patience = setTimeout(blocked, SCRIPT_WAIT_MS);
    script.addEventListener('error', blocked);
    script.addEventListener('load', () => {
      clearTimeout(patience);
      if (globalThis.AP) resolve(globalThis.AP);
      else blocked();
    });
    document.head.append(script);
  });
}
