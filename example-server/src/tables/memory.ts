import { NEWCOMER, newUserId, type Order, type Tables, type User } from './tables.ts'

export function memoryTables(): Tables {
  const ids = new Map<string, string>()
  const users = new Map<string, User>()
  const orders = new Map<string, Order[]>()
  const placed = new Map<string, Order>()
  return {
    users: {
      idFor(account) {
        const id = ids.get(account) ?? newUserId()
        ids.set(account, id)
        if (!users.has(id)) users.set(id, { id, nickname: NEWCOMER })
        return Promise.resolve(id)
      },
      get: (id) => Promise.resolve(users.get(id)),
      update(id, change) {
        const user = users.get(id)
        if (user) users.set(id, { ...user, ...change })
        return Promise.resolve()
      },
      ids: () => Promise.resolve([...users.keys()]),
    },
    orders: {
      place(user, order, key) {
        const known = key === undefined ? undefined : placed.get(`${user} ${key}`)
        if (known) return Promise.resolve(known)
        orders.set(user, [order, ...(orders.get(user) ?? [])])
        if (key !== undefined) placed.set(`${user} ${key}`, order)
        return Promise.resolve(order)
      },
      page(user, skip, limit) {
        const all = orders.get(user) ?? []
        return Promise.resolve({ total: all.length, items: all.slice(skip, skip + limit) })
      },
    },
  }
}
