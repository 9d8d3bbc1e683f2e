/**
 * Jira's side of the frame: builds the frame, answers its script by messages, switches person,
 * theme and language. It answers only the frame it made, from the app's origin, on its channel.
 */
const PAGES = {
  administrator: [['my-assets', 'My Assets'], ['admin', 'Administration']],
  employee: [['my-assets', 'My Assets'], ['admin', 'Administration']],
  customer: [['my-assets-portal', 'My Assets']],
};
const at = (id) => document.getElementById(id);
const wanted = new URLSearchParams(location.search);
const ask = async (path) => (await fetch(`/frame/ask/${path}`)).json();

const { people, app } = await ask('people');
const appOrigin = new URL(app).origin;
let open = wanted.get('open') ?? 'my-assets';
let frame;
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

async function show() {
  const pages = PAGES[person().role];
  if (!pages.some(([key]) => key === open)) [[open]] = pages;
  at('pages').replaceChildren(...pages.map(([key, name]) => tab(key, name)));
  const query = new URLSearchParams({ account: person().account, module: open, loc: at('language').value, tz: wanted.get('tz') ?? 'Europe/Berlin' });
  const address = await ask(`address?${query}`);
  if (!address.url) {
    at('stage').replaceChildren(address.error);
    return;
  }
  channel = address.channel;
  frame = document.createElement('iframe');
  frame.title = 'My Assets';
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

const theme = () => ({ colorMode: at('mode').value });
const post = (message) => frame.contentWindow.postMessage({ channel, ...message }, appOrigin);

const ANSWERS = {
  token: async () => (await ask(`token?account=${encodeURIComponent(person().account)}`)).token,
  theme: async () => theme(),
  sizeToParent: async () => frame.classList.add('fills'),
  resize: async (width, height) => {
    frame.classList.remove('fills');
    frame.style.inlineSize = width;
    frame.style.blockSize = height;
  },
};

addEventListener('message', async ({ origin, source, data }) => {
  if (origin !== appOrigin || source !== frame?.contentWindow || data?.channel !== channel) return;
  if (!Object.hasOwn(ANSWERS, data.ask)) return;
  post({ answer: data.id, value: (await ANSWERS[data.ask](...data.values)) || null });
});

at('person').addEventListener('change', show);
at('language').addEventListener('change', show);
at('mode').addEventListener('change', () => {
  document.documentElement.dataset.mode = at('mode').value;
  post({ theme: theme() });
});

await show();
