/** German. Same keys as every other language; a test holds them together. */
import administration from './de/administration.js';
import imports from './de/imports.js';
import myAssets from './de/my-assets.js';
import oneAsset from './de/one-asset.js';
import reasons from './de/reasons.js';
import said from './de/said.js';
import setUp from './de/set-up.js';
import shared from './de/shared.js';
import stored from './de/stored.js';
import visibility from './de/visibility.js';

export default { ...shared, ...myAssets, ...oneAsset, ...administration, ...imports, ...reasons, ...said, ...setUp, ...stored, ...visibility };
