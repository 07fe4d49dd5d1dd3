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

/**
 * A live part on a line of a page, such as `<LiveTimeline />` or `<Law number="1" />`, becomes its picture, and what makes it live.
 * That comes from the folder of components, and other pages do not load it.
 */
export function livePictures(md, pictures, components) {
  md.core.ruler.push('live-pictures', ({ tokens, env, Token }) => {
    const known = pictures[env.relativePath?.startsWith('zh/') ? 'zh' : 'en']
    const live = new Set()
    for (const token of tokens) {
      const [, part] = /^<([A-Z]\w+(?: [\w-]+="[^"]*")*) \/>\s*$/.exec(token.content) ?? []
      if (part === undefined || !token.type.startsWith('html_')) continue
      if (known[part] === undefined) throw new Error(`${env.relativePath}: nothing is drawn for <${part} />`)
      if (known[part].includes(`<${part} />`)) live.add(part.split(' ', 1)[0])
      token.content = `${known[part]}\n`
    }
    if (live.size === 0) return
    const imports = Array.from(live, (name) => `import ${name} from '${components}/${name}.vue'`)
    const script = new Token('html_block', '', 0)
    script.content = `<script setup>\n${imports.join('\n')}\n</script>\n`
    tokens.push(script)
  })
}
