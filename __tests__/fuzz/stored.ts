import fc from 'fast-check'
import type { Client, ClientOptions, SessionStore } from '../../src'
import { ConfigError } from '../../src'
import { createFakeWeChat } from '../../src/testing'
import type { Family } from './family'
import { Judge } from './judge'
import { any, asyncFunctions, carried, oneOf, plain, Planted, SECRET, thing, type Thing } from './things'

/** What a launch finds in the store, and how the store behaves. */
export interface Stored {
  /** `plain` and `encrypted` are WeChat's storage. */
  store: 'plain' | 'encrypted' | 'own' | 'own, by promise'
  found: Thing
  /** In place of the store's own functions, if anything: how it reads, writes and removes. */
  get: Thing | undefined
  set: Thing | undefined
  remove: Thing | undefined
  calls: readonly ('get' | 'post' | 'ensureLogin' | 'session' | 'verified' | 'setSession')[]
  /** What `setSession` is given. */
  given: Thing
}

const KEY = 'miniprogram-session'
const TOKEN = `token-${SECRET}`

const never = thing('a function whose promise never settles', () => () => new Promise(() => undefined))

const wordsOf = ([name, { words }]: [string, Thing]): string => `${name}: ${words}`

/** Something like a session, of which this or that part is not what it should be. */
const likeSession = fc
  .record({
    token: fc.oneof(oneOf(TOKEN, 'live', `${TOKEN}\r\nX-Admin: 1`, '令牌', ' a', 'a;b').map(plain), carried),
    expiresAt: fc.oneof(oneOf(plain(undefined), plain(1), plain(4e12), plain('tomorrow')), carried),
    data: fc.oneof(oneOf(plain(undefined), plain({ session_key: `key-${SECRET}` })), any),
    origin: fc.oneof(
      oneOf(undefined, undefined, 'https://api.test', 'https://evil.test', 'null', '//').map(plain),
      carried,
    ),
    id: fc.oneof(oneOf(undefined, 'an-id', '').map(plain), any),
    set: fc.oneof(oneOf(undefined, undefined, true).map(plain), any),
  })
  .map((parts) =>
    thing(`{ ${Object.entries(parts).map(wordsOf).join(', ')} }`, () =>
      Object.fromEntries(Object.entries(parts).map(([name, { make }]) => [name, make()])),
    ),
  )

const found = fc.oneof(
  { weight: 5, arbitrary: likeSession },
  {
    weight: 1,
    arbitrary: oneOf(`{"token":"${TOKEN}"`, TOKEN, [TOKEN], { session: { token: TOKEN } }).map(plain),
  },
  {
    weight: 1,
    arbitrary: oneOf('token', 'expiresAt', 'data', 'origin', 'id', 'set').map((name) =>
      thing(`a session whose ${name} throws when it is read`, () =>
        Object.defineProperty({ token: TOKEN }, name, {
          enumerable: true,
          get() {
            throw new Planted('read')
          },
        }),
      ),
    ),
  },
  { weight: 3, arbitrary: any },
)
const asItIs = fc.constant(undefined)
const instead = fc.oneof(
  { weight: 4, arbitrary: asItIs },
  { weight: 1, arbitrary: asyncFunctions },
  { weight: 1, arbitrary: fc.constant(never) },
  {
    weight: 1,
    arbitrary: fc.constant(
      thing('a function that throws and quotes the token', () => () => {
        throw new SyntaxError(`Unexpected token in "${TOKEN}"`)
      }),
    ),
  },
)

const arbitrary: fc.Arbitrary<Stored> = fc.record({
  store: oneOf('plain', 'plain', 'encrypted', 'own', 'own, by promise'),
  found,
  get: instead,
  set: instead,
  remove: instead,
  calls: fc.array(oneOf('get', 'post', 'ensureLogin', 'session', 'verified', 'setSession'), {
    minLength: 1,
    maxLength: 4,
  }),
  given: found,
})

function tell({ store, found: there, get, set, remove, calls, given }: Stored): string[] {
  const changes = Object.entries({ get, set, remove }).flatMap(([name, one]) =>
    one ? `${name} is ${one.words}` : [],
  )
  return [
    `a store (${store}) that holds ${there.words}`,
    ...changes,
    `calls: ${calls.join(', ')}; setSession is given ${given.words}`,
  ]
}

type Act = (...given: never[]) => unknown

/** The store of the case, as an option of the client. */
function storageOption(given: Stored): ClientOptions['storage'] {
  if (given.store === 'plain') return { key: KEY }
  if (given.store === 'encrypted') return { key: KEY, encrypt: true }
  let held = given.found.make()
  const own = {
    get: () => held,
    set: (session: unknown) => void (held = session),
    remove: () => void (held = undefined),
  }
  const answer = (act: Act): Act =>
    given.store === 'own' ? act : (...args) => Promise.resolve().then(() => act(...args))
  return {
    get: answer((given.get?.make() ?? own.get) as Act),
    set: answer((given.set?.make() ?? own.set) as Act),
    remove: answer((given.remove?.make() ?? own.remove) as Act),
  }
}

/** WeChat with the store of the case in it. */
function wxWith(judge: Judge, given: Stored) {
  const fake = createFakeWeChat({ clock: judge.clock, record: false })
  fake.server.anyPath = true
  fake.server.issue('live')
  fake.server.anyPath = true
  fake.server.on('/', () => ({ data: { ok: true } }))
  const there = given.found.make()
  const reading = given.get?.make() as Act | undefined
  const writing = given.set?.make() as Act | undefined
  const removing = given.remove?.make() as Act | undefined
  const wx = { ...fake.wx } as Record<string, unknown>
  if (given.store === 'plain') {
    let held = there
    wx['getStorageSync'] = reading ?? (() => held)
    wx['setStorageSync'] = writing ?? ((_key: string, value: unknown) => void (held = value))
    wx['removeStorageSync'] = removing ?? (() => void (held = undefined))
  }
  if (given.store === 'encrypted') {
    wx['getStorage'] =
      reading ?? (({ success }: { success: (result: unknown) => void }) => success({ data: there }))
    if (writing) wx['setStorage'] = writing
    if (removing) wx['removeStorage'] = removing
  }
  return { fake, wx: wx as object as NonNullable<ClientOptions['platform']> }
}

/** What cannot be a session is refused at once, and changes nothing. */
export function setSession(api: Client, given: unknown): unknown {
  try {
    return api.setSession(given as string)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return undefined
  }
}

/** Whatever was stored, and however the store fails: everything comes through as if nothing had been there. */
export const stored: Family<Stored> = {
  name: 'stored',
  arbitrary,
  tell,
  async live(given, { createClient }) {
    const judge = new Judge()
    const { wx } = wxWith(judge, given)
    const api = createClient({
      platform: wx,
      baseURL: 'https://api.test',
      login: { url: '/login' },
      storage: storageOption(given) as SessionStore,
      onEvent: judge.hearEvent,
    })
    given.calls.forEach((call, n) => {
      const name = `call ${n} (${call})`
      judge.watch(name, () => {
        if (call === 'session') return api.session
        if (call === 'setSession') return setSession(api, given.given.make())
        if (call === 'ensureLogin') return api.ensureLogin()
        if (call === 'verified') return api.get('/me', undefined, { auth: 'verified' })
        return call === 'post' ? api.post('/orders', { title: 'cup' }) : api.get('/orders')
      })
    })
    await judge.letTimePass()
    for (const [name, end] of judge.ends) if (end !== 'ok') judge.find(`${name} ends with ${end}`)
    await judge.probe(api, 9)
    return judge.end()
  },
}
