import type { Client, RequestContext, Task } from 'miniprogram-session'
import { openSocket, type Socket } from 'miniprogram-session/socket'
import { type ServerSentEvent, type Stream, streamEvents } from 'miniprogram-session/stream'
import { SERVER } from '../config'
import { api } from './api'
import type { Avatar, Order, OrderPage, Phone, Profile } from '../../typings/server-api'

export type { Order, Profile }

/** The server's routes, typed: on the app's client, on a page's scope, or on a client with a cache. */
export const routesOn = (client: Client) => ({
  profile: (context: RequestContext = {}): Task<Profile> => client.get('/me', {}, { context }),
  rename: (nickname: string): Task<Profile> => client.put('/me', { nickname }),
  /** A list shows by itself that there is more to come. */
  orders: (page: number): Task<OrderPage> => client.get('/orders', { page }, { context: { loading: false } }),
  /** On a scope however many taps are one order, as long as it is on its way. */
  placeOrder: (order: Pick<Order, 'title' | 'amount'>): Task<Order> =>
    client.post('/orders', order, { context: { overlap: 'join', overlapKey: 'order' } }),
  /** A picture may take as long as it moves; without a sign of life it ends after 15 s. */
  uploadAvatar: (filePath: string) =>
    client.uploadFile<Avatar>({
      url: '/avatar',
      filePath,
      name: 'file',
      timeout: 15_000,
      throwHttpErrors: true,
      // The page shows how far it is.
      context: { loading: false },
    }),

  /** An answer, word by word; with `last` what comes after that event of it. A pause of more than 30 s ends it. */
  chat: (question: string, last: string, header: Record<string, string> = {}): Stream<ServerSentEvent> =>
    streamEvents(client, {
      url: '/chat',
      method: 'POST',
      data: { question },
      header: last ? { ...header, 'Last-Event-ID': last } : header,
    }),

  /** One connection for as long as it is wanted; a dead one is found within 40 s. */
  live: (): Socket => openSocket(client, { url: '/ws', heartbeat: {} }),

  /** Exchanges the code of a phone button: not the code of `wx.login`, and no login is needed for it. */
  phoneNumber: (code: string): Task<Phone> => client.post('/phone', { code }),

  /** An address an `<image>` can show. */
  picture: (path: string | undefined): string => (path ? SERVER + path : ''),
})

export const server = routesOn(api)
