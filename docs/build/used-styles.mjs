import { PurgeCSS } from 'purgecss'

/** What no script has in one piece: classes that are put together, or stand in the page's head. */
const SPARED = [/^(dark|mac)$/, /^level-\d$/, /-(enter|leave)-(from|to|active)$/]
/** Names; and what the style of links elsewhere looks for in their addresses. */
const wordsOf = (script) => script.match(/[\w-]+|:\/\//g) ?? []

/** Of the theme's styles what something in the scripts may have: a page stands in its script as a whole. */
export async function usedStyles(css, scripts) {
  const [{ css: used }] = await new PurgeCSS().purge({
    content: scripts.map((raw) => ({ raw, extension: 'js' })),
    css: [{ raw: css }],
    defaultExtractor: wordsOf,
    safelist: { standard: SPARED, greedy: [/:lang/] },
    variables: true,
  })
  return used
}

/** A rollup plugin: the one file of styles, under the name that its new content gives it. */
export const onlyUsedStyles = () => ({
  name: 'only-used-styles',
  apply: (_, { command, isSsrBuild }) => command === 'build' && !isSsrBuild,
  enforce: 'post',
  async generateBundle(_, bundle) {
    const files = Object.values(bundle)
    const scripts = files.filter(({ type, name }) => type === 'chunk' && !/^@localSearchIndex/.test(name))
    for (const { fileName, source } of files.filter((file) => file.fileName.endsWith('.css'))) {
      delete bundle[fileName]
      const used = await usedStyles(
        source.toString(),
        scripts.map(({ code }) => code),
      )
      this.emitFile({ type: 'asset', name: 'style.css', source: used })
    }
  },
})
