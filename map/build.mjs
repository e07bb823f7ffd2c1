// Builds ../app/static/map: the page, its stored operations and the licenses of what is bundled. Same sources, same bytes.
import { createHash } from 'node:crypto';
import { readFile, readdir, rm, writeFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { texts } from './operations.mjs';

process.chdir(import.meta.dirname);
const OUT = process.env.OUT ?? '../app/static/map';
const URL_PREFIX = '/static/map/';

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });

const { metafile } = await build({
  entryPoints: { map: 'src/main.tsx' },
  outdir: OUT,
  entryNames: '[name]-[hash]',
  bundle: true,
  format: 'esm',
  minify: true,
  target: ['chrome111', 'firefox114', 'safari16.4'],
  charset: 'utf8',
  legalComments: 'none', // LICENSES.txt carries them all
  jsx: 'automatic',
  jsxImportSource: 'preact',
  metafile: true,
  logLevel: 'warning',
});

const [[script, { cssBundle, inputs }]] = Object.entries(metafile.outputs).filter(([, { entryPoint }]) => entryPoint);
const icon = await readFile('src/icon.svg');
const iconName = `icon-${createHash('sha256').update(icon).digest('hex').slice(0, 8)}.svg`;
await writeFile(join(OUT, iconName), icon);

const fill = { ICON: iconName, CSS: basename(cssBundle), JS: basename(script) };
const html = await readFile('src/index.html', 'utf8');
await writeFile(join(OUT, 'index.html'), html.replace(/\{([A-Z]+)\}/g, (_, key) => URL_PREFIX + fill[key]));
await writeFile(join(OUT, 'operations.json'), `${JSON.stringify(texts, null, 2)}\n`);
await writeFile(join(OUT, 'LICENSES.txt'), await licenses(Object.keys(inputs)));

for (const path of [script, cssBundle]) {
  console.log(`${basename(path)}: ${gzipSync(await readFile(path), { level: 9 }).length} bytes in gzip`);
}

async function licenses(files) {
  const folders = new Set(files.flatMap((path) => /^node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  const sections = await Promise.all(
    [...folders].sort().map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
      const file = (await readdir(folder)).find((each) => /^licen[sc]e/i.test(each));
      return `${name} ${version} (${license})\n\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`;
    }),
  );
  return `Packages bundled in the map, with their licenses.\n\n${sections.join(`\n${'='.repeat(80)}\n\n`)}`;
}
