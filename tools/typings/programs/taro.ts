import Taro from '@tarojs/taro'
import { createClient } from 'miniprogram-session'
export { mistakes } from './mistakes'

export const api = createClient({ platform: Taro, baseURL: 'https://api.test', login: { url: '/login' } })
