/**
 * Stand-in of what Forge puts into a Custom UI page: `callBridge`, answered by the page's host.
 * It keeps nothing and speaks only to the origin that its own address names.
 */
(() => {
  const host = new URL(document.currentScript.src).searchParams.get('host');
  const channel = window.name; // the frame's, given by the host
  const waiting = new Map();
  let serial = 0;
  let themed = false;

  const ask = (name, payload) => new Promise((resolve, reject) => {
    serial += 1;
    waiting.set(serial, { resolve, reject });
    parent.postMessage({ channel, ask: name, id: serial, values: [payload] }, host);
  });

  const paint = ({ colorMode }) => {
    document.documentElement.dataset.colorMode = colorMode;
    document.documentElement.dataset.theme = 'light:light dark:dark';
  };

  addEventListener('message', ({ origin, source, data }) => {
    if (origin !== host || source !== parent || data?.channel !== channel) return;
    if (data.theme && themed) paint(data.theme);
    const asked = waiting.get(data.answer);
    waiting.delete(data.answer);
    if (data.error) asked?.reject(new Error(data.error));
    else asked?.resolve(data.value);
  });

  const COMMANDS = {
    invoke: (payload) => ask('invoke', payload),
    getContext: () => ask('getContext'),
    fetchProduct: (payload) => ask('fetchProduct', payload),
    navigate: (payload) => ask('navigate', payload),
    enableTheming: async () => {
      themed = true;
      paint(await ask('theme'));
    },
  };

  globalThis.__bridge = {
    callBridge: async (command, payload) => {
      if (!Object.hasOwn(COMMANDS, command)) throw new Error(`This Forge does not play "${command}".`);
      return COMMANDS[command](payload);
    },
  };
})();
