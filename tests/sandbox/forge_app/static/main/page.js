const { callBridge } = globalThis.__bridge;
await callBridge('enableTheming');
const { locale, accountId } = await callBridge('getContext');
const asked = { path: '/api/echo', method: 'POST', body: { from: accountId }, invokeType: 'ui-remote-fetch' };
const { success, payload } = await callBridge('invoke', asked);
const unknown = await callBridge('openModal', {}).catch((error) => error.message);
document.querySelector('output').textContent = [success, payload.status, payload.body.path, locale, unknown].join(' ');
