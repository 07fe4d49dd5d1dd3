import { ConfigError, createClient } from '../src'
import { createFakeWeChat } from '../src/testing'
import { thrown, usual } from './phone'

/** What createClient says to options of which some are wrong. */
function refusal(wrong: object) {
  return thrown(() => createClient({ ...usual(createFakeWeChat()), ...wrong }))
}

test.each([
  ['storage', { storage: { get: () => undefined, set: () => undefined } }],
  ['storage', { storage: { key: '' } }],
  ['storage', { storage: { key: 5 } }],
  ['storage', { storage: { keys: 'x' } }],
  ['storage', { storage: { encrypt: 'yes' } }],
  ['retry', { retry: { limit: -1 } }],
  ['retry', { retry: { methods: 'GET' } }],
  ['retry', { retry: { limits: 3 } }],
  ['attach', { attach: null }],
  ['attach', { attach: { header: 5 } }],
  ['authOrigins', { authOrigins: [5] }],
  ['baseURL', { baseURL: [5] }],
  ['baseURL', { baseURL: ['https://a.test', ''] }],
  ['baseURL', { baseURL: 'https://a.test/?x=1' }],
  ['login.token', { login: { url: '/login', token: { cookies: 'sid' } } }],
  ['platform', { platform: {} }],
])('wrong options are refused, by name: %s in %j', (name, wrong) => {
  const error = refusal(wrong)
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toContain(name)
})
