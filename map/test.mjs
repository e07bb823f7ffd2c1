// Runs the unit tests of src/*.test.ts, bundled, since Node 20 reads no TypeScript.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

process.chdir(import.meta.dirname);
const folder = await mkdtemp(join(tmpdir(), 'map-'));
const files = (await readdir('src')).filter((name) => name.endsWith('.test.ts'));
await build({
  entryPoints: files.map((name) => join('src', name)),
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  sourcemap: 'inline',
});
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--test', folder], { stdio: 'inherit' });
await rm(folder, { recursive: true });
process.exit(status ?? 1);
