/**
 * Stand-in of the Connect script: the part of `AP` that the pages use, talking to the host by
 * messages. Like the real one it keeps nothing and speaks only to the origin in `xdm_e`.
 */
(() => {
  const asked = new URLSearchParams(location.search);
  const host = asked.get('xdm_e');
  const channel = asked.get('xdm_c');
  const waiting = new Map();
  let serial = 0;

  const ask = (name, ...values) => new Promise((resolve) => {
    serial += 1;
    waiting.set(serial, resolve);
    parent.postMessage({ channel, ask: name, id: serial, values }, host);
  });

  const paint = ({ colorMode }) => {
    document.documentElement.dataset.colorMode = colorMode;
    document.documentElement.dataset.theme = 'light:light dark:dark';
  };

  addEventListener('message', ({ origin, source, data }) => {
    if (origin !== host || source !== parent || data?.channel !== channel) return;
    if (data.theme) paint(data.theme);
    waiting.get(data.answer)?.(data.value);
    waiting.delete(data.answer);
  });

  const request = async ({ url, type = 'GET', data, success, error }) => {
    const { status, body } = await ask('request', { method: type, path: url, body: data });
    if (status < 400) success?.(body);
    else error?.({ status, responseText: body });
  };

  globalThis.AP = {
    user: { getCurrentUser: (tell) => { ask('currentUser').then(tell); } },
    request,
    context: { getToken: (tell) => { ask('token').then(tell); } },
    theming: { initializeTheming: () => { ask('theme').then(paint); } },
    sizeToParent: () => { ask('sizeToParent'); },
    resize: (width, height) => { ask('resize', String(width), String(height)); },
  };
})();
