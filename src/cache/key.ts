import type { Config } from '../call/config'
import type { AnyRequest } from '../index'
import { appendQuery, serializeQuery, type Query } from '../transport/serialize'
import { isAbsolute, join, withoutFragment } from '../transport/urls'

/** All that an answer depends on, but for the user: its URL in the first line. What functions give is for `vary` to tell. */
export function keyOf(
  { url, query, data, header, dataType, responseType }: AnyRequest,
  auth: AnyRequest['auth'],
  { bases, header: usual }: Config,
  vary: string,
): string {
  let whole = withoutFragment(isAbsolute(url) ? url : join(bases.current(), url))
  for (const given of [query, data])
    if (Object(given) === given) whole = appendQuery(whole, serializeQuery(given as Query))
  const at = whole.indexOf('?') + 1
  if (at) whole = whole.slice(0, at) + sorted(whole.slice(at).split('&'))
  const rest = [header, usual, auth, dataType, responseType, typeof data === 'string' && data, vary]
  return `${whole}\n${JSON.stringify(rest)}`
}

/** Not where a name is there twice: the order of its values may mean something. */
function sorted(pairs: string[]): string {
  const names = new Set(pairs.map((pair) => pair.split('=')[0]))
  return (names.size < pairs.length ? pairs : pairs.sort()).join('&')
}
