// Builds ../app/static from src/ and the packages pinned in package-lock.json.
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { parse } from 'graphql';

process.chdir(import.meta.dirname);
const OUT = '../app/static';
const URL_PREFIX = '/static/graphiql/';
const SWAGGER = 'node_modules/swagger-ui-dist';

async function examples() {
  const folder = 'src/examples';
  const files = (await readdir(folder)).filter((name) => name.endsWith('.graphql')).sort();
  return Promise.all(
    files.map(async (name) => {
      const query = await readFile(join(folder, name), 'utf8');
      parse(query, { noLocation: true });
      const title = /^# (.+)/.exec(query)?.[1];
      if (!title) throw new Error(`${name} has to start with "# its title"`);
      const beside = join(folder, name.replace(/graphql$/, 'variables.json'));
      const variables = existsSync(beside) ? await readFile(beside, 'utf8') : '';
      if (variables) JSON.parse(variables);
      return { title, query, variables };
    }),
  );
}

async function buildGraphiql() {
  const entries = {
    main: 'src/main.jsx',
    'editor.worker': 'node_modules/monaco-editor/esm/vs/editor/editor.worker.js',
    'graphql.worker': 'node_modules/monaco-graphql/esm/graphql.worker.js',
    'json.worker': 'node_modules/monaco-editor/esm/vs/language/json/json.worker.js',
  };
  const { metafile } = await build({
    entryPoints: Object.entries(entries).map(([out, path]) => ({ in: path, out })),
    outdir: `${OUT}/graphiql`,
    publicPath: URL_PREFIX,
    entryNames: '[name]-[hash]',
    chunkNames: 'chunk-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    target: ['chrome111', 'firefox114', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none', // LICENSES/THIRD_PARTY.txt carries them all
    jsx: 'automatic',
    loader: { '.ttf': 'file', '.woff2': 'file' },
    alias: {
      'prettier/parser-babel': './src/json-format.js',
      'prettier/plugins/estree': './src/json-format.js',
      'prettier/parser-graphql': 'prettier/plugins/graphql',
    },
    define: {
      'process.env.NODE_ENV': '"production"',
      EXAMPLES: JSON.stringify(await examples()),
    },
    metafile: true,
    logLevel: 'warning',
  });

  const outputs = Object.entries(metafile.outputs);
  const find = (name) => outputs.find(([, { entryPoint }]) => entryPoint === entries[name]);
  const url = (path) => URL_PREFIX + basename(path);
  const [js, { cssBundle }] = find('main');
  const fill = {
    MAIN_CSS: url(cssBundle),
    MAIN_JS: url(js),
    EDITOR_WORKER: url(find('editor.worker')[0]),
    GRAPHQL_WORKER: url(find('graphql.worker')[0]),
    JSON_WORKER: url(find('json.worker')[0]),
  };
  const html = await readFile('src/graphiql.html', 'utf8');
  await writeFile(`${OUT}/graphiql/index.html`, html.replace(/\{([A-Z_]+)\}/g, (_, key) => fill[key]));

  // esbuild also writes a style sheet for each lazy chunk; the page's own one holds them all.
  for (const [path] of outputs) {
    if (path.endsWith('.css') && path !== cssBundle) await rm(path);
  }
  return outputs.flatMap(([, { inputs }]) =>
    Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0),
  );
}

async function buildDocs() {
  await cp('src/docs', `${OUT}/docs`, { recursive: true });
  for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css']) {
    const text = await readFile(join(SWAGGER, name), 'utf8');
    // The source maps are not shipped.
    await writeFile(`${OUT}/docs/${name}`, text.replace(/\n?(\/\/|\/\*)# sourceMappingURL=.*\s*$/, '\n'));
  }
}

async function writeLicenses(bundledFiles) {
  const folders = new Set([SWAGGER]);
  for (const path of bundledFiles) {
    const [folder] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path) ?? [];
    if (folder) folders.add(folder);
  }
  // Many packages share one text word for word; each text is written once, under all their names.
  const byText = new Map();
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
    const files = readdirSync(folder)
      .filter((file) => /^(licen[sc]e|notice|third-?party)/i.test(file) || /-bundle\.js\.LICENSE\.txt$/.test(file))
      .filter((file) => !/^swagger-ui-es-/.test(file))
      .sort();
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    const text = texts.map((part) => part.replaceAll('\r\n', '\n').trim()).join('\n\n')
      || `No license file in the package; its package.json declares: ${license}`;
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const rule = '='.repeat(80);
  const sections = [...byText].map(([text, names]) => `${rule}\n${names.join('\n')}\n${rule}\n\n${text}\n`);
  await mkdir(`${OUT}/LICENSES`, { recursive: true });
  await writeFile(
    `${OUT}/LICENSES/THIRD_PARTY.txt`,
    `Packages bundled in the pages under /static, with their licenses.\n\n${sections.join('\n')}`,
  );
}

for (const folder of ['graphiql', 'docs', 'LICENSES']) {
  await rm(`${OUT}/${folder}`, { recursive: true, force: true });
}
const bundledFiles = await buildGraphiql();
await buildDocs();
await cp('src/favicon.svg', `${OUT}/favicon.svg`);
await writeLicenses(bundledFiles);
