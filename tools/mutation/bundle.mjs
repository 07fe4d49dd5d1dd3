// Makes one file of the tests about the core, so that Jest has little to load for each of the mutants.
import { build } from 'esbuild'
import { existsSync, readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

const OUT = 'tools/mutation/bundle'
const TESTS = '__tests__'
/** These are about the fake, the demo, the READMEs and the types, and not about what is mutated; or they need sockets. */
const OTHERS = ['demo', 'e2e', 'fuzz', 'recipes', 'testing', 'types']
/** These take longest, so they come last, when nothing else has found the mutant. */
const SLOW = ['law-01-one-login', 'properties'].map((name) => join('laws', `${name}.test.ts`))

const files = readdirSync(TESTS, { recursive: true })
  .filter((file) => file.endsWith('.test.ts') && !OTHERS.some((folder) => file.startsWith(join(folder, '/'))))
  .sort((one, other) => SLOW.indexOf(one) - SLOW.indexOf(other) || (one < other ? -1 : 1))

const contents = [
  // Shrinking is for people to read; a mutant is dead at the first story that fails.
  "require('fast-check').configureGlobal({ endOnFailure: true })",
  ...files.map(
    (file) => `describe(${JSON.stringify(file)}, () => void require(${JSON.stringify(`./${file}`)}))`,
  ),
]

/** The sources stay out of the tests' file: it is the same with and without mutants, and Stryker sees what is new in it. */
const sourcesApart = {
  name: 'sources apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/src(\/|$)/ }, ({ path, resolveDir }) => {
      const inside = relative('src', resolve(resolveDir, path))
      return {
        path: `./src/${existsSync(join('src', `${inside}.ts`)) ? inside : join(inside, 'index')}.js`,
        external: true,
      }
    })
  },
}

const options = {
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  tsconfig: 'tsconfig.jest.json',
  logLevel: 'warning',
}
await build({ ...options, entryPoints: ['src/**/*.ts'], outdir: `${OUT}/src` })
await build({
  ...options,
  stdin: { contents: contents.join('\n'), resolveDir: TESTS },
  outfile: `${OUT}/all.test.js`,
  bundle: true,
  plugins: [sourcesApart],
})
