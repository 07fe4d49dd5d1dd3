// #region taro
import Taro from '@tarojs/taro'
import { createClient } from 'miniprogram-session'
import { taroPlatform } from 'miniprogram-session/taro'

export const api = createClient({
  baseURL: 'https://api.example.com',
  login: { url: '/login' },
  platform: taroPlatform(Taro),
})
// #endregion
