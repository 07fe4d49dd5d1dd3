import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'

const built = new URL('../dist/index.js', import.meta.url)
if (!existsSync(built)) throw new Error('Nothing is built yet: npm run build')

/** The package as Node gets it. */
export const { createClient } = createRequire(import.meta.url)(built.pathname)
