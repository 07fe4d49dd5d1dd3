import { ConfigError } from '../../src'
import { isAbsolute, isSafeOrigin, join, originOf, safeOrigin, withoutQuery } from '../../src/transport/urls'
import { thrown } from '../phone'

test.each([
  ['https://api.test', 'https://api.test'],
  ['https://api.test/orders?page=2#top', 'https://api.test'],
  ['HTTPS://API.Test/Orders', 'https://api.test'],
  ['https://api.test:443/x', 'https://api.test'],
  ['http://api.test:80/x', 'http://api.test'],
  ['https://api.test:80/x', 'https://api.test:80'],
  ['https://api.test:8443', 'https://api.test:8443'],
  ['http://[::1]:3000/x', 'http://[::1]:3000'],
  ['https://[2001:db8::1]', 'https://[2001:db8::1]'],
  ['https://api.test?next=https://evil.test', 'https://api.test'],
  ['https://api.test#@evil.test', 'https://api.test'],
  ['https://例え.test/x', 'https://例え.test'],
])('the origin of %s is %s', (url, origin) => {
  expect(originOf(url)).toBe(origin)
})

test.each([
  ['a user name', 'https://api.test@evil.test/'],
  ['a user name and password', 'https://user:pass@api.test/'],
  ['a backslash after the host', 'https://api.test\\@evil.test/'],
  ['backslashes for slashes', 'https:\\\\api.test/'],
  ['a percent sign in the host', 'https://api.test%2eevil.test/'],
  ['a tab in the host', 'https://api.\ttest/'],
  ['a line break in the host', 'https://api.test\n.evil.test/'],
  ['a space before it', ' https://api.test/'],
  ['no host', 'https:///orders'],
  ['one slash', 'https:/api.test/'],
  ['no scheme', '//api.test/'],
  ['another scheme', 'ftp://api.test/'],
  ['a scheme that only begins like one', 'httpsx://api.test/'],
  ['nothing at all', ''],
])('a URL with %s has no origin, hence gets no token', (_what, url) => {
  expect(originOf(url)).toBeUndefined()
})

test.each([
  'https://anything.test',
  'http://localhost',
  'http://localhost:3000',
  'http://127.0.0.1:8080',
  'http://10.0.0.7',
  'http://10.20.30.40',
  'http://127.10.20.30',
  'http://172.20.10.30',
  'http://172.22.0.1',
  'http://192.168.1.20:3000',
  'http://172.16.0.1',
  'http://172.31.255.255',
  'http://[::1]:3000',
])('a token may travel to %s', (origin) => {
  expect(isSafeOrigin(origin)).toBe(true)
})

test.each([
  'http://api.test',
  'http://localhost.evil.test',
  'http://127.0.0.1.evil.test',
  'http://10.0.0.7.evil.test',
  'http://110.0.0.7',
  'http://172.15.0.1',
  'http://172.32.0.1',
  'http://192.169.1.1',
  'http://evil.test:3000',
  'http://localhost:3000.evil.test',
  'http://xlocalhost',
  'http://10.0.0.7.8',
  'http://192.168.1.1.1',
  'http://[::1].evil.test',
])('a token may not travel to %s in the clear', (origin) => {
  expect(isSafeOrigin(origin)).toBe(false)
})

test('an option that is no URL is named, without its query', () => {
  const error = thrown(() => safeOrigin('api.test/?key=secret', 'baseURL'))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toContain('baseURL: "api.test/"')
  expect(error.message).not.toContain('secret')
})

test('a plain http back end is refused, and told what to do', () => {
  const error = thrown(() => safeOrigin('http://api.test/v1', 'baseURL'))
  expect(error.message).toMatch(/^baseURL: http:\/\/api\.test .*Use https/)
})

test.each([
  ['https://api.test', true],
  ['HTTP://api.test', true],
  ['javascript:alert(1)', true],
  ['h2+c:x', true],
  ['/orders', false],
  ['orders', false],
  ['//evil.test', false],
  ['/items:batch', false],
  ['', false],
  [' https://evil.test', false],
])('%s is absolute: %s', (url, expected) => {
  expect(isAbsolute(url)).toBe(expected)
})

test.each([
  ['https://api.test', '/orders', 'https://api.test/orders'],
  ['https://api.test/', '/orders', 'https://api.test/orders'],
  ['https://api.test/v1', 'orders', 'https://api.test/v1/orders'],
  ['https://api.test/v1///', '///orders', 'https://api.test/v1/orders'],
  ['https://api.test/v1', '', 'https://api.test/v1'],
  ['https://api.test', '.evil.test', 'https://api.test/.evil.test'],
  ['https://api.test', '@evil.test', 'https://api.test/@evil.test'],
  ['https://api.test', ':8080/x', 'https://api.test/:8080/x'],
  ['https://api.test', '//evil.test/x', 'https://api.test/evil.test/x'],
  ['https://api.test', '\\evil.test', 'https://api.test/\\evil.test'],
  ['https://api.test', ' https://evil.test', 'https://api.test/ https://evil.test'],
])('%s and %s make %s: the host stays what it was', (base, url, whole) => {
  expect(join(base, url)).toBe(whole)
  expect(originOf(join(base, url))).toBe('https://api.test')
})

test.each([
  ['https://api.test/x?token=secret', 'https://api.test/x'],
  ['https://api.test/x#secret', 'https://api.test/x'],
  ['/x?a=1?b=2#c', '/x'],
  ['/x', '/x'],
])('%s without its query is %s', (url, plain) => {
  expect(withoutQuery(url)).toBe(plain)
})

test.each([
  ['https://a.test:4431', 'https://a.test:4431'],
  ['http://localhost:8080', 'http://localhost:8080'],
  ['https://a.test:443', 'https://a.test'],
  ['http://localhost:80/x', 'http://localhost'],
])('of %s the origin is %s', (url, origin) => {
  expect(originOf(url)).toBe(origin)
})
