import path from 'node:path'

/** The repository's address as package.json has it, `https://…`; undefined until it says one. */
export function repositoryOf(manifest) {
  const { url } = typeof manifest.repository === 'object' ? manifest.repository : { url: manifest.repository }
  return url?.replace(/^git\+/, '').replace(/\.git$/, '')
}

/** Files of the repository that are no pages: a link there, or what it says alone as long as nobody knows where the repository is. */
export function linksOutside(md, docs, repository) {
  md.core.ruler.push('links-outside', ({ tokens, env }) => {
    for (const { children } of tokens)
      dropLinks(children ?? [], env.path ?? path.join(docs, env.relativePath))
  })

  function dropLinks(children, page) {
    const kept = []
    let isInside = false
    for (const token of children) {
      if (token.type === 'link_close' && isInside) {
        isInside = false
        continue
      }
      const address = token.type === 'link_open' ? outside(token.attrGet('href'), page) : undefined
      if (address === undefined) kept.push(token)
      else if (repository) {
        token.attrSet('href', `${repository}/blob/main/${address}`)
        kept.push(token)
      } else isInside = true
    }
    children.splice(0, children.length, ...kept)
  }

  function outside(href, page) {
    if (/^([a-z]+:|#|\/)/.test(href)) return undefined
    const file = path.relative(docs, path.resolve(path.dirname(page), href))
    return file.startsWith('..') ? path.relative('..', file) : undefined
  }
}
