import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import path from 'node:path'

const CREATE_CLIENT = 'function createClient('
const CREATE_FAKE = 'function createFakeWeChat('

/** For each file, a definition to look up as it stands there: the map must lead to its words in a source. */
const LANDMARKS = {
  'miniprogram_dist/index.js': { written: /createClient:\w+=>/, original: CREATE_CLIENT },
  'dist/index.js': { written: CREATE_CLIENT, original: CREATE_CLIENT },
  'dist/index.mjs': { written: CREATE_CLIENT, original: CREATE_CLIENT },
  'dist/testing.js': { written: CREATE_FAKE, original: CREATE_FAKE },
  'dist/testing.mjs': { written: CREATE_FAKE, original: CREATE_FAKE },
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
  return leadsTo(map, code, landmark)
    ? problems
    : [...problems, `its map does not lead to ${landmark.original}…)`]
}

/** Minified code has a place of its own for the keyword, and another for the name. */
function leadsTo(map, code, { written, original }) {
  const match = typeof written === 'string' ? written : written.exec(code)?.[0]
  if (match === undefined || !code.includes(match)) return false
  const lines = code.split('\n')
  const row = lines.findIndex((text) => text.includes(match))
  const column = lines[row].indexOf(match)
  const lookUp = new SourceMap(map)
  return Array.from(match, (_, offset) => lookUp.findEntry(row, column + offset)).some(
    ({ originalSource, originalLine }) => {
      const source = map.sourcesContent?.[map.sources.indexOf(originalSource)]
      const line = source?.split('\n')[originalLine]
      return line?.includes(original) || line?.includes(original.replace('(', '<'))
    },
  )
}
