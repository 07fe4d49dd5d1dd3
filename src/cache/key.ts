import type { Config } from '../call/config'
import type { AnyRequest } from '../index'
import { appendQuery, serializeQuery, type Query } from '../transport/serialize'
import { hasFields } from '../transport/snapshot'
import { isAbsolute, join, withoutFragment } from '../transport/urls'

/** All that an answer depends on, but for the user: its URL in the first line. What functions give is for `vary` to tell. */
export function keyOf(
  { url, query, data, header, dataType }: AnyRequest,
  auth: AnyRequest['auth'],
  { bases, header: usual }: Config,
  vary: string,
): string {
  let whole = withoutFragment(isAbsolute(url) ? url : join(bases.current(), url))
  for (const given of [query, data])
    if (typeof given === 'object' && hasFields(given))
      whole = appendQuery(whole, serializeQuery(given as Query))
  whole = whole.replace(/\?.*/, sorted)
  const text = typeof data === 'string' && data
  const rest = [header, usual, text, auth !== true && String(auth), dataType, vary]
  // Nearly always there is nothing of these, and to write that takes longer than all else.
  return rest.some((one) => one && hasFields(one)) ? `${whole}\n${JSON.stringify(rest)}` : whole
}

/** Not where a name is there twice: the order of its values may mean something. */
function sorted(query: string): string {
  return /[?&]([^=&]*)=.*&\1=/.test(query) ? query : `?${query.slice(1).split('&').sort().join('&')}`
}
