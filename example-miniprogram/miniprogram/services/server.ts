import type { Task } from 'miniprogram-session'
import { SERVER } from '../config'
import { api } from './api'

export interface Profile {
  id: string
  nickname: string
  /** Path of the picture. */
  avatar?: string
}

export interface Order {
  id: string
  title: string
  /** In fen. */
  amount: number
  /** Epoch ms. */
  createdAt: number
}

export interface OrderPage {
  page: number
  pageSize: number
  total: number
  items: Order[]
}

/** What the server counts by itself, in development. */
export interface Stats {
  requests: number
  /** Codes of `wx.login` that reached it. */
  codes: number
  logins: number
  unauthorized: number
}

/** The server's routes, typed. */
export const server = {
  profile: (): Task<Profile> => api.get('/me'),
  rename: (nickname: string): Task<Profile> => api.put('/me', { nickname }),
  orders: (page: number): Task<OrderPage> => api.get('/orders', { page }),
  placeOrder: (order: { title: string; amount: number }): Task<Order> => api.post('/orders', order),
  uploadAvatar: (filePath: string) =>
    api.uploadFile<{ avatar: string }>({ url: '/avatar', filePath, name: 'file', throwHttpErrors: true }),

  /** Exchanges the code of a phone button: not the code of `wx.login`, and no login is needed for it. */
  phoneNumber: (code: string): Task<{ phoneNumber: string }> => api.post('/phone', { code }),

  stats: (): Task<Stats> => api.get('/dev/stats', {}, { auth: false }),
  /** Ends this session on the server; the token here is then a dead one. */
  expireToken: (): Task<unknown> => api.post('/dev/expire', { me: true }, { auth: 'optional' }),

  /** An address an `<image>` can show. */
  picture: (path: string | undefined): string => (path ? SERVER + path : ''),
}
