import { createClient } from 'miniprogram-session'
import { failures, loading } from 'miniprogram-session/ui'
import { SERVER } from '../config'
import { platform } from './conditions'

/**
 * For what tells by itself how it goes, where it goes on: a stream, a drawing, a list of troubles. Nothing is shown of its requests.
 */
export const quiet = createClient({
  baseURL: SERVER,
  login: { url: '/login' },
  // `wx` with the troubles that this example's buttons bring about. In your app leave this line out.
  platform,
})

/** The one client of the app: all pages share its session and its login, one hint that something loads, and one word for what fails. */
export const api = failures(quiet.extend({ use: [loading()] }))

/** In place of a `catch`: what has failed was said already, and the page stays as it was. */
export const told = (): void => undefined
