import { ConfigError, createAuth, memoryStore, refuse, wechat, type AuthOptions } from '../../src/index.ts'
import { mysqlStore } from '../../src/stores/mysql.ts'
import { postgresStore } from '../../src/stores/postgres.ts'
import { redisStore } from '../../src/stores/redis.ts'
import { fakeProvider, SECRET, setUp } from './helpers.ts'

function mistakesOf(options: object): readonly string[] {
  try {
    createAuth(options as AuthOptions)
    return []
  } catch (error) {
    return error instanceof ConfigError ? error.mistakes : [String(error)]
  }
}

const GOOD = { namespace: 'shop', secrets: [SECRET], store: memoryStore(), apps: [fakeProvider()] }

test('all mistakes are told at once, and what is missing is said', () => {
  const wrong = {
    namespace: 'Shop!',
    secrets: ['short', SECRET],
    apps: [{ id: 'x' }, wechat({ appid: '', secret: '' })],
    lifetime: { idle: '40d', absolute: '30d', roll: 1 },
    share: 'soon',
    sessionsPerUser: 1,
    token: { from: { header: 'a b' } },
    onlogin: () => 'x',
  }
  const text = mistakesOf(wrong).join('\n')
  for (const name of [
    'namespace',
    'secrets[0]',
    'store is missing',
    'apps[0]',
    'wechat: appid',
    'wechat: secret',
    'lifetime has an option',
    'lifetime.idle is longer',
    'share must',
    'sessionsPerUser',
    'token.from',
    '"onlogin" is not known',
  ]) {
    expect(text).toContain(name)
  }
  expect(mistakesOf({}).length).toBeGreaterThanOrEqual(4)
  expect(mistakesOf(GOOD)).toEqual([])
})

test.each<[string, () => object]>([
  ['redisStore', () => ({ store: redisStore(null as never) })],
  ['redisStore', () => ({ store: redisStore('redis://127.0.0.1' as never) })],
  ['mysqlStore', () => ({ store: mysqlStore(null as never) })],
  ['mysqlStore', () => ({ store: mysqlStore({ promise: () => undefined } as never) })],
  ['postgresStore', () => ({ store: postgresStore(undefined as never) })],
  ['limits.redis', () => ({ limits: { redis: 'redis://127.0.0.1' } })],
  ['limits.redis', () => ({ limits: { redis: null } })],
  ['wechat: appid', () => ({ apps: [wechat(undefined as never)] })],
  ['wechat: appid', () => ({ apps: [wechat(null as never)] })],
  ['wechat: fake', () => ({ apps: [wechat({ appid: 'wx1', secret: 's', fake: 'false' as never })] })],
])('what %s was given by mistake is told with all other mistakes', (name, given) => {
  const mistakes = mistakesOf({ ...GOOD, namespace: '', ...given() })
  expect(mistakes.join('\n')).toContain(name)
  expect(mistakes.join('\n')).toContain('namespace')
})

const POOL = { promise: () => undefined, getConnection: () => undefined }

test('a table of users that is none is told in all its parts, with all other mistakes', () => {
  const user = { table: 'a.b.c', key: 'id, name', columns: ['nick', 'nick', 7], colums: [] }
  const text = mistakesOf({ ...GOOD, namespace: '', store: mysqlStore(POOL, { user } as never) }).join('\n')
  for (const name of [
    'namespace',
    'mysqlStore: user has an option that is not known: there are table, key, columns.',
    'mysqlStore: user.table must be',
    'mysqlStore: user.key must be',
    'mysqlStore: user.columns[2] must be',
    'mysqlStore: user.columns has one of them twice',
  ]) {
    expect(text).toContain(name)
  }
  for (const wrong of ['users', { users: {} }, { user: 'users' }, { user: {} }, null]) {
    expect(mysqlStore(POOL, wrong as never).mistakes).not.toEqual([])
  }
  expect(mysqlStore(POOL, {}).mistakes).toEqual([])
})

const HOSTILE = ['id`; DROP TABLE users', '`id`; SELECT 1 -- `', '"a"b"', '"', '""', '`', 'a b', 'a?', '"a?"']
const MORE = ['id\n', '"id\0"', 'id -- ', "id'", 'a.', '.a', 'a..b', '"a" .b', 'x'.repeat(65), '', 7, null]

test.each([...HOSTILE, ...MORE])('a name of %j is none: no statement is made of it', (name) => {
  const good = { table: 'users', key: 'id', columns: ['nickname'] }
  for (const wrong of [{ table: name }, { key: name }, { columns: ['nickname', name] }]) {
    const [mistake, ...more] = mysqlStore(POOL, { user: { ...good, ...wrong } as never }).mistakes ?? []
    expect(more).toEqual([])
    expect(mistake).toContain(`user.${Object.keys(wrong)[0] ?? ''}`)
  }
})

