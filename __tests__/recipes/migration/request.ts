// #region request-js-after
import { createClient, type Method } from 'miniprogram-session'

export const api = createClient({
  baseURL: 'https://api.example.com',
  login: { url: '/login' },
  storage: { key: 'token' }, // those who are logged in stay so
})

export const request = (url: string, data?: object, method: Method = 'GET') =>
  api.request({ url, data, method }).then((res) => res.data)
// #endregion
