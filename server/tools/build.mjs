// dist/esm and dist/cjs, each with its types, by the compiler alone: nothing is bundled, so nothing is loaded that
// is not imported.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('..', import.meta.url))
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

rmSync(join(FOLDER, 'dist'), { recursive: true, force: true })
for (const format of ['esm', 'cjs']) {
  execFileSync(process.execPath, [tsc, '-p', join(FOLDER, `tsconfig.${format}.json`)], { stdio: 'inherit' })
}
writeFileSync(join(FOLDER, 'dist/cjs/package.json'), '{ "type": "commonjs" }\n')

// The compiler turns './room.ts' into './room.js' in code and leaves it in declarations.
for (const name of readdirSync(join(FOLDER, 'dist'), { recursive: true })) {
  if (!name.endsWith('.d.ts')) continue
  const file = join(FOLDER, 'dist', name)
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(/(['"]\.{1,2}\/[^'"]*)\.ts(['"])/g, '$1.js$2'))
}

const bin = join(FOLDER, 'dist/esm/cli/main.js')
if (existsSync(bin)) chmodSync(bin, 0o755)
