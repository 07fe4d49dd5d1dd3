import type { Client, Task } from '../index'
import { INSIDE } from '../inside'
import type { FailedRequest } from '../errors'
import { isAbsolute, join, withoutQuery } from '../transport/urls'
import type { Kind } from '../transport/wire-options'
import type { Inside } from './door'

/** What a request says beyond its URL and data; a copy, to be changed at will. */
export type Options = Record<string, unknown>

/** One request that somebody makes on a wrapped client. */
export interface Made {
  readonly kind: Kind
  /** The client's: `'get'`, `'request'`, … */
  readonly member: Member
  /** In capitals. */
  readonly method: string
  readonly url: unknown
  /** What a verb was given beside its URL. */
  readonly data: unknown
  readonly options: Options
  /** Makes it on the client that is wrapped. */
  send(options: Options, data?: unknown): Task<unknown>
}

/** Makes a request on the wrapper's terms. */
export type Around = (made: Made) => Task<unknown>

const VERBS = ['get', 'post', 'put', 'patch', 'delete', 'head'] as const
const PLAIN = ['request', 'uploadFile', 'downloadFile'] as const
const REST = ['authorize', 'ensureLogin', 'setSession', 'logout', 'on'] as const
type Rest = (typeof REST)[number]
type Member = (typeof VERBS)[number] | (typeof PLAIN)[number]
type Send = (...args: readonly unknown[]) => Task<unknown>

/** A client whose requests all go through `around`. The rest is handed on, but for what is in `own`. */
export function wrap(
  client: Client,
  door: Inside,
  around: Around,
  own: Partial<Client> & Pick<Client, 'extend'>,
): Client {
  const wrapped: Partial<Record<string, unknown>> = {}
  const sends = client as unknown as Record<Member, Send>
  const rest = client as unknown as Record<Rest, (...args: readonly unknown[]) => unknown>
  for (const member of VERBS) {
    const method = member.toUpperCase()
    wrapped[member] = (url: unknown, data: unknown, given: object | undefined) => {
      const options = copyOf(given)
      // What throws when it is read is told by the client.
      if (!options) return sends[member](url, data, given)
      return around({
        kind: 'request',
        member,
        method,
        url,
        data,
        options,
        send: (options, changed = data) => sends[member](url, changed, options),
      })
    }
  }
  for (const member of PLAIN)
    wrapped[member] = (given: object) => {
      const options = copyOf(given)
      if (!options) return sends[member](given)
      const { url, method = member === 'uploadFile' ? 'POST' : 'GET' } = options
      return around({
        kind: member,
        member,
        method: String(method).toUpperCase(),
        url,
        data: undefined,
        options,
        send: (options) => sends[member](options),
      })
    }
  for (const member of REST) wrapped[member] = (...args: readonly unknown[]) => rest[member](...args)
  Object.defineProperty(wrapped, 'session', { get: () => client.session, enumerable: true })
  return Object.assign(wrapped, own, { [INSIDE]: door }) as unknown as Client
}

function copyOf(given: object | undefined): Options | undefined {
  try {
    return Object.assign({}, given) as Options
  } catch {
    return undefined
  }
}

/** What it is called in errors, and the call of `wx` that it comes to. */
export interface Label extends FailedRequest {
  readonly api: string
}

/** As far as that can be told. */
export function labelOf({ config }: Inside, { kind: api, method, url }: Made): Label {
  const given = String(url)
  try {
    return { api, method, url: withoutQuery(isAbsolute(given) ? given : join(config.bases.current(), given)) }
  } catch {
    // `baseURL` is a function of the app's that has thrown.
    return { api, method, url: withoutQuery(given) }
  }
}

/** Whether it only asks: nothing is lost if it is given up. */
export function isRead({ kind, method, options }: Made): boolean {
  const { context, enableChunked } = options
  return (
    kind === 'downloadFile' ||
    (kind === 'request' && /^(GET|HEAD|OPTIONS)$/.test(method)) ||
    enableChunked === true ||
    (Object(context) as { read?: unknown }).read === true
  )
}
