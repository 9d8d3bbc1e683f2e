/** English. Same keys as every other language; a test holds them together. */
import administration from './en/administration.js';
import imports from './en/imports.js';
import myAssets from './en/my-assets.js';
import oneAsset from './en/one-asset.js';
import reasons from './en/reasons.js';
import said from './en/said.js';
import setUp from './en/set-up.js';
import shared from './en/shared.js';
import stored from './en/stored.js';
import visibility from './en/visibility.js';

export default { ...shared, ...myAssets, ...oneAsset, ...administration, ...imports, ...reasons, ...said, ...setUp, ...stored, ...visibility };
