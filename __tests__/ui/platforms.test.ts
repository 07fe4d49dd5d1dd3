import { createClient, type Client } from '../../src'
import { alipay } from '../../src/platforms/alipay'
import { createFakeAlipay, createFakeClock } from '../../src/testing'
import { failures, loading } from '../../src/ui'
import { adapted, failure, result, type Adapted } from '../adapters'

const PHONES = adapted(
  ['weapp', 'alipay', 'tt', 'swan', 'kwai', 'jd', 'qq', 'h5'],
  ['mp-weixin', 'mp-alipay', 'mp-toutiao', 'mp-baidu', 'mp-qq', 'h5', 'app'],
)

/** A client that shows, and a back end that is slow, or says no at first. */
function showing({ fake, platform }: Adapted): Client {
  fake.server.on('/slow', () => ({ delay: 1000, data: 'ok' }))
  fake.server.on('/missing', () => ({ statusCode: 404 }))
  let isDown = true
  fake.server.on('/down', () => {
    const reply = isDown ? { statusCode: 500 } : { data: 'ok' }
    isDown = false
    return reply
  })
  return failures(
    createClient({
      platform: platform(),
      baseURL: 'https://api.test',
      auth: false,
      autoLogin: false,
      retry: 0,
      use: [loading()],
    }),
  )
}
const seen = ({ ui }: Adapted['fake']) => ui.log.map(({ kind, title, icon }) => [kind, title, icon])

const codeOf = (error: unknown) => (error as { code: string }).code

describe.each(PHONES)('%s', (_name, make) => {
  let made: Adapted
  let api: Client
  beforeEach(() => {
    made = make()
    api = showing(made)
  })

  test('what is slow shows that it loads, and hides it again', async () => {
    const { fake } = made
    const asked = api.get('/slow')
    await fake.clock.advance(500)
    expect(fake.ui.shown).toMatchObject({ kind: 'loading', title: '加载中' })
    expect(await result(fake, asked)).toBe('ok')
    expect(fake.ui.shown).toBeUndefined()
    expect(seen(fake)).toEqual([['loading', '加载中', undefined]])
  })

  test('what has failed is said, for longer than a glance', async () => {
    const { fake } = made
    expect(await failure(fake, api.get('/missing'), 100)).toMatchObject({ code: 'HTTP_STATUS' })
    expect(fake.ui.shown).toMatchObject({ kind: 'toast', icon: 'none' })
    expect(fake.ui.shown?.title).toMatch(/[\u4e00-\u9fff]/)
    await fake.clock.advance(2300)
    expect(fake.ui.shown).toBeDefined()
    await fake.clock.advance(200)
    expect(fake.ui.shown).toBeUndefined()
  })

  test.each([
    ['confirm', 'ok'],
    ['cancel', 'HTTP_STATUS'],
  ] as const)('what may work again is asked about: %s', async (choice, outcome) => {
    const { fake } = made
    const asked = api.get('/down').then(String, codeOf)
    await fake.clock.advance(100)
    expect(fake.ui.modals).toMatchObject([{ confirmText: '重试', cancelText: '取消' }])
    expect(fake.ui.modals[0]?.content).toMatch(/[\u4e00-\u9fff]/)
    fake.ui.modals[0]?.[choice]()
    expect(await result(fake, asked)).toBe(outcome)
  })

  test('two clients of one phone show one loading', async () => {
    const { fake } = made
    const both = Promise.all([api.get('/slow'), showing(made).get('/slow')])
    expect(await result(fake, both)).toEqual(['ok', 'ok'])
    expect(seen(fake)).toHaveLength(1)
  })
})

test('an Alipay without a dialog says in a toast what it would have asked', async () => {
  const fake = createFakeAlipay({ clock: createFakeClock() })
  const my = { ...fake.my, confirm: undefined }
  const api = showing({ fake, platform: () => alipay(my) })
  expect(await failure(fake, api.get('/down'), 100)).toMatchObject({ code: 'HTTP_STATUS' })
  expect(fake.ui.shown).toMatchObject({ kind: 'toast' })
})
