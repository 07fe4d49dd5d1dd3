import type { Change, Options } from './options'
import type { Stored } from './stored'
import { plain, Planted, thing, type Thing } from './things'

/** A fault that the fuzz has found and nobody has mended yet: cases with it in are left out, so that others show. */
export interface Known<C> {
  name: string
  isIn: (given: C) => boolean
  /** The smallest case. It fails; as soon as it does not, the fault is mended and leaves the list. */
  example: C
}

const allChanges = ({ client, clone = [], sends }: Options): Change[] => [
  ...client,
  ...clone,
  ...sends.flatMap(({ changes }) => changes),
]
const someChange = (isIt: (change: Change) => boolean) => (given: Options) => allChanges(given).some(isIt)
const none: Options = { client: [], whole: undefined, clone: undefined, sends: [], trouble: [] }
const client = (path: string, value: Thing): Options => ({ ...none, client: [{ path, value }] })
const sending = (
  kind: Options['sends'][number]['kind'],
  path: string,
  value: Thing,
  trouble: Options['trouble'] = [],
): Options => ({ ...none, trouble, sends: [{ kind, whole: undefined, changes: [{ path, value }] }] })
const given = (kind: Options['sends'][number]['kind'], whole: Thing): Options => ({
  ...none,
  sends: [{ kind, whole, changes: [] }],
})
const bare = thing('an object without a prototype', () => Object.create(null) as unknown)

/** Values that `String()` or arithmetic throws at, and functions that give one. */
function isAwkward({ make, words }: Thing): boolean {
  if (/function/.test(words) && /without a prototype|__proto__:null|toString|bigint|\dn\b/.test(words))
    return true
  const value = make()
  if (typeof value === 'bigint' || typeof value === 'symbol') return true
  try {
    String(value)
    return false
  } catch {
    return true
  }
}

export const KNOWN_OF_OPTIONS: readonly Known<Options>[] = [
  {
    name: 'a symbol as an option is a TypeError instead of a ConfigError',
    isIn: (all) => someChange(({ value }) => /symbol/i.test(value.words))(all),
    example: client(
      'unwrap',
      thing('a symbol', () => Symbol('fuzz')),
    ),
  },
  {
    name: 'a url, header or totalTimeout that cannot be converted is a TypeError instead of a ConfigError',
    isIn: someChange(({ value }) => isAwkward(value)),
    example: sending('get', 'url', bare),
  },
  {
    name: 'the options of authorize are not checked',
    isIn: ({ sends }) =>
      sends.some(
        ({ kind, whole, changes }) =>
          kind === 'authorize' && (whole || changes.some(({ path }) => path === 'isUnauthorized')),
      ),
    example: sending('authorize', 'isUnauthorized', plain(1)),
  },
  {
    name: 'request(), uploadFile(), downloadFile() and ensureLogin() throw at null instead of rejecting',
    isIn: ({ sends }) =>
      sends.some(
        ({ whole, kind }) => whole && /^(null|undefined)$/.test(whole.words) && !/get|post/.test(kind),
      ),
    example: given('request', plain(null)),
  },
  {
    name: 'a retry.delay that gives no number keeps its request for ever',
    isIn: someChange(({ path, value }) => path === 'retry.delay' && value.words.includes('gives')),
    example: sending(
      'get',
      'retry.delay',
      thing('a function that gives "100"', () => () => '100'),
      ['offline'],
    ),
  },
  {
    name: 'retry options that are undefined displace the defaults',
    isIn: someChange(({ path, value }) => path.startsWith('retry.') && value.words === 'undefined'),
    example: sending('get', 'retry.delay', plain(undefined), ['offline']),
  },
  {
    name: 'middleware that calls next(null) is a TypeError instead of a ConfigError',
    isIn: someChange(({ value }) => value.words === 'middleware that hands on null'),
    example: {
      ...client(
        'use.0',
        thing(
          'middleware that hands on null',
          () => (_: unknown, next: (one: null) => unknown) => next(null),
        ),
      ),
      sends: [{ kind: 'get', whole: undefined, changes: [] }],
    },
  },
]

const trap = thing('a session whose token throws when it is read', () => ({
  get token(): string {
    throw new Planted('read')
  },
}))

export const KNOWN_OF_STORED: readonly Known<Stored>[] = [
  {
    name: 'a stored object that throws when it is read fails requests instead of counting as nothing',
    isIn: ({ found, get }) => [found, get].some((one) => one?.words.includes('throws when it is read')),
    example: { store: 'own', found: trap, get: undefined, set: undefined, remove: undefined, calls: ['get'] },
  },
]
