import type { Parts } from './backend'
import type { Saved } from './memory'
import { badRequest, problem } from './troubles'

const PAGE_SIZE = 10
const KEPT = 200
const TITLES = ['明前龙井', '搪瓷杯 🍵', '手账本', '油纸伞', '桂花糕']
const SAMPLES = Array.from({ length: 23 }, (_, index) => ({
  id: `sample-${String(23 - index)}`,
  title: TITLES[index % TITLES.length] ?? '',
  amount: 990 + index * 310,
  createdAt: Date.UTC(2026, 0, 23 - index),
}))

/** Its key is told to nobody. */
const told = ({ id, title, amount, createdAt }: Saved['orders'][number]) => ({ id, title, amount, createdAt })

/** See example-server/src/routes/orders.ts. */
export function orderRoutes({ server, saved, keep }: Parts): void {
  server.on(
    'GET /orders',
    server.guard(({ query }) => {
      const page = Number(query['page'] ?? 1)
      if (!Number.isInteger(page) || page < 1 || page > 10_000) return badRequest('page is 1 to 10000.')
      const all = [...saved.orders, ...SAMPLES]
      const items = all.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).map(told)
      return { data: { page, pageSize: PAGE_SIZE, total: all.length, items } }
    }),
  )
  server.on(
    'POST /orders',
    server.guard(({ json, header }) => {
      const { title, amount } = Object(json) as { title?: unknown; amount?: unknown }
      const isTitle = typeof title === 'string' && title.length > 0 && title.length <= 100
      if (!isTitle || !Number.isInteger(amount) || Number(amount) < 1)
        return badRequest('An order has a title and an amount in fen.')
      const key = header['Idempotency-Key'] ?? ''
      const placed = key ? saved.orders.find((one) => one.key === key) : undefined
      const isAnother = placed && (placed.title !== title || placed.amount !== amount)
      if (isAnother) return problem(422, 'KEY_REUSED', 'Under this Idempotency-Key another order was placed.')
      const order = placed ?? {
        id: crypto.randomUUID(),
        title,
        amount: Number(amount),
        createdAt: Date.now(),
        key,
      }
      if (!placed) keep({ orders: [order, ...saved.orders].slice(0, KEPT) })
      return { statusCode: 201, data: told(order) }
    }),
  )
}
