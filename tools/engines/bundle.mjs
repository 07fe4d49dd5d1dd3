import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { builtTests } from '../build/built-tests.mjs'

export const root = path.resolve(import.meta.dirname, '../..')
const INSIDE = path.join(import.meta.dirname, 'inside')
/** What only Node has. */
const OF_NODE = /from 'node:(?!util')|process\.on\(/

/**
 * The tests of the laws, those of streams and sockets too, and of the cases that once broke them. Those that
 * watch the memory or the process ask Node for it, and stay there: a shell has neither its garbage collector's handle nor `node:v8`.
 */
export function lawTests() {
  return (
    ['laws', 'cases', 'stream', 'socket']
      .map((folder) => path.join(root, '__tests__', folder))
      .filter((folder) => existsSync(folder))
      .flatMap((folder) => readdirSync(folder, { recursive: true }).map((file) => path.join(folder, file)))
      .filter((file) => file.endsWith('.test.ts') && path.basename(file) !== 'properties.test.ts')
      .filter((file) => !OF_NODE.test(readFileSync(file, 'utf8')))
      // The entries' rooms would bring a core of their own.
      .filter((file) => !/__tests__\/(stream|socket)\//.test(file) || builtTests().includes(file))
      .sort()
  )
}

/** What the engines run in one file: the laws' tests, then so many stories. */
export const lawsScript = ({ runs, seed, promises }) =>
  bundle({
    promises,
    code: [
      `import { runTests } from './harness.mjs'`,
      ...lawTests().map((file) => `import ${JSON.stringify(file)}`),
      `import { tellStories } from ${JSON.stringify(path.join(root, '__tests__/laws/story.ts'))}`,
      `import { say } from './shell.mjs'`,
      `start(async () => {
        const tests = await runTests()
        say({ begun: 'the stories' })
        const stories = ${runs} > 0 ? await tellStories(${runs}, ${seed}) : { runs: 0 }
        say({ done: { tests, stories } })
      })`,
    ].join('\n'),
  })

/**
 * A script for an engine without modules: the built package, the fake WeChat from its source. `code` calls `start()`
 * of the prelude, which decides about promises. With others than the engine's the async functions go too, for the engine makes those with its own promises.
 */
export async function bundle({ code, promises = 'native', prelude = path.join(INSIDE, `${promises}.mjs`) }) {
  const hasItsOwn = path.basename(prelude) === 'native.mjs'
  const { outputFiles } = await build({
    stdin: {
      contents: `import './shell.mjs'\nimport { start } from ${JSON.stringify(prelude)}\n${code}`,
      resolveDir: INSIDE,
    },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'neutral',
    // The browser's field, for those parts of jest that colour their words.
    mainFields: ['browser', 'module', 'main'],
    target: 'es2019',
    // What a person may choose by the environment is left at its standard: a shell has none.
    define: { 'process.env': '{}', global: 'globalThis' },
    // The package has no side effects, and its tests nothing else.
    ignoreAnnotations: true,
    logLevel: 'error',
    supported: hasItsOwn ? {} : { 'async-await': false, 'for-await': false, 'async-generator': false },
    plugins: [onTheBuiltFile],
  })
  return outputFiles[0].text
}

const onTheBuiltFile = {
  name: 'the built file',
  setup({ onResolve }) {
    onResolve({ filter: /^((\.\.\/)+src|miniprogram-session)(\/(stream|socket))?$/ }, ({ path: wanted }) => {
      const [, entry = 'index'] = /\/(stream|socket)$/.exec(wanted) ?? []
      return { path: path.join(root, `miniprogram_dist/${entry}.js`) }
    })
    onResolve({ filter: /^node:util$/ }, () => ({ path: path.join(INSIDE, 'util.mjs') }))
    onResolve({ filter: /^jest-(message-)?util$/ }, () => ({ path: path.join(INSIDE, 'jest-util.mjs') }))
    onResolve({ filter: /^miniprogram-session\/testing$/ }, () => ({
      path: path.join(root, 'src/testing/index.ts'),
    }))
  },
}
