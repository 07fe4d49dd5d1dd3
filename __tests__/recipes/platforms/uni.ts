// #region uni-app
import { createClient } from 'miniprogram-session'
import { uniPlatform } from 'miniprogram-session/uni'

export const api = createClient({
  baseURL: 'https://api.example.com',
  login: { url: '/login' },
  platform: uniPlatform(uni),
})
// #endregion
