import type { Options } from './options'
import type { Stored } from './stored'
import { plain, Planted, thing, type Thing } from './things'

/** A fault that the fuzz has found, in its smallest case. */
export interface Found<C> {
  name: string
  example: C
}

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

export const FOUND_IN_OPTIONS: readonly Found<Options>[] = [
  {
    name: 'an option whose name every object has',
    example: sending(
      'get',
      'toString',
      thing('a function', () => () => 'x'),
    ),
  },
  {
    name: 'a symbol as an option',
    example: client(
      'unwrap',
      thing('a symbol', () => Symbol('fuzz')),
    ),
  },
  {
    name: 'a url that cannot be converted to a string',
    example: sending('get', 'url', bare),
  },
  {
    name: 'wrong options of authorize()',
    example: sending('authorize', 'isUnauthorized', plain(1)),
  },
  {
    name: 'null for a request',
    example: given('request', plain(null)),
  },
  {
    name: 'a retry.delay that gives no number',
    example: sending(
      'get',
      'retry.delay',
      thing('a function that gives "100"', () => () => '100'),
      ['offline'],
    ),
  },
  {
    name: 'retry options that are undefined',
    example: sending('get', 'retry.delay', plain(undefined), ['offline']),
  },
  {
    name: 'middleware that calls next(null)',
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

export const FOUND_IN_STORED: readonly Found<Stored>[] = [
  {
    name: 'a stored object that throws when it is read',
    example: {
      store: 'own',
      found: trap,
      get: undefined,
      set: undefined,
      remove: undefined,
      calls: ['get'],
      given: trap,
    },
  },
]
