import {
  AbortError,
  LoginError,
  NetworkError,
  type ClientEvent,
  type SessionSource,
} from 'miniprogram-session'
import { originOf } from '../../../miniprogram/pages/session/origin'
import { failureOf, isAborted } from '../../../miniprogram/utils/failure'
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

  it('of WeChat itself keeps its wording for the person who looks into it', () => {
    expect(failureOf({ errMsg: 'getWeRunData:fail need to login first' })).toMatchObject({
      title: '未能从微信获取数据',
      detail: 'getWeRunData:fail need to login first',
    })
  })

  it('of a page that was left is none to show', () => {
    expect(isAborted(new AbortError())).toBe(true)
    expect(isAborted(new Error('x'))).toBe(false)
  })
})

describe('an event', () => {
  const login = (phase: 'start' | 'success' | 'fail', at = 0): ClientEvent => ({
    type: 'login',
    phase,
    reason: 'expired',
    at,
    duration: 320,
  })

  const session = (source: SessionSource): ClientEvent => ({ type: 'session', source, at: 0 })

  it('is told in a line', () => {
    expect(lineOf(session('rotated'))).toEqual({ tone: 'login', text: '登录态更换', note: '服务器换发' })
    expect(lineOf(login('success'))).toEqual({ tone: 'login', text: '登录成功', note: '320 ms' })
    expect(pathOf('http://127.0.0.1:3000/orders')).toBe('/orders')
  })

  it('tells how the session came to be', () => {
    expect(originOf([], true)).toEqual({ title: '来自本机存储', note: '还没有请微信确认' })
    expect(originOf([{ type: 'check', phase: 'passed', at: 0 }], true).note).toBe('微信已确认有效')
    const events = [login('start'), session('login'), login('success')]
    expect(originOf(events, true)).toEqual({ title: '本次启动登录', note: '原因：登录态已到期' })
    expect(originOf([...events, session('adopted')], true).title).toBe('来自另一个副本')
  })

  it('says when there is none, and when one is on its way', () => {
    expect(originOf([], false)).toEqual({ title: '没有登录态', note: '下个请求会自动登录' })
    expect(originOf([login('success'), { type: 'logout', at: 1 }], false).title).toBe('没有登录态')
    expect(originOf([login('start')], false).title).toBe('正在登录')
    expect(originOf([login('start'), login('fail')], false).note).toBe('登录失败，下个请求会再试')
  })
})
