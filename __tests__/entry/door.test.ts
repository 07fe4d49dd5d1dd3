import { authorize } from '../../src/entry/authorize'
import { inside } from '../../src/entry/door'
import { INSIDE } from '../../src/inside'
import { ConfigError } from '../../src'
import { makeWorld, phasesOf, requestEvents, watch } from '../laws/world'
import { thrown } from '../phone'

const LABEL = { method: 'CONNECT', url: 'wss://api.test/ws' }

describe('the door for entries', () => {
  test('a client, its clones and whoever spreads one have it, and share what is shared', () => {
    const { api } = makeWorld()
    const [own, clone, spread] = [api, api.extend({ timeout: 5 }), { ...api }].map(inside)
    expect(clone?.core).toBe(own?.core)
    expect([own?.config.timeout, clone?.config.timeout]).toEqual([30_000, 5])
    expect(spread).toBe(own)
  })

  test('a wrapper may hand on one that is bound to itself', () => {
    const { api } = makeWorld()
    const bound = { ...inside(api), ends: new Set<() => void>() }
    expect(inside({ ...api, [INSIDE]: bound })).toBe(bound)
  })

  test.each([undefined, null, 1, 'api', {}, () => undefined])(
    '%p has none, which is a ConfigError',
    (client) => {
      const error = thrown(() => inside(client))
      expect(error).toBeInstanceOf(ConfigError)
      expect(error.message).toBe('Give a client of createClient(), of this copy of the package.')
    },
  )

  test('it is no name that users meet', () => {
    const { api } = makeWorld()
    expect(Object.keys(api)).not.toContain('inside')
    expect(JSON.stringify(Object.keys(api))).toContain('authorize')
  })

  test('a logout is heard when all who wait have been told, until that is stopped', async () => {
    const { fake, api } = makeWorld()
    const waiting = watch(api.get('/orders'), fake)
    const heard: unknown[] = []
    const { ends } = inside(api)
    const hear = () => heard.push(api.session)
    ends.add(hear)
    inside(api.extend({})).ends.add(() => heard.push('clone'))
    api.logout()
    await Promise.resolve()
    expect([heard, waiting.code]).toEqual([[undefined, 'clone'], 'LOGGED_OUT'])
    ends.delete(hear)
    api.logout()
    expect(heard).toEqual([undefined, 'clone', 'clone'])
  })

  test('the phone tells of each hide and show', () => {
    const { fake, api } = makeWorld()
    const heard: boolean[] = []
    const { moves } = inside(api).core.phone()
    const hear = (isHidden: boolean) => heard.push(isHidden)
    moves.add(hear)
    fake.app.toBackground()
    fake.app.toForeground()
    moves.delete(hear)
    fake.app.toBackground()
    expect(heard).toEqual([true, false])
  })
})

describe('authorize() of an entry', () => {
  test('goes by its own name in errors and events', async () => {
    const { fake, api, events } = makeWorld({ stored: 'good' })
    const task = authorize(inside(api), () => Promise.reject(new ConfigError('is impossible.')), LABEL)
    const ended = watch(task, fake)
    await fake.clock.runAll()
    expect(ended.error).toMatchObject({ request: LABEL, message: 'CONNECT wss://api.test/ws is impossible.' })
    expect(requestEvents(events).map(({ method, phase }) => [method, phase])).toEqual([
      ['CONNECT', 'send'],
      ['CONNECT', 'fail'],
    ])
  })

  test('a refusal costs one login, and it runs again with the new token', async () => {
    const { fake, api, events } = makeWorld({
      stored: 'dead',
      isLive: false,
      client: { checkSession: false },
    })
    const tokens: string[] = []
    const run = (token: string) => {
      tokens.push(token)
      return token === 'dead' ? Promise.reject(Object.assign(new Error(), { status: 401 })) : token
    }
    const ended = watch(authorize(inside(api), run, LABEL), fake)
    await fake.clock.runAll()
    expect([ended.value, tokens, phasesOf(events, 'login')]).toEqual([
      'token-1',
      ['dead', 'token-1'],
      ['start', 'success'],
    ])
  })

  test('that it has settled proves nothing of the token, accepted() does', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false } })
    let accept: (() => void) | undefined
    const run = (_token: string, accepted: () => void) => void (accept = accepted)
    const ended = watch(authorize(inside(api), run, LABEL), fake)
    await fake.clock.runAll()
    const { session } = inside(api).core
    expect([ended.code, session.held?.isAccepted]).toEqual(['ok', false])
    accept?.()
    expect(session.held?.isAccepted).toBe(true)
  })

  test('accepted() of a token that has been replaced changes nothing', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false } })
    let accept: (() => void) | undefined
    const run = (_token: string, accepted: () => void) => void (accept = accepted)
    const ended = watch(authorize(inside(api), run, LABEL), fake)
    await fake.clock.runAll()
    api.setSession('other')
    accept?.()
    expect([ended.code, inside(api).core.session.held?.isAccepted]).toEqual(['ok', false])
  })
})
