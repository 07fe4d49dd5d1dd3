import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')
const BUILT = 'miniprogram_dist/index.js'

/** Says so where the built file is missing, or older than a source of it: it is not the code that one looks at. */
export function assertFresh(folder = root) {
  const built = timeOf(path.join(folder, BUILT))
  if (built === undefined) throw new Error(`${BUILT} is not there, and these tests run on it: npm run build`)
  const newer = sources(path.join(folder, 'src')).find((file) => timeOf(file) > built)
  if (newer)
    throw new Error(
      `${BUILT} is older than ${path.relative(folder, newer)}, and these tests run on it: npm run build`,
    )
}

/** What jest calls before the tests of the project. */
export default () => assertFresh()

/** The fake WeChat is not part of it. */
function sources(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !path.relative(folder, file).startsWith('testing'))
}

function timeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs
}
