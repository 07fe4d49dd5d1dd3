import { createClient } from 'miniprogram-session'
export { mistakes } from './mistakes'

export const api = createClient({ platform: tt, baseURL: 'https://api.test', login: { url: '/login' } })
