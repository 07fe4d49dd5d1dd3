// The wrong and right pairs of skills/miniprogram-session/SKILL.md: skill.test.ts shows what each wrong one does.
import { createClient, HttpError, type Client, type Middleware, type Platform } from 'miniprogram-session'

const baseURL = 'https://api.example.com'

interface Tokens {
  token: string
  refreshToken: string
}

export function ownLogin(api: Client) {
  // #region login-wrong
  const ask = () =>
    new Promise<string>((resolve, reject) => {
      wx.login({ success: ({ code }) => resolve(code), fail: reject })
    })
  async function load() {
    const { token } = await api.post<{ token: string }>('/login', { code: await ask() }, { auth: false })
    api.setSession(token)
    return api.get('/orders')
  }
  // #endregion
  return load
}

export function sharedLogin(api: Client) {
  // #region login-right
  const load = () => api.get('/orders')
  // #endregion
  return load
}

export function ownRetry(api: Client) {
  // #region retry-wrong
  const load = () =>
    api.get('/orders').catch(async (error: unknown) => {
      if (!(error instanceof HttpError) || error.response.statusCode !== 401) throw error
      await api.ensureLogin({ force: true })
      return api.get('/orders')
    })
  // #endregion
  return load
}

export function sharedRetry(api: Client) {
  // #region retry-right
  const load = () => api.get('/orders') // its 401 has had its login and its replay; what rejects is final
  // #endregion
  return load
}

export function refreshThatWaits() {
  // #region refresh-wrong
  const api = createClient({
    baseURL,
    login: { url: '/login', refresh: ({ data }) => api.post<Tokens>('/refresh', data) },
  })
  // #endregion
  return api
}

export function refreshAlone() {
  // #region refresh-right
  const api = createClient({
    baseURL,
    login: { url: '/login', refresh: ({ data }) => api.post<Tokens>('/refresh', data, { auth: false }) },
  })
  // #endregion
  return api
}

export function deleteByQuery(api: Client, reason: string) {
  // #region delete-wrong
  const cancel = (id: number) => api.delete(`/orders/${id}`, { reason }) // as axios and luch-request have it
  // #endregion
  return cancel
}

export function deleteWithBody(api: Client, reason: string) {
  // #region delete-right
  const cancel = (id: number) => api.delete(`/orders/${id}`, undefined, { data: { reason } })
  // #endregion
  return cancel
}

export function passwordAsSession(api: Client) {
  // #region password-wrong
  const change = (passwords: object) => api.put('/password', passwords) // 401: the old one was wrong
  // #endregion
  return change
}

export function passwordAsItself(api: Client) {
  // #region password-right
  const change = (passwords: object) => api.put('/password', passwords, { isUnauthorized: false })
  // #endregion
  return change
}

export function nonceInMiddleware(nonce: () => string) {
  // #region nonce-wrong
  const signed: Middleware = (request, next) =>
    next({ ...request, header: { ...request.header, 'X-Nonce': nonce() } })
  const api = createClient({ baseURL, login: { url: '/login' }, use: [signed] })
  // #endregion
  return api
}

export function nonceInPlatform(nonce: () => string) {
  // #region nonce-right
  const request: Platform['request'] = (options) =>
    wx.request({ ...options, header: { ...options.header, 'X-Nonce': nonce() } })
  const platform = Object.create(wx, { request: { value: request } }) as Platform
  const api = createClient({ baseURL, login: { url: '/login' }, platform })
  // #endregion
  return api
}
