import type { Client, Task } from 'miniprogram-session'
import type { Stats } from '../../typings/server-api'
import { api, quiet } from './api'

/** What the example server offers in development only: to make trouble, and to count what became of it. */
export const dev = {
  stats: (): Task<Stats> => quiet.get('/dev/stats', {}, { auth: false }),
  /** A header field for a stream: the line is cut after so many of its events. */
  cutShort: { 'x-dev-cut': '12' },
  /** A message after which the server breaks the line of a socket. */
  breakLine: 'dev:break',
  /** Ends this session on the server; the token here is then a dead one. */
  expireToken: (client: Client = api): Task<unknown> =>
    client.post('/dev/expire', { me: true }, { auth: 'optional' }),
}
