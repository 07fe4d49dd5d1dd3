import Taro from '@tarojs/taro'
import { createClient } from 'miniprogram-session'
import { taroPlatform } from 'miniprogram-session/taro'
export { mistakes } from './mistakes'

export const api = createClient({
  platform: taroPlatform(Taro),
  baseURL: 'https://api.test',
  login: { url: '/login' },
})
export const asItIs = createClient({ platform: Taro, baseURL: 'https://api.test', login: { url: '/login' } })
