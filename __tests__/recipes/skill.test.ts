import { createClient, type Client } from 'miniprogram-session'
import { createFakeWeChat, type FakeWeChat } from 'miniprogram-session/testing'
import { failure, last, result } from '../phone'
import { blocks, deadLinks, fences, read, regions } from './pages'
import * as skill from './skill'

const PAGE = 'skills/miniprogram-session/SKILL.md'

describe('the skill', () => {
  const text = read(PAGE)
  const shown = blocks(text)

  test('shows the pairs that are compiled and run here, and the quick start', () => {
    const quickStart = regions('quick-start/api.ts', 'quick-start/app.ts')
    expect(shown).toEqual({ ...quickStart, ...regions('skill.ts', 'testing.test.ts') })
    expect(fences(text)).toBe(Object.keys(shown).length)
  })

  test('has a right one for each wrong one', () => {
    const named = (end: string) =>
      Object.keys(shown).flatMap((name) =>
        name
          .split(end)
          .slice(1)
          .map(() => name.slice(0, -end.length)),
      )
    expect(named('-wrong')).toHaveLength(6)
    expect(named('-right')).toEqual(named('-wrong'))
  })

  test('has no link that leads nowhere in the package', () => {
    expect(deadLinks(PAGE)).toEqual([])
  })

  test('says what it is for in its front matter, and is short', () => {
    expect(text).toMatch(/^---\nname: miniprogram-session\ndescription: .{80,}\n---\n/)
    expect(text.split('\n').length).toBeLessThan(220)
  })
})

let fake: FakeWeChat
let api: Client
beforeEach(() => {
  fake = createFakeWeChat()
  Object.assign(globalThis, { wx: fake.wx })
  fake.server.on(
    '/orders',
    fake.server.guard(() => ({ data: [{ id: 7 }] })),
  )
  fake.storage.set('miniprogram-session', { token: 'dead' })
  api = createClient({ baseURL: 'https://api.example.com', login: { url: '/login' } })
})
afterEach(() => {
  Object.assign(globalThis, { wx: undefined })
})

test.each([
  ['wrong', skill.ownLogin, 3],
  ['right', skill.sharedLogin, 1],
])('%s: three pages that open with a dead token', async (_, recipe, codes) => {
  const load = recipe(api)
  await result(fake, Promise.all([load(), load(), load()]))
  expect(fake.calls.logins).toBe(codes)
})

test.each([
  ['wrong', skill.ownRetry, 3],
  ['right', skill.sharedRetry, 1],
])('%s: a server that refuses this user whatever the token', async (_, recipe, codes) => {
  fake.server.on('/orders', () => ({ statusCode: 401 }))
  await failure(fake, recipe(api)())
  expect(fake.calls.logins).toBe(codes)
})

test.each([
  ['wrong', skill.refreshThatWaits, undefined],
  ['right', skill.refreshAlone, [{ id: 7 }]],
])('%s: a refresh', async (_, recipe, orders) => {
  fake.server.on('/refresh', () => ({ data: { token: fake.server.issue() } }))
  const outcome = await result(
    fake,
    recipe()
      .get('/orders')
      .catch(() => undefined),
  )
  expect(outcome).toEqual(orders)
  expect(fake.server.requests.some(({ path }) => path === '/refresh')).toBe(orders !== undefined)
})

test.each([
  ['wrong', skill.deleteByQuery, [{ reason: '买错了' }, undefined]],
  ['right', skill.deleteWithBody, [{}, { reason: '买错了' }]],
])('%s: the reason of a DELETE', async (_, recipe, sent) => {
  fake.server.on('DELETE /orders/7', () => ({ statusCode: 204 }))
  await result(fake, recipe(api, '买错了')(7))
  expect([last(fake).query, last(fake).json]).toEqual(sent)
})

test.each([
  ['wrong', skill.passwordAsSession, 2, 'UNAUTHORIZED'],
  ['right', skill.passwordAsItself, 1, 'HTTP_STATUS'],
])('%s: a wrong password', async (_, recipe, codes, code) => {
  fake.server.on('PUT /password', () => ({ statusCode: 401 }))
  await result(fake, api.ensureLogin({ force: true }))
  expect(await failure(fake, recipe(api)({ old: 'a', new: 'b' }))).toMatchObject({ code })
  expect(fake.calls.logins).toBe(codes)
})

test.each([
  ['wrong', skill.nonceInMiddleware, ['1', undefined, '1']],
  ['right', skill.nonceInPlatform, ['1', '2', '3']],
])('%s: a nonce', async (_, recipe, nonces) => {
  let count = 0
  await result(fake, recipe(() => String(++count)).get('/orders'))
  expect(fake.server.requests.map((request) => request.headerOf('x-nonce'))).toEqual(nonces)
})
