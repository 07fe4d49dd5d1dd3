import { createClient, type ClientEvent, type ErrorCode } from 'miniprogram-session'
import { createFakeWeChat } from 'miniprogram-session/testing'
import { blocks, deadLinks, fences, read, regions } from './pages'

const sources = regions(
  'quick-start/api.ts',
  'quick-start/app.ts',
  'quick-start/pages/orders/index.ts',
  'quick-start/page.js',
  'recipes.ts',
  'logins.ts',
  'requests.ts',
  'sockets.ts',
  'testing.test.ts',
  'platforms/taro.ts',
  'platforms/uni.ts',
  'migration/before.js',
  'migration/request.ts',
  'migration/we-request.ts',
  'migration/luch-request.ts',
  'migration/axios-miniprogram.ts',
)

describe.each(['', '.zh-CN'])('README%s.md and docs/recipes%s.md', (language) => {
  const text = [`README${language}.md`, `docs/recipes${language}.md`].map(read).join('\n')

  test('show the code that is compiled and run here, all of it', () => {
    expect(blocks(text)).toEqual(sources)
  })

  test('have no other code that nobody runs', () => {
    expect(fences(text)).toBe(Object.keys(sources).length)
  })

  test('show the code in the order of the other language', () => {
    const order = (page: string) => Object.keys(blocks(read(page)))
    expect(order(`README${language}.md`)).toEqual(order('README.md'))
    expect(order(`docs/recipes${language}.md`)).toEqual(order('docs/recipes.md'))
  })
})

/** The example is put through WeChat's own packer with these settings: see tools/devtools-check. */
test.each(['README.md', 'README.zh-CN.md'])('%s says what the example says to "Build npm"', (file) => {
  const [, lines = ''] = /```json\n([^]*?)```/.exec(read(file)) ?? []
  const { setting } = JSON.parse(read('example-miniprogram/project.config.json')) as { setting: object }
  expect(setting).toMatchObject(JSON.parse(`{${lines}}`) as object)
})

test.each(['README.md', 'README.zh-CN.md'])('%s installs the version that npm pack makes', (file) => {
  const { version } = JSON.parse(read('package.json')) as { version: string }
  expect(read(file)).toContain(`/miniprogram-session-${version}.tgz\n`)
})

test.each([
  'README.md',
  'README.zh-CN.md',
  'CONTRIBUTING.md',
  'AGENTS.md',
  'docs/recipes.md',
  'docs/recipes.zh-CN.md',
  'docs/streams.md',
  'docs/streams.zh-CN.md',
  'docs/platforms.md',
  'docs/platforms.zh-CN.md',
  'docs/sockets.md',
  'docs/sockets.zh-CN.md',
  'docs/testing.md',
  'docs/testing.zh-CN.md',
])('%s has no link that leads nowhere', (page) => {
  expect(deadLinks(page)).toEqual([])
})

/** Pages of the documentation with code of their own, and where that is compiled and run. */
const PAGES: [string, string[]][] = [
  ['streams', ['streams.ts', 'streams.test.ts']],
  ['platforms', ['platforms/alipay.ts']],
  ['sockets', ['open-socket.ts', 'open-socket.test.ts']],
  ['testing', ['fake.test.ts']],
]

describe.each(PAGES)('docs/%s', (page, files) => {
  const sources = regions(...files)

  test.each([`docs/${page}.md`, `docs/${page}.zh-CN.md`])(
    '%s shows the code that is compiled and run here, and no other',
    (file) => {
      const text = read(file)
      expect(blocks(text)).toEqual(sources)
      expect(fences(text)).toBe(Object.keys(sources).length)
    },
  )
})

/** What the first column of the tables names. */
const names = (file: string) =>
  new Set([...read(file).matchAll(/^\| `([^|]+)` \|/gm)].map(([, cell]) => cell))

test('both tell of the same options, members, codes and events', () => {
  expect(names('README.zh-CN.md')).toEqual(names('README.md'))
})

/** The options of a kind, as the error for an unknown one lists them. */
function optionsIn(wrong: object): string[] {
  const login = { url: 'https://api.test/login' }
  try {
    createClient({ login, ...wrong })
  } catch (error) {
    const [, list = ''] = /There are: (.*)\.$/.exec((error as Error).message) ?? []
    return list.split(', ')
  }
  return []
}

test.each([{ unknown: 1 }, { login: { url: '/login', unknown: 1 } }])(
  'no option is left out: %j',
  (wrong) => {
    const options = optionsIn(wrong)
    expect(options).toContain(wrong.login ? 'refresh' : 'baseURL')
    expect([...names('README.md')]).toEqual(expect.arrayContaining(options))
  },
)

test('no code is left out', () => {
  const codes: Record<ErrorCode, true> = {
    HTTP_STATUS: true,
    UNAUTHORIZED: true,
    BUSINESS: true,
    NETWORK: true,
    OFFLINE: true,
    INTERRUPTED: true,
    TIMEOUT: true,
    ABORTED: true,
    CONFIG: true,
    BAD_STREAM: true,
    LOGIN_FAILED: true,
    LOGIN_TIMEOUT: true,
    LOGIN_REJECTED: true,
    LOGIN_BAD_RESPONSE: true,
    LOGIN_BLOCKED: true,
    LOGIN_COOLDOWN: true,
    LOGIN_REQUIRED: true,
    LOGGED_OUT: true,
    SINGLE_PAGE_MODE: true,
  }
  expect([...names('README.md')]).toEqual(expect.arrayContaining(Object.keys(codes)))
})

test('no event is left out', () => {
  const events: Record<ClientEvent['type'], true> = {
    login: true,
    session: true,
    check: true,
    request: true,
    logout: true,
    'storage-error': true,
  }
  expect([...names('README.md')]).toEqual(expect.arrayContaining(Object.keys(events)))
})

test('no member is left out', () => {
  const { wx: platform } = createFakeWeChat()
  const client = createClient({ platform, baseURL: 'https://api.test', login: { url: '/login' } })
  const told = read('README.md').match(/^## Client$[^]*?^## /m)?.[0] ?? ''
  for (const member of Object.keys(client)) expect(told).toContain(`\`${member}`)
})
