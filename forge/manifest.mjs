/** Fills the placeholders of manifest.yml: which app this is, and where its remote stands. */

const APP_ID = /^ari:cloud:ecosystem::app\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PLACEHOLDERS = {
  FORGE_APP_ID: 'ari:cloud:ecosystem::app/00000000-0000-0000-0000-000000000000',
  APP_BASE_URL: 'https://my-assets.example.com',
};

/** A sentence for each setting that is missing or wrong. */
export function missingFrom({ FORGE_APP_ID: id = '', APP_BASE_URL: address = '' }) {
  return [
    !APP_ID.test(id) && 'FORGE_APP_ID must be the app as Atlassian names it: ari:cloud:ecosystem::app/<uuid>.',
    !isAddress(address) && 'APP_BASE_URL must be the public address of the app: https://…, without a query.',
  ].filter(Boolean);
}

function isAddress(text) {
  try {
    const url = new URL(text);
    return url.protocol === 'https:' && url.search === '' && url.hash === '' && url.username === '';
  } catch {
    return false;
  }
}

/** The manifest with both filled in. Throws where a placeholder does not stand exactly once. */
export function manifestFor(source, settings) {
  return Object.entries(PLACEHOLDERS).reduce((text, [name, placeholder]) => {
    const parts = text.split(placeholder);
    if (parts.length !== 2) throw new Error(`manifest.yml must name ${placeholder} once`);
    return parts.join(settings[name].replace(/\/$/, ''));
  }, source);
}
