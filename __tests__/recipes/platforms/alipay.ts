// #region alipay
import { createClient } from 'miniprogram-session'
import { alipay } from 'miniprogram-session/alipay'

export const api = createClient({
  baseURL: 'https://api.example.com',
  login: { url: '/login' },
  platform: alipay(my),
})
// #endregion
