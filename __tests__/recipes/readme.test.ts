import { createClient, type ClientEvent, type ErrorCode } from 'miniprogram-session'
import { createFakeWeChat } from 'miniprogram-session/testing'
import { blocks, read, regions } from './regions'

const files = [
  'quick-start/api.ts',
  'quick-start/app.ts',
  'quick-start/pages/orders/index.ts',
  'recipes.ts',
  'logins.ts',
  'requests.ts',
  'testing.test.ts',
]
const sources = regions(files.map(read).join(''))

describe.each(['README.md', 'README.zh-CN.md'])('%s', (file) => {
  const text = read(`../../${file}`)

  test('shows the code that is compiled and run here, all of it', () => {
    expect(blocks(text)).toEqual(sources)
  })

  test('has no other TypeScript that nobody runs', () => {
    expect(text.match(/```ts/g)).toHaveLength(Object.keys(sources).length)
  })
})

/** Pages of the documentation with code of their own, and where that is compiled and run. */
const PAGES: [string, string[]][] = [
  ['streams', ['streams.ts', 'streams.test.ts']],
  ['sockets', ['sockets.ts', 'sockets.test.ts']],
]

describe.each(PAGES)('docs/%s', (page, files) => {
  const sources = regions(files.map(read).join(''))

  test.each([`${page}.md`, `${page}.zh-CN.md`])(
    '%s shows the code that is compiled and run here, and no other',
    (file) => {
      const text = read(`../../docs/${file}`)
      expect(blocks(text)).toEqual(sources)
      expect(text.match(/```ts/g)).toHaveLength(Object.keys(sources).length)
    },
  )
})

/** What the first column of the tables names. */
const names = (file: string) =>
  new Set([...read(`../../${file}`).matchAll(/^\| `([^|]+)` \|/gm)].map(([, cell]) => cell))

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
  const told = read('../../README.md').match(/^## Client$[^]*?^## /m)?.[0] ?? ''
  for (const member of Object.keys(client)) expect(told).toContain(`\`${member}`)
})
