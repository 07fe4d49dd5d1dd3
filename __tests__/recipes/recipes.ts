// The code of the READMEs: what stands between #region and #endregion is what they show, word for word.
// readme.test.ts compares, recipes.test.ts runs it. Logins are in logins.ts, single requests in requests.ts.
import { BusinessError, createClient, type Platform } from 'miniprogram-session'

const baseURL = 'https://api.example.com'

export function namedToken() {
  // #region named-token
  const api = createClient({
    baseURL,
    login: { url: '/auth/wechat', token: 'data.login_key', expiresIn: 'data.ttl' },
  })
  // #endregion
  return api
}

export function cookie() {
  // #region cookie
  const api = createClient({
    baseURL,
    login: { url: '/login', token: { cookie: 'sid' } },
    attach: { cookie: 'sid' },
  })
  // #endregion
  return api
}

export function header() {
  // #region header
  const api = createClient({
    baseURL,
    login: { url: '/login', token: { header: 'X-Skey' } },
    attach: { header: 'X-Skey' },
  })
  // #endregion
  return api
}

export function prefix() {
  // #region prefix
  const api = createClient({
    baseURL,
    login: { url: '/login' },
    attach: ({ header }, token) => {
      header['Authorization'] = `Token ${token}`
    },
  })
  // #endregion
  return api
}

export function query() {
  // #region query
  const api = createClient({ baseURL, login: { url: '/login' }, attach: { query: 'access_token' } })
  // #endregion
  return api
}

export function body() {
  // #region body
  const api = createClient({ baseURL, login: { url: '/login' }, attach: { body: 'access_token' } })
  // #endregion
  return api
}

export function businessCode() {
  // #region business-code
  interface Envelope {
    code: number
    msg: string
    data: unknown
  }
  const api = createClient({
    baseURL,
    login: { url: '/login', token: 'data.token' },
    isUnauthorized: ({ data, statusCode }) => statusCode === 401 || (data as Envelope | null)?.code === 10401,
    unwrap({ data, statusCode }) {
      if (statusCode === 204) return undefined
      const { code, msg, data: inner } = Object(data) as Envelope
      if (code !== 0) throw new BusinessError(msg || '服务器繁忙', code)
      return inner
    },
  })
  // #endregion
  return api
}

export function cloudFunction() {
  // #region cloud-function
  const call = (name: string, data: object) => wx.cloud.callFunction({ name, data })
  const api = createClient({
    login: async (code) => (await call('login', { code })).result as { token: string },
  })
  const orders = () =>
    api.authorize((token) => call('orders', { token }), {
      isUnauthorized: ({ result }) => (result?.result as { status?: number } | undefined)?.status === 401,
    })
  // #endregion
  return { api, orders }
}

export function cloudHosting() {
  // #region cloud-hosting
  const base = 'https://container'
  const request: Platform['request'] = ({ url, header, data, ...options }) =>
    wx.cloud.callContainer({
      ...(options as object),
      path: url.slice(base.length),
      header: { ...header, 'X-WX-SERVICE': 'api' },
      data: data as string,
      config: { env: 'prod-1a2b3c' },
    })
  const platform = Object.create(wx, { request: { value: request } }) as Platform
  const api = createClient({ platform, baseURL: base, auth: false, autoLogin: false })
  // #endregion
  return api
}

export function severalHosts() {
  // #region several-hosts
  const api = createClient({
    baseURL: ['https://api.example.com', 'https://api-backup.example.com'],
    login: { url: '/login' },
  })
  // #endregion
  return api
}

export function severalBackEnds() {
  // #region several-back-ends
  const shop = createClient({ baseURL: 'https://shop.example.com', login: { url: '/login' } })
  const chat = createClient({
    baseURL: 'https://chat.example.com',
    login: { url: '/login' },
    storage: { key: 'chat-session' },
  })
  // #endregion
  return { shop, chat }
}

export function signature(hmac: (text: string) => string) {
  // #region signature
  const request: Platform['request'] = (options) => {
    const nonce = `${Date.now()}-${Math.random()}`
    const sign = hmac(`${nonce} ${options.method ?? 'GET'} ${options.url}`)
    return wx.request({ ...options, header: { ...options.header, 'X-Nonce': nonce, 'X-Sign': sign } })
  }
  const platform = Object.create(wx, { request: { value: request } }) as Platform
  const api = createClient({ baseURL, login: { url: '/login' }, platform })
  // #endregion
  return api
}
