import type { Config } from '../call/config'
import type { AnyRequest } from '../index'
import { withQuery } from '../transport/serialize'
import { hasFields } from '../transport/snapshot'
import { isAbsolute, join, withoutFragment } from '../transport/urls'

/** All that an answer depends on, but for the user: its URL in the first line. What functions give is for `vary` to tell. */
export function keyOf(
  { url, query, data, header, dataType }: AnyRequest,
  auth: AnyRequest['auth'],
  { bases, header: usual }: Config,
  vary: string | undefined,
): string {
  let whole = withoutFragment(isAbsolute(url) ? url : join(bases.current(), url))
  for (const given of [query, data])
    if (typeof given === 'object' && hasFields(given)) whole = withQuery(whole, given)
  whole = whole.replace(/\?[^]*/, (sent) =>
    // Where a name is there twice the order of its values may mean something.
    /[?&]([^=&]*)=[^]*&\1=/.test(sent) ? sent : `?${sent.slice(1).split('&').sort().join('&')}`,
  )
  const text = typeof data === 'string' && data
  const rest = [header, usual, text, auth !== true && String(auth), dataType, vary]
  // Nearly always there is nothing of these, and to write that takes longer than all else.
  return rest.some((one) => one && hasFields(one)) ? `${whole}\n${JSON.stringify(rest)}` : whole
}
