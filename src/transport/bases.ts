import { ignore } from '../app-code'
import { ConfigError } from '../errors'
import { safeOrigin } from './urls'

/** The base URLs of a client: the first one, until it cannot be reached. */
export interface Bases {
  readonly count: number
  /** Whether where they lead can change. */
  readonly isComputed: boolean
  current(): string
  /** Where they lead. None when every URL has to be absolute. */
  origins(): readonly string[]
  /** The next one takes over, unless that has happened: several requests fail together when a host goes away. */
  leave(base: string): void
}

export function createBases(baseURL: string | readonly string[] | (() => string)): Bases {
  if (typeof baseURL === 'function') {
    const origin = (base: string): string => baseOrigin(base, 'baseURL()')
    return {
      count: 1,
      isComputed: true,
      current() {
        const base = baseURL()
        origin(base)
        return base
      },
      origins: () => [origin(baseURL())],
      leave: ignore,
    }
  }
  const list = typeof baseURL === 'string' ? [baseURL] : baseURL
  if (list.length === 0) throw new ConfigError('baseURL: the list is empty. Give at least one URL.')
  const origins = baseURL === '' ? [] : list.map((base) => baseOrigin(base, 'baseURL'))
  let index = 0
  return {
    count: list.length,
    isComputed: false,
    current: () => list[index] as string,
    origins: () => origins,
    leave(base) {
      if (base === list[index]) index = (index + 1) % list.length
    },
  }
}

function baseOrigin(base: string, option: string): string {
  const origin = safeOrigin(base, option)
  if (/[?#]/.test(base))
    throw new ConfigError(`${option}: leave out the ? or # and what follows; paths are put behind it.`)
  return origin
}
