/**
 * Jira's side of the frame: builds the frame, answers its script by messages, switches person,
 * theme and language. It answers only the frame it made, from that page's origin, on its channel.
 */
const PAGES = {
  administrator: [['my-assets', 'My Assets'], ['admin', 'Administration']],
  employee: [['my-assets', 'My Assets'], ['admin', 'Administration']],
  customer: [['my-assets-portal', 'My Assets']],
};
// What Forge allows its frames.
const FORGE_FRAME = 'allow-downloads allow-forms allow-modals allow-pointer-lock allow-same-origin allow-scripts';
const at = (id) => document.getElementById(id);
const wanted = new URLSearchParams(location.search);
const ask = async (path, init) => (await fetch(`/frame/ask/${path}`, init)).json();

const { people, door } = await ask('people');
let open = wanted.get('open') ?? 'my-assets';
let frame;
let origin;
let channel;

const person = () => people.find((one) => one.account === at('person').value);

at('person').replaceChildren(...people.map((one) => new Option(`${one.name} (${one.role})`, one.account)));
choose('person', wanted.get('as'));
choose('mode', wanted.get('mode'));
choose('language', wanted.get('loc'));
document.documentElement.dataset.mode = at('mode').value;

function choose(id, value) {
  if (value && [...at(id).options].some((option) => option.value === value)) at(id).value = value;
}

const shown = () => new URLSearchParams({ account: person().account, module: open, loc: at('language').value, tz: wanted.get('tz') ?? 'Europe/Berlin' });

async function show() {
  const pages = PAGES[person().role];
  if (!pages.some(([key]) => key === open)) [[open]] = pages;
  at('pages').replaceChildren(...pages.map(([key, name]) => tab(key, name)));
  const address = await ask(`address?${shown()}`);
  if (!address.url) {
    at('stage').replaceChildren(address.error);
    return;
  }
  ({ channel } = address);
  ({ origin } = new URL(address.url));
  frame = document.createElement('iframe');
  frame.title = 'My Assets';
  if (door === 'forge') {
    frame.name = channel;
    frame.sandbox = FORGE_FRAME;
    frame.classList.add('fills');
  }
  frame.src = address.url;
  at('stage').replaceChildren(frame);
}

function tab(key, name) {
  const made = document.createElement('button');
  made.textContent = name;
  if (key === open) made.setAttribute('aria-current', 'page');
  made.addEventListener('click', () => {
    open = key;
    show();
  });
  return made;
}

const jira = (asked) => ask(`jira?${shown()}`, { method: 'POST', body: JSON.stringify(asked) });
const theme = async () => ({ colorMode: at('mode').value });
/** A page may lead to this site only. */
const leadTo = (url) => new URL(url).origin === location.origin && window.open(url, '_blank', 'noopener');
const post = (message) => frame.contentWindow.postMessage({ channel, ...message }, origin);

const ANSWERS = {
  connect: {
    token: async () => (await ask(`token?account=${encodeURIComponent(person().account)}`)).token,
    theme,
    request: jira,
    currentUser: async () => ({ atlassianAccountId: person().account }),
    sizeToParent: async () => frame.classList.add('fills'),
    resize: async (width, height) => {
      frame.classList.remove('fills');
      frame.style.inlineSize = width;
      frame.style.blockSize = height;
    },
  },
  forge: {
    invoke: (payload) => ask(`remote?${shown()}`, { method: 'POST', body: JSON.stringify(payload) }),
    getContext: async () => ({ ...(await ask(`context?${shown()}`)), theme: await theme() }),
    theme,
    fetchProduct: async ({ restPath, fetchRequestInit }) => ({
      ...(await jira({ method: fetchRequestInit.method, path: restPath, body: fetchRequestInit.body })), headers: {}, statusText: '',
    }),
    navigate: async ({ url }) => void leadTo(url),
  },
}[door];

addEventListener('message', async (message) => {
  const { data } = message;
  if (message.origin !== origin || message.source !== frame?.contentWindow || data?.channel !== channel) return;
  if (!Object.hasOwn(ANSWERS, data.ask)) return;
  try {
    post({ answer: data.id, value: (await ANSWERS[data.ask](...data.values)) || null });
  } catch (error) {
    post({ answer: data.id, error: String(error) });
  }
});

at('person').addEventListener('change', show);
at('language').addEventListener('change', show);
at('mode').addEventListener('change', async () => {
  document.documentElement.dataset.mode = at('mode').value;
  post({ theme: await theme() });
});

await show();
