import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'

const at = (file) => fileURLToPath(new URL(file, import.meta.url))

/** Where the package's names lead: its sources, here as in the browser. */
export const ALIASES = Object.fromEntries([
  ['miniprogram-session', at('../../src/index.ts')],
  ...['testing', 'stream'].map((name) => [`miniprogram-session/${name}`, at(`../../src/${name}/index.ts`)]),
])

/** Plays every live part on a clock that takes no time, and gives what it shows at its end. */
export async function playAll() {
  const { outputFiles } = await build({
    entryPoints: [at('../live/prerender.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    alias: ALIASES,
  })
  const [{ text }] = outputFiles
  const { pictures } = await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`)
  return await pictures()
}

/** A live part on a line of a page, such as `<LiveTimeline />` or `<Law number="1" />`, becomes its picture, and what makes it live. */
export function livePictures(md, pictures) {
  md.core.ruler.push('live-pictures', ({ tokens, env }) => {
    const known = pictures[env.relativePath?.startsWith('zh/') ? 'zh' : 'en']
    for (const token of tokens) {
      const [, part] = /^<([A-Z]\w+(?: [\w-]+="[^"]*")*) \/>\s*$/.exec(token.content) ?? []
      if (part === undefined || !token.type.startsWith('html_')) continue
      if (known[part] === undefined) throw new Error(`${env.relativePath}: nothing is drawn for <${part} />`)
      token.content = `${known[part]}\n`
    }
  })
}
