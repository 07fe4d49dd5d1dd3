import { createClient } from 'miniprogram-session'
import { alipay } from 'miniprogram-session/alipay'
import { createFakeAlipay } from 'miniprogram-session/testing'
export { mistakes } from './mistakes'

export const api = createClient({
  platform: alipay(my),
  baseURL: 'https://api.test',
  login: { url: '/login' },
})

type Used = 'getStorageSync' | 'setStorageSync' | 'removeStorageSync'
export const fake: Pick<typeof my, Used> = createFakeAlipay().my
