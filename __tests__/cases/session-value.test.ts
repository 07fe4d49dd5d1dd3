import type { Session } from '../../src'
import { clientOn, KEY, makeWorld, tokensAt, watch } from '../laws/world'
import { slowStore, sourcesOf, stored } from './session-helpers'

const EVIL = 'x\r\nX-Evil: 1'

/** What an app might do to an object; a frozen one throws. */
function spoil(session: object | undefined): void {
  try {
    Object.assign(session ?? {}, { token: EVIL, expiresAt: 1 })
  } catch {
    // Frozen: this is what is wanted.
  }
}

describe('S22: what is handed out is one frozen object, the same to everybody', () => {
  test('writing on it changes nothing that is sent or stored', async () => {
    const world = makeWorld({ stored: 'good' })
    const { fake, api } = world
    spoil(api.session)
    const request = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([request.code, tokensAt(world, '/orders'), stored(fake)]).toMatchObject([
      'ok',
      ['good'],
      { token: 'good' },
    ])
    expect([api.session?.token, Object.isFrozen(api.session)]).toEqual(['good', true])
  })

  test('the client, its clones, ensureLogin() and the getter of it hand out the very same', async () => {
    const { fake, api } = makeWorld()
    const [first, second] = [watch(api.ensureLogin(), fake), watch(api.extend({}).ensureLogin(), fake)]
    await fake.clock.runAll()
    const third = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect(Object.isFrozen(first.value)).toBe(true)
    for (const session of [second.value, third.value, api.session, api.extend({}).session])
      expect(session).toBe(first.value)
  })

  test('a refresh is given one that it cannot spoil', async () => {
    const { fake } = makeWorld()
    fake.storage.set(KEY, { token: 'old', data: { refreshToken: 'R' } })
    const refresh = (session: Session) => {
      spoil(session)
      return Promise.reject<string>(new Error('over'))
    }
    const world = { fake, ...clientOn(fake, { login: { url: '/login', refresh } }) }
    const request = watch(world.api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([request.code, tokensAt(world, '/orders')]).toEqual(['ok', ['old', 'token-1']])
  })

  test('an object that the app gave belongs to the app: what it does to it later changes nothing', async () => {
    const { fake } = makeWorld()
    const given = { token: fake.server.issue('good') }
    const { box, store } = slowStore(fake)
    const world = { fake, ...clientOn(fake, { storage: store, login: () => Promise.resolve(given) }) }
    watch(world.api.ensureLogin(), fake)
    await fake.clock.runAll()
    spoil(given)
    const set = { token: fake.server.issue('mine') }
    const one = watch(world.api.get('/one'), fake)
    await fake.clock.runAll()
    world.api.setSession(set)
    spoil(set)
    const two = watch(world.api.get('/two'), fake)
    await fake.clock.runAll()
    spoil(box.session as object)
    const three = watch(world.api.get('/three'), fake)
    await fake.clock.runAll()
    expect([one.code, two.code, three.code]).toEqual(['ok', 'ok', 'ok'])
    expect(['/one', '/two', '/three'].map((path) => tokensAt(world, path))).toEqual([
      ['good'],
      ['mine'],
      ['mine'],
    ])
    expect(given.token).toBe(EVIL)
  })
})

describe('the event session tells whenever the current one becomes another, never the token', () => {
  test('by a login, a refresh, setSession() and what lies in the store', async () => {
    const { fake } = makeWorld()
    const refresh = () => Promise.resolve(fake.server.issue('refreshed'))
    const login = { url: '/login', refresh }
    const world = clientOn(fake, { login })
    watch(world.api.get('/a'), fake)
    await fake.clock.runAll()
    fake.server.expire()
    watch(world.api.get('/a'), fake)
    await fake.clock.runAll()
    world.api.setSession(fake.server.issue('mine'))
    watch(world.api.get('/a'), fake)
    await fake.clock.runAll()
    expect(sourcesOf(world)).toEqual(['login', 'refresh', 'set'])
    const next = clientOn(fake, { login })
    watch(next.api.get('/a'), fake)
    await fake.clock.runAll()
    expect(sourcesOf(next)).toEqual(['stored'])
    const told = JSON.stringify([world.events, next.events])
    for (const token of ['token-1', 'refreshed', 'mine']) expect(told).not.toContain(token)
  })

  test('requests that go well tell nothing of it', async () => {
    const { fake, api, events } = makeWorld({ stored: 'good' })
    for (let n = 0; n < 5; n++) {
      watch(api.get('/a'), fake)
      await fake.clock.runAll()
    }
    expect(sourcesOf({ events })).toEqual(['stored'])
  })
})
