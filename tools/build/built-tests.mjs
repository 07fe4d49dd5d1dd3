import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ADAPTERS } from './entries.mjs'

const root = path.resolve(import.meta.dirname, '../..')

/** Where the tests of the public API are; of these the ones that look into a room stay on the source alone. */
const FOLDERS = [
  '',
  'session',
  'transport',
  'stream',
  'socket',
  'page',
  'cache',
  'ui',
  'cases',
  'laws',
  'recipes',
  'platforms',
]
/** What has a name of its own in the package. */
const PUBLISHED = [
  'testing',
  'stream',
  'socket',
  'page',
  'cache',
  'ui',
  ...ADAPTERS.map((name) => `platforms/${name}`),
]

/** The tests that run on the built file as well: those that need no more of the package than its users have. */
export const builtTests = () => publicTests((file) => !reachesSource(file))

/** Those that cannot, so that they can be told by name. */
export const sourceTests = () => publicTests(reachesSource)

function publicTests(isWanted) {
  return FOLDERS.map((folder) => path.join(root, '__tests__', folder)).flatMap((folder) =>
    entriesOf(folder)
      .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
      .map(({ name }) => path.join(folder, name))
      .filter(isWanted),
  )
}

function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}

/** It or a helper beside it. */
function reachesSource(file) {
  const text = readFileSync(file, 'utf8')
  const helpers = Array.from(text.matchAll(/^import\s+(?!type\b)[^'"]*?from\s+['"](\.\/[^'"]+)['"]/gm))
  return (
    needsSource(text) || helpers.some(([, helper]) => reachesSource(path.join(file, '..', `${helper}.ts`)))
  )
}

/** An import of a value from a room of `src/`. Types are gone when it runs, and what is published by itself is no room. */
export function needsSource(text) {
  const imports = text.matchAll(/^import\s+(?!type\b)([^'"]*?)\s*from\s+['"](?:\.\.\/)+src\/([^'"]+)['"]/gm)
  return Array.from(imports).some(([, names, room]) => !PUBLISHED.includes(room) && !areTypes(names))
}

const areTypes = (names) =>
  /^\{[^]*\}$/.test(names) &&
  names
    .slice(1, -1)
    .split(',')
    .map((name) => name.trim())
    .every((name) => name === '' || name.startsWith('type '))
