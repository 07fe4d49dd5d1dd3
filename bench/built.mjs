import { createRequire } from 'node:module'
import { assertFresh } from '../tools/build/fresh.mjs'

assertFresh()

/** The package as phones get it. */
export const { createClient } = createRequire(import.meta.url)('../miniprogram_dist/index.js')
