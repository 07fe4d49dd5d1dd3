import { fileURLToPath } from 'node:url'
import { minify } from '../../tools/build/minify.mjs'
import { sparedNames } from '../../tools/build/names.mjs'

const at = (file) => fileURLToPath(new URL(file, import.meta.url))

/** What pages call and what apps can, by its own name; all other members are ours. */
const ENTRIES = {
  burst: at('../live/burst/engine.ts'),
  chat: at('../live/chat/engine.ts'),
  index: at('../../src/index.ts'),
  stream: at('../../src/stream/index.ts'),
  testing: at('../../src/testing/index.ts'),
}
const OURS = [at('../../src/'), at('../live/')]

/** The SDK and its fake run in a page as the package publishes them: with short names for the members that nobody else knows. */
export function shortNames() {
  const { renderChunk } = minify(() => sparedNames(ENTRIES, at('../tsconfig.json')))
  return {
    name: 'short-names',
    apply: (_, { command, isSsrBuild }) => command === 'build' && !isSsrBuild,
    enforce: 'post',
    renderChunk(code, chunk, ...rest) {
      const isOurs = chunk.moduleIds.every((id) => OURS.some((folder) => id.startsWith(folder)))
      return isOurs ? renderChunk(code, chunk, ...rest) : undefined
    },
  }
}
