/** A launch with nothing stored: one page asks for its data, which takes a login first. Says how many turns it took. */
import { createClient } from '../../miniprogram_dist/index.js'
import { say } from '../../tools/engines/inside/shell.mjs'
import { answer, turn } from './counting.mjs'

const later = (callback, result) => answer(() => callback(result))

const wx = {
  request({ url, success }) {
    const data = url.endsWith('/login') ? { token: 'a-token' } : { orders: [] }
    later(success, { data, statusCode: 200, header: {}, cookies: [], errMsg: 'request:ok' })
    return { abort: () => undefined }
  },
  login: ({ success }) => later(success, { code: 'a-code', errMsg: 'login:ok' }),
  checkSession: ({ success }) => later(success, { errMsg: 'checkSession:ok' }),
  getStorageSync: () => '',
  setStorageSync: () => undefined,
  removeStorageSync: () => undefined,
}

export function measure() {
  const api = createClient({ platform: wx, baseURL: 'https://api.test', login: { url: '/login' } })
  api.get('/orders').then(
    () => say({ turns: turn() }),
    (error) => say({ failed: String(error) }),
  )
}
