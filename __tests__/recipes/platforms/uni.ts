// #region uni-app
import { createClient } from 'miniprogram-session'

export const api = createClient({
  baseURL: 'https://api.example.com',
  login: { url: '/login' },
  platform: uni,
})
// #endregion
