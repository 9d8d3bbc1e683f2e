/**
 * Makes build/forge, the folder that `forge deploy` takes, from the very files the app serves itself:
 * `ui/` with another door. The same input gives the same bytes.
 *
 *   node forge/bundle.mjs [--pages] [--to FOLDER]    `--pages`: the pages alone, for the sandbox
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { manifestFor, missingFrom } from './manifest.mjs';

const FORGE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(FORGE);
const UI = join(ROOT, 'ui');
const PAGES = { main: 'my-assets', admin: 'admin' };
const LANGUAGE = 'en'; // until the host has said which

const otherDoor = {
  name: 'the door to Forge',
  setup(building) {
    building.onLoad({ filter: /[\\/]ui[\\/]door\.js$/ }, async () => ({
      contents: await readFile(join(FORGE, 'door.js'), 'utf8'), resolveDir: FORGE, loader: 'js',
    }));
  },
};

async function page(to, name) {
  const source = await readFile(join(UI, 'page.html'), 'utf8');
  await mkdir(to, { recursive: true });
  await bundle({ entryPoints: [join(UI, `${name}.js`)], outfile: join(to, 'page.js'), format: 'esm', plugins: [otherDoor] });
  const imports = stylesOf(source, name).map((style) => `@import "./${style}";`).join('\n');
  await bundle({ stdin: { contents: imports, resolveDir: UI, loader: 'css' }, outfile: join(to, 'page.css') });
  await writeFile(join(to, 'index.html'), htmlOf(source));
  await cp(join(FORGE, 'icon.svg'), join(to, 'icon.svg'));
}

const bundle = (options) => build({
  bundle: true, minify: true, charset: 'utf8', target: 'es2023', logLevel: 'warning', absWorkingDir: ROOT, ...options,
});

const stylesOf = (source, name) => [...source.matchAll(/rel="stylesheet" href="\{\{static\}\}\/([^"]+)"/g)]
  .map(([, style]) => style.replace('{{page}}', name));

/** One style, one script, both beside the page; what only the other door needs is left out. */
function htmlOf(source) {
  const lines = source.split('\n').filter((line) => !/rel="(modulepreload|preload)"/.test(line));
  const first = lines.findIndex((line) => line.includes('rel="stylesheet"'));
  const made = lines.filter((line, at) => at <= first || !line.includes('rel="stylesheet"')).join('\n')
    .replace(/href="[^"]+\.css"/, 'href="page.css"')
    .replace(/src="[^"]+\.js"/, 'src="page.js"')
    .replaceAll('{{lang}}', LANGUAGE);
  const left = made.match(/\{\{\w+\}\}|"\/[^"]*"/);
  if (left) throw new Error(`ui/page.html has changed: ${left[0]} has no meaning in a Forge page`);
  return made;
}

async function pages(to) {
  await rm(to, { recursive: true, force: true });
  await Promise.all(Object.entries(PAGES).map(([folder, name]) => page(join(to, folder), name)));
}

async function functions(to) {
  await mkdir(join(to, 'src'), { recursive: true });
  await cp(join(FORGE, 'index.js'), join(to, 'src', 'index.js'));
  await cp(join(FORGE, 'package.json'), join(to, 'package.json'));
}

async function whole(to, settings) {
  const missing = missingFrom(settings);
  if (missing.length) {
    console.error(missing.join('\n'));
    process.exit(2);
  }
  await rm(to, { recursive: true, force: true });
  await Promise.all([pages(join(to, 'static')), functions(to)]);
  const manifest = await readFile(join(ROOT, 'manifest.yml'), 'utf8');
  await writeFile(join(to, 'manifest.yml'), manifestFor(manifest, settings));
}

const { values: asked } = parseArgs({ options: { pages: { type: 'boolean' }, to: { type: 'string' } } });
const to = asked.to ? resolve(asked.to) : join(ROOT, 'build', 'forge');
await (asked.pages ? pages(join(to, 'static')) : whole(to, process.env));
