import { createClient } from 'miniprogram-session'
import { douyin } from 'miniprogram-session/douyin'
import { createFakeDouyin } from 'miniprogram-session/testing'
export { mistakes } from './mistakes'

export const api = createClient({
  platform: douyin(tt),
  baseURL: 'https://api.test',
  login: { url: '/login' },
})
export const asItIs = createClient({ platform: tt, baseURL: 'https://api.test', login: { url: '/login' } })

type Used =
  'login' | 'checkSession' | 'setStorage' | 'removeStorage' | 'request' | 'uploadFile' | 'downloadFile'
export const fake: Pick<typeof tt, Used> = createFakeDouyin().tt
