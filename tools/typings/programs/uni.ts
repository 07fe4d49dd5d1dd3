import { createClient } from 'miniprogram-session'
import { uniPlatform } from 'miniprogram-session/uni'
export { mistakes } from './mistakes'

export const api = createClient({
  platform: uniPlatform(uni),
  baseURL: 'https://api.test',
  login: { url: '/login' },
})
export const asItIs = createClient({ platform: uni, baseURL: 'https://api.test', login: { url: '/login' } })
