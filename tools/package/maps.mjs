import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import path from 'node:path'

/** For each file, a definition to look up: the map must lead to the same words in a source. */
const LANDMARKS = {
  'miniprogram_dist/index.js': 'function createClient(',
  'dist/index.js': 'function createClient(',
  'dist/index.mjs': 'function createClient(',
  'dist/testing.js': 'function createFakeWeChat(',
  'dist/testing.mjs': 'function createFakeWeChat(',
}

/** Ours, and the helpers that the compiler writes into the bundle. */
const SOURCE = /^\.\.\/(src\/.+\.ts|node_modules\/tslib\/tslib\.es6\.js)$/

/** Debuggers find the sources, which travel inside the maps. */
export function checkMaps(folder) {
  return Object.entries(LANDMARKS).flatMap(([file, landmark]) =>
    problemsOf(path.join(folder, file), landmark).map((problem) => `${file}: ${problem}`),
  )
}

function problemsOf(file, landmark) {
  const code = readFileSync(file, 'utf8')
  const name = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(code)?.[1]
  const mapFile = path.join(path.dirname(file), name ?? '')
  if (!name || !existsSync(mapFile)) return ['it has no source map']
  const map = JSON.parse(readFileSync(mapFile, 'utf8'))
  const problems = map.sources
    .filter((source, index) => !SOURCE.test(source) || !map.sourcesContent?.[index])
    .map((source) => `the source ${source} is not included`)
  const lines = code.split('\n')
  const line = lines.findIndex((text) => text.includes(landmark))
  const { originalSource, originalLine } = new SourceMap(map).findEntry(line, 0)
  const original = map.sourcesContent?.[map.sources.indexOf(originalSource)]?.split('\n')[originalLine]
  return original?.includes(landmark) || original?.includes(landmark.replace('(', '<'))
    ? problems
    : [...problems, `its map does not lead to ${landmark}…)`]
}
