import type { Task } from 'miniprogram-session'
import type { Stats } from '../../typings/server-api'
import { api } from './api'

/** What the example server offers in development only: to make trouble, and to count what became of it. */
export const dev = {
  stats: (): Task<Stats> => api.get('/dev/stats', {}, { auth: false }),
  /** A header field for a stream: the line is cut after so many of its events. */
  cutShort: { 'x-dev-cut': '12' },
  /** Ends this session on the server; the token here is then a dead one. */
  expireToken: (): Task<unknown> => api.post('/dev/expire', { me: true }, { auth: 'optional' }),
}
