import type { Config } from '../call/config'
import type { AnyRequest } from '../index'
import { serializeQuery } from '../transport/serialize'
import { isAbsolute, join, withoutFragment } from '../transport/urls'

/** All that an answer depends on, but for the user. */
export function keyOf(
  { url, query, data, header, auth, dataType, responseType }: AnyRequest,
  config: Config,
  vary: string,
): string {
  const whole = isAbsolute(url) ? url : join(config.bases.current(), url)
  const names = Object.keys(Object(header) as object)
  const rest = [
    names.length
      ? sorted(
          names.map((name) => `${name.toLowerCase()}=${String((header as Record<string, unknown>)[name])}`),
        )
      : '',
    auth === false || '',
    dataType || '',
    responseType || '',
    vary,
  ]
  return `${withQuery(whole, query, data)} ${rest.some(Boolean) ? JSON.stringify(rest) : ''}`
}

function withQuery(url: string, query: unknown, data: unknown): string {
  const more = [query, data].map((given) => (given && typeof given === 'object' ? serializeQuery(given) : ''))
  if (!/[?#]/.test(url) && !more[0] && !more[1]) return url
  const [path, given = ''] = withoutFragment(url).split(/\?([^]*)/)
  const pairs = sorted([given].concat(more).join('&').split('&').filter(Boolean))
  return String(path) + (pairs && `?${pairs}`)
}

/** By names alone: the order of values under one name may mean something. */
function sorted(pairs: readonly string[]): string {
  return pairs
    .map((pair, place) => ({ pair, place, name: pair.replace(/=[^]*/, '') }))
    .sort((one, other) =>
      one.name === other.name ? one.place - other.place : one.name < other.name ? -1 : 1,
    )
    .map(({ pair }) => pair)
    .join('&')
}
