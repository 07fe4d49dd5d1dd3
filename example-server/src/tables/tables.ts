import { randomBytes } from 'node:crypto'

/** What this app knows of a user. Sessions, openids and session_keys are the package's. */
export interface User {
  id: string
  nickname: string
  avatar?: string
}

export interface Order {
  id: string
  title: string
  /** in fen */
  amount: number
  createdAt: number
}

/** The app's own data. */
export interface Tables {
  users: {
    /** The id of whoever has this account at a platform: a new user's, the first time. */
    idFor(account: string): Promise<string>
    get(id: string): Promise<User | undefined>
    update(id: string, change: Partial<Omit<User, 'id'>>): Promise<void>
    /** Of everybody: for development. */
    ids(): Promise<string[]>
  }
  orders: {
    /** Placed twice with one key it is one order: what comes back is that which was placed. */
    place(user: string, order: Order, key?: string): Promise<Order>
    /** The newest first. */
    page(user: string, skip: number, limit: number): Promise<{ total: number; items: Order[] }>
  }
}

/** Short enough to be read out, and nobody guesses one. */
export const newUserId = (): string => randomBytes(8).toString('hex')

/** What getUserProfile has returned for everybody since 2022; the real name comes from the nickname input. */
export const NEWCOMER = '微信用户'
