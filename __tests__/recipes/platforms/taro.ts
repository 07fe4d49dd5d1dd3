// #region taro
import Taro from '@tarojs/taro'
import { createClient } from 'miniprogram-session'

export const api = createClient({
  baseURL: 'https://api.example.com',
  login: { url: '/login' },
  platform: Taro,
})
// #endregion
