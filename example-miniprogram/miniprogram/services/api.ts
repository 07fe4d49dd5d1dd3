import { createClient } from 'miniprogram-session'
import { SERVER } from '../config'
import { platform } from './conditions'

/** The one client of the app: all pages share its session and its login. */
export const api = createClient({
  baseURL: SERVER,
  login: { url: '/login' },
  // `wx` with the troubles that this example's buttons bring about. In your app leave this line out.
  platform,
})
