// The READMEs' recipes for sessions: see recipes.ts.
import { createClient, RequestError, type Client } from 'miniprogram-session'

const baseURL = 'https://api.example.com'

export function refresh() {
  // #region refresh
  interface Tokens {
    token: string
    refreshToken: string
  }
  const keep = ({ token, refreshToken }: Tokens) => ({ token, data: { refreshToken } })
  const api = createClient({
    baseURL,
    login: {
      url: '/login',
      token: ({ data }) => keep(data as Tokens),
      refresh: ({ data }) => api.post<Tokens>('/refresh', data, { auth: false }).then(keep),
    },
  })
  // #endregion
  return api
}

export function rotation() {
  // #region rotation
  const api = createClient({ baseURL, login: { url: '/login' }, rotate: { header: 'authorization' } })
  // #endregion
  return api
}

export function phoneWithCode(api: Client) {
  // #region phone-data
  async function onGetPhoneNumber({ detail }: { detail: { code?: string } }) {
    if (detail.code) await api.ensureLogin({ data: { phoneCode: detail.code } })
  }
  // #endregion
  return onGetPhoneNumber
}

export async function phoneBySms(api: Client, phone: string, sms: string) {
  // #region phone-session
  const { token } = await api.post<{ token: string }>('/login/sms', { phone, sms }, { auth: false })
  api.setSession(token)
  // #endregion
}

export function loginPage() {
  // #region login-page
  const api = createClient({ baseURL, login: { url: '/login' }, autoLogin: false })

  const orders = () =>
    api.get('/orders').catch((error: unknown) => {
      if (!(error instanceof RequestError) || error.code !== 'LOGIN_REQUIRED') throw error
      return wx.navigateTo({ url: '/pages/login/index' })
    })
  // On the login page, once the user agrees:
  const agree = () => api.ensureLogin()
  // #endregion
  return { api, orders, agree }
}

export function guests() {
  // #region guests
  const api = createClient({ baseURL, login: { url: '/login' }, auth: 'optional' })
  const news = () => api.get('/news')
  const order = (title: string) => api.post('/orders', { title }, { auth: true })
  // #endregion
  return { api, news, order }
}
