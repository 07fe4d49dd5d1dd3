import type {
  ClientEvent,
  ClientOptions,
  ErrorCode,
  LoginOptions,
  PerRequest,
  RequestOptions,
  VerbOptions,
} from 'miniprogram-session'
import type { CacheOptions } from 'miniprogram-session/cache'
import type { SocketOptions } from 'miniprogram-session/socket'
import type { StreamOptions } from 'miniprogram-session/stream'
import type { FailuresOptions, LoadingOptions } from 'miniprogram-session/ui'
import { read } from '../recipes/pages'
import { cells, namesInTables } from './markdown'

type Phase<Type extends ClientEvent['type']> =
  Extract<ClientEvent, { type: Type }> extends { phase: infer P extends string } ? P : never
type Names<Options> = Record<keyof Required<Options>, true>

// Each list is one that the compiler completes: it says when a name is missing, and when there is none of that name.

const PHASES: { [Type in ClientEvent['type']]: Record<Phase<Type>, true> } = {
  login: { start: true, success: true, fail: true },
  session: {},
  check: { start: true, passed: true, failed: true, unanswered: true },
  request: { wait: true, send: true, replay: true, retry: true, success: true, fail: true },
  logout: {},
  'storage-error': {},
}

const CLIENT: Names<ClientOptions> = {
  login: true,
  autoLogin: true,
  auth: true,
  baseURL: true,
  attach: true,
  rotate: true,
  isUnauthorized: true,
  unwrap: true,
  checkSession: true,
  storage: true,
  header: true,
  timeout: true,
  totalTimeout: true,
  retry: true,
  methodOverride: true,
  concurrency: true,
  authOrigins: true,
  throwHttpErrors: true,
  use: true,
  platform: true,
  onEvent: true,
}
const LOGIN: Names<LoginOptions> = {
  url: true,
  exchange: true,
  code: true,
  method: true,
  data: true,
  header: true,
  token: true,
  expiresIn: true,
  refresh: true,
  timeout: true,
  retry: true,
}
const REQUEST: Names<PerRequest & Pick<VerbOptions, 'unwrap'>> = {
  auth: true,
  query: true,
  header: true,
  retry: true,
  timeout: true,
  totalTimeout: true,
  throwHttpErrors: true,
  unwrap: true,
  isUnauthorized: true,
  signal: true,
  context: true,
}
const STREAM: Names<Omit<StreamOptions, Exclude<keyof RequestOptions, 'timeout' | 'totalTimeout'>>> = {
  timeout: true,
  idleTimeout: true,
  totalTimeout: true,
  maxLength: true,
}
const SOCKET: Names<SocketOptions> = {
  url: true,
  auth: true,
  protocols: true,
  header: true,
  isUnauthorized: true,
  verify: true,
  shouldReconnect: true,
  connectionTimeout: true,
  minReconnectionDelay: true,
  maxReconnectionDelay: true,
  minUptime: true,
  maxRetries: true,
  maxEnqueuedMessages: true,
  heartbeat: true,
  closeOnHide: true,
}
const CACHE: Names<CacheOptions> = {
  ttl: true,
  staleWhileRevalidate: true,
  staleIfError: true,
  max: true,
  store: true,
  vary: true,
  onUpdate: true,
}
const UI: Names<LoadingOptions & FailuresOptions> = {
  title: true,
  delay: true,
  minDuration: true,
  mask: true,
  language: true,
  messages: true,
  retry: true,
}
const ERRORS: Record<ErrorCode, true> = {
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
  LOGIN_REQUIRED: true,
  LOGIN_FAILED: true,
  LOGIN_TIMEOUT: true,
  LOGIN_REJECTED: true,
  LOGIN_BAD_RESPONSE: true,
  LOGIN_BLOCKED: true,
  LOGIN_COOLDOWN: true,
  LOGGED_OUT: true,
  SINGLE_PAGE_MODE: true,
}

describe.each(['docs', 'docs/zh'])('%s', (folder) => {
  test.each([
    ['options', { ...CLIENT, ...LOGIN }],
    ['requests', REQUEST],
    ['errors', ERRORS],
    ['events', PHASES],
  ])('%s.md has all there is, and nothing else', (page, names) => {
    const told = new Set(namesInTables(read(`${folder}/${page}.md`)))
    expect([...told].sort()).toEqual(Object.keys(names).sort())
  })

  test.each([
    ['streams', STREAM],
    ['sockets', SOCKET],
    ['pages', { ...CACHE, ...UI }],
  ])('%s.md leaves no option out', (page, names) => {
    expect(namesInTables(read(`${folder}/${page}.md`))).toEqual(expect.arrayContaining(Object.keys(names)))
  })

  test('events.md has each phase of each event', () => {
    const rows = Array.from(read(`${folder}/events.md`).matchAll(/^\| `[^`]+` \|.*$/gm), ([row]) =>
      cells(row),
    )
    const inCode = (cell = '') => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name)
    expect(rows.map(([type, phases]) => [...inCode(type), inCode(phases)])).toEqual(
      Object.entries(PHASES).map(([type, phases]) => [type, Object.keys(phases)]),
    )
  })
})
