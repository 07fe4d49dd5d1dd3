/** The package's own files link to each other; the site has two of them as pages, in each language. */
export const withLinksOfTheServer = (text, page) =>
  /(^|\/)(server|protocol)\.md$/.test(page)
    ? text
        .replace(/\]\(PROTOCOL(\.zh-CN)?\.md\)/g, '](protocol.md)')
        .replace(/\]\(fixtures\)/g, `](${/(^|\/)zh\//.test(page) ? '../' : ''}../server/fixtures)`)
    : text

export function linksOfTheServer(md) {
  md.core.ruler.before('normalize', 'links-of-the-server', (state) => {
    state.src = withLinksOfTheServer(state.src, state.env.relativePath ?? '')
  })
}
