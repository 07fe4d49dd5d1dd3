// `npm start`: looks whether this machine can run it at all, then hands over to TypeScript. Plain JavaScript
// without anything new, so that an old Node gets as far as the sentence that says so.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const WANTED = [20, 19]
const [major, minor] = process.versions.node.split('.').map(Number)

function stop(line) {
  console.error(line)
  process.exit(1)
}

if (major < WANTED[0] || (major === WANTED[0] && minor < WANTED[1])) {
  stop(`Node ${process.versions.node} is too old: install Node ${WANTED.join('.')} or newer.`)
}
if (!existsSync(fileURLToPath(new URL('../../node_modules/tsx', import.meta.url)))) {
  stop('The packages are not installed: run npm ci first.')
}
await import('tsx')
await import('./server/start.ts')
