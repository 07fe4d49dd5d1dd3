import { createClient } from 'miniprogram-session'
import { SERVER } from '../config'
import { conditions } from './conditions'

/** The one client of the app: all pages share its session and its login. */
export const api = createClient({
  baseURL: SERVER,
  login: { url: '/login' },
  // Only because this example lets you switch the network off by a button; yours needs no `platform`.
  platform: conditions.platform,
})