test('a name of the app’s is one, quoted where it is no plain one', () => {
  for (const table of [
    'users',
    'shop.users',
    '用户',
    '"my shop"."my.users"',
    '`order`',
    'a$1',
    "`it's --`",
  ]) {
    expect(mysqlStore(POOL, { user: { table, key: 'id', columns: ['a'] } }).mistakes).toEqual([])
  }
})

test('a profile has the columns that were asked for, and no others, in its type', () => {
  const store = mysqlStore(POOL, {
    user: { table: 'users', key: 'id', columns: ['nickname', '`my avatar`'] },
  })
  const auth = createAuth({ ...GOOD, store, onLogin: () => ({ user: 'alice', data: { isVip: true } }) })
  jest.spyOn(auth, 'of').mockReturnValue({
    ...{ user: 'alice', app: 'a', account: 'b', id: 'c', createdAt: 1, endsAt: 2, data: { isVip: true } },
    profile: { nickname: 'Alice', 'my avatar': '/a.webp' },
  })
  const { data, profile } = auth.of({})
  const [isVip, nickname, avatar]: unknown[] = [data.isVip, profile?.nickname, profile?.['my avatar']]
  // @ts-expect-error there is no such column
  const phone: unknown = profile?.phone
  expect([isVip, nickname, avatar, phone]).toEqual([true, 'Alice', '/a.webp', undefined])
})

test('a mistake never tells a value', () => {
  const value = 'hunter2-the-password'
  const wrong = {
    namespace: `${value}!`,
    secrets: [value],
    store: mysqlStore(
      value as never,
      {
        user: { table: `${value}!`, key: `${value}!`, columns: [`${value}!`], [value]: 1 },
        [value]: 1,
      } as never,
    ),
    apps: [
      value,
      wechat({
        appid: `${value}!`,
        secret: value,
        api: `https://${value}.example.com`,
        ...{ [`${value}\n`]: 1 },
      }),
    ],
    lifetime: { idle: value, [value]: 1 },
    share: value,
    sessionsPerUser: value,
    deadline: value,
    token: { from: value },
    answers: value,
    [`${value}\n`]: 1,
    [SECRET]: 1,
  }
  const mistakes = mistakesOf(wrong)
  expect(mistakes.length).toBeGreaterThan(8)
  expect(mistakes.join('\n')).not.toContain(value)
  expect(mistakes.join('\n')).not.toContain(SECRET)
})

test.each([
  ['http://api.weixin.qq.com', false],
  ['https://api.weixin.qq.com.example.com', false],
  ['https://api.weixin.qq.com/path', false],
  ['https://api2.weixin.qq.com', true],
])('WeChat at %s without "fake": %s', (api, isGood) => {
  const mistakes = wechat({ appid: 'wx0123456789abcdef', secret: 's', api }).mistakes ?? []
  expect(mistakes.length === 0).toBe(isGood)
})

test('an option that wechat() does not know is a mistake, for it would ask WeChat itself', () => {
  const wrong = { appid: 'wx1', secret: 's', baseURL: 'http://127.0.0.1:9100' }
  expect(mistakesOf({ ...GOOD, apps: [wechat(wrong)] })).toEqual([
    'wechat has an option that is not known: there are appid, secret, api, fake.',
  ])
})

test('a fake says so in its id, so that no session of a fake is good elsewhere', () => {
  const fake = wechat({ appid: 'wx1', secret: 's', api: 'http://127.0.0.1:9100', fake: true })
  expect(fake.id).toBe('wechat:fake:wx1')
  expect(wechat({ appid: 'wx1', secret: 's' }).id).toBe('wechat:wx1')
  expect(wechat({ appid: 'wx1', secret: 's', fake: true }).mistakes).toHaveLength(1)
})

test('nobody is refused with a 401: a client would log in again, for ever', () => {
  expect(() => refuse(401, 'BANNED', 'no')).toThrow('not 401')
  expect(() => refuse(200, 'BANNED', 'no')).toThrow(RangeError)
})

test('times are told as people write them', async () => {
  const { auth } = setUp({ lifetime: { idle: '90min', absolute: '2d' } })
  const { expiresIn, idleTimeout } = await auth.login({ code: 'alice-1' })
  expect([expiresIn, idleTimeout]).toEqual([172_800, 5400])
})

test.each([
  ['production', true],
  ['developement', true],
  ['', true],
  [' Development ', false],
  ['test', false],
])('a fake lets anybody in, and says so where NODE_ENV is %j: %s', (mode, isSaid) => {
  const { NODE_ENV } = process.env
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  process.env['NODE_ENV'] = mode
  try {
    wechat({ appid: 'wx1', secret: 's', api: 'http://127.0.0.1:9100', fake: true })
    expect(warned.mock.calls.length).toBe(isSaid ? 1 : 0)
  } finally {
    process.env['NODE_ENV'] = NODE_ENV
    warned.mockRestore()
  }
})
