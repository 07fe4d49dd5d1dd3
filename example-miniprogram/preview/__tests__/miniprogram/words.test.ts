import {
  AbortError,
  LoginError,
  NetworkError,
  HttpError,
  type ClientEvent,
  type LoginReason,
  type SessionSource,
} from 'miniprogram-session'
import { SessionOrigin } from '../../../miniprogram/services/session-origin'
import { failureOf, isOver } from '../../../miniprogram/utils/failure'
import { dayTime, longDuration, shortDuration } from '../../../miniprogram/utils/time'
import { lineOf, pathOf } from '../../../miniprogram/utils/words'

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1250, '1.3 s'],
    [12_340, '12 s'],
  ])('%d ms are short %s', (ms, text) => expect(shortDuration(ms)).toBe(text))

  it.each([
    [-1, '0 秒'],
    [59_000, '59 秒'],
    [200_000, '3 分 20 秒'],
    [2_592_000_000, '30 天'],
    [2_591_999_000, '29 天 23 小时'],
    [7_200_000, '2 小时'],
    [7_140_000, '1 小时 59 分'],
  ])('%d ms are long %s', (ms, text) => expect(longDuration(ms)).toBe(text))

  it('a day is told in the time of the phone', () => {
    expect(dayTime(new Date(2026, 0, 23, 9, 5).getTime())).toBe('1月23日 09:05')
  })
})

describe('an error', () => {
  it('is told with what to do', () => {
    const offline = failureOf(new NetworkError('OFFLINE', 'request:fail', 600001))
    expect(offline).toMatchObject({ title: '没有网络', advice: '网络恢复后再试一次' })
  })

  it('of a login without network is told as that, and one that needs the user asks for it', () => {
    const offline = new NetworkError('OFFLINE', 'login:fail', 600001)
    expect(failureOf(new LoginError('LOGIN_FAILED', 'x', offline)).title).toBe('没有网络')
    expect(failureOf(new LoginError('LOGIN_FAILED', 'x')).title).toBe('登录失败')
    expect(failureOf(new LoginError('LOGIN_REQUIRED', 'x')).title).toBe('需要登录')
  })

  it('shows users a code to read out, and no prose for developers', () => {
    const server = new HttpError({
      statusCode: 503,
      data: 'Service Unavailable',
      header: {},
      cookies: [],
      errMsg: '',
    })
    const detailOf = (error: unknown) => failureOf(error).detail
    expect(detailOf(server)).toBe('HTTP_STATUS 503')
    expect(detailOf(new NetworkError('OFFLINE', 'request:fail no way out', 600001))).toBe('OFFLINE 600001')
    expect(detailOf(new LoginError('LOGIN_FAILED', 'The server said no.'))).toBe('LOGIN_FAILED')
    expect(detailOf({ errMsg: 'getWeRunData:fail need to login first' })).toBe('getWeRunData:fail')
    expect(detailOf(new TypeError('x is not a function'))).toBe('')
  })

  it('tells nobody to start a server', () => {
    const failure = failureOf(new NetworkError('NETWORK', 'request:fail', 600002))
    expect(failure).toMatchObject({ title: '连不上服务器', advice: '请稍后再试一次' })
  })

  it('of a page that was left, or a user who logged out, is none to show', () => {
    expect(isOver(new AbortError())).toBe(true)
    expect(isOver(new LoginError('LOGGED_OUT', 'x'))).toBe(true)
    expect(isOver(new Error('x'))).toBe(false)
  })
})

const login = (phase: 'start' | 'success' | 'fail', reason: LoginReason = 'expired'): ClientEvent => ({
  type: 'login',
  phase,
  reason,
  at: 0,
  duration: 320,
})
const session = (source: SessionSource): ClientEvent => ({ type: 'session', source, at: 0 })

describe('an event', () => {
  it('is told in a line', () => {
    expect(lineOf(session('rotated'))).toEqual({ tone: 'login', text: '登录态更换', note: '服务器换发' })
    expect(lineOf(login('success'))).toEqual({ tone: 'login', text: '登录成功', note: '320 ms' })
    expect(pathOf('http://127.0.0.1:3000/orders')).toBe('/orders')
  })
})

describe('how the session came to be', () => {
  const after = (...events: ClientEvent[]) => {
    const origin = new SessionOrigin()
    for (const event of events) origin.add(event)
    return origin
  }

  it('is told of one that was stored, and of what WeChat says of it', () => {
    expect(after().describe(true)).toEqual({ title: '来自本机存储', note: '还没有请微信确认' })
    expect(after({ type: 'check', phase: 'passed', at: 0 }).describe(true).note).toBe('微信已确认有效')
  })

  it('is told of a login, and of what came after it', () => {
    const events = [login('start'), session('login'), login('success')]
    expect(after(...events).describe(true)).toEqual({ title: '本次启动登录', note: '原因：登录态已到期' })
    expect(after(...events, session('adopted')).describe(true).title).toBe('来自另一个副本')
    const refreshed = after(login('start'), session('refresh'), login('success'))
    expect(refreshed.describe(true)).toEqual({ title: '由刷新得来', note: '原因：登录态已到期' })
  })

  it('is told of a forced login, also when the server gives the same token again', () => {
    const passed: ClientEvent = { type: 'check', phase: 'passed', at: 0 }
    const forced = after(session('stored'), passed, login('start', 'forced'), login('success', 'forced'))
    expect(forced.describe(true)).toEqual({ title: '本次启动登录', note: '原因：手动要求' })
  })

  it('is still known after more events than any log keeps', () => {
    const origin = after(login('start'), session('login'), login('success'))
    const request: ClientEvent = {
      type: 'request',
      phase: 'success',
      id: 1,
      at: 0,
      method: 'GET',
      url: '/me',
      attempt: 1,
      duration: 1,
    }
    for (let n = 0; n < 600; n++) origin.add(request)
    expect(origin.describe(true).note).toBe('原因：登录态已到期')
  })

  it('is said when there is none, and when one is on its way', () => {
    expect(after().describe(false)).toEqual({ title: '没有登录态', note: '下个请求会自动登录' })
    expect(after(login('success'), { type: 'logout', at: 1 }).describe(false).title).toBe('没有登录态')
    expect(after(login('start')).describe(false).title).toBe('正在登录')
    expect(after(login('start'), { type: 'logout', at: 1 }).describe(false).title).toBe('没有登录态')
    expect(after(login('start'), login('fail')).describe(false).note).toBe('登录失败，下个请求会再试')
  })
})
