export interface PageUrl {
  /** Path of the page from the mini-program's root, no slash at the front. */
  path: string
  /** As in WeChat the values are not decoded: the page does that. */
  query: Record<string, string>
}

/** Reads the `url` of navigateTo and its like, which may be relative to the page it is called from. */
export function parsePageUrl(url: string, from = ''): PageUrl {
  const [location = '', search = ''] = url.split('?')
  const path = new URL(location, `http://page/${from}`).pathname.slice(1)
  const pairs = search.split('&').filter(Boolean)
  const query = Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
  return { path, query }
}

export function formatPageUrl({ path, query }: PageUrl): string {
  const search = Object.entries(query).map(([key, value]) => `${key}=${value}`)
  return `/${path}${search.length > 0 ? `?${search.join('&')}` : ''}`
}
