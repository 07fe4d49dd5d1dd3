import { Type, type Static } from '@sinclair/typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import { sessionOf } from '../authenticate.ts'
import { ApiError } from '../errors.ts'
import { named } from '../openapi.ts'
import { sha256 } from '../seal.ts'
import type { Store } from '../store/store.ts'

interface Options {
  store: Store
  clock: () => number
  /** whether everybody starts with a few sample orders */
  samples: boolean
}

const PAGE_SIZE = 10
/** A table of its own would have no end; a list under one key needs one. */
const KEPT = 200

const NewOrder = Type.Object({
  title: Type.String({ minLength: 1, maxLength: 100 }),
  amount: Type.Integer({ minimum: 1, maximum: 100_000_000, description: 'in fen' }),
})
const order = Type.Object({
  id: Type.String(),
  title: Type.String(),
  amount: Type.Integer({ description: 'in fen' }),
  createdAt: Type.Integer({ description: 'epoch ms' }),
})
type Order = Static<typeof order>

/** With what came as `Idempotency-Key`, which is told to nobody. */
interface Placed extends Order {
  key?: string
}

const TITLES = ['明前龙井', '搪瓷杯 🍵', '手账本', '油纸伞', '桂花糕']
const SAMPLES: readonly Order[] = Array.from({ length: 23 }, (_, index) => ({
  id: `sample-${String(23 - index)}`,
  title: TITLES[index % TITLES.length] ?? '',
  amount: 990 + index * 310,
  createdAt: Date.UTC(2026, 0, 23 - index),
}))

/** The business behind the login: somewhere to page through and something to add to. */
export function orderRoutes(scope: FastifyInstance, { store, clock, samples }: Options): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>()
  const table = store.table<Placed[]>('orders')
  const Order = named(app, 'Order', order)
  const OrderPage = named(
    app,
    'OrderPage',
    Type.Object({
      page: Type.Integer(),
      pageSize: Type.Integer(),
      total: Type.Integer(),
      items: Type.Array(Order),
    }),
  )
  const ordersOf = async (user: string) => (await table.get(sha256(user))) ?? []

  app.get(
    '/orders',
    {
      schema: {
        summary: 'Orders of this user, newest first, ten a page',
        querystring: Type.Object({
          // Not Type.Integer: the conversion from text would cut 1.5 down to 1 instead of refusing it.
          page: Type.Optional(Type.Number({ minimum: 1, maximum: 10_000, multipleOf: 1 })),
        }),
        response: { 200: OrderPage },
      },
    },
    async (request) => {
      const { page = 1 } = request.query
      const orders = [...(await ordersOf(sessionOf(request).user)), ...(samples ? SAMPLES : [])]
      const items = orders.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
      return { page, pageSize: PAGE_SIZE, total: orders.length, items }
    },
  )

  app.post(
    '/orders',
    {
      schema: {
        summary: 'Place an order, once for each key',
        headers: Type.Object({
          'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
        }),
        body: NewOrder,
        response: { 201: Order },
      },
    },
    async (request, reply) => {
      const { user } = sessionOf(request)
      const { title, amount } = request.body
      const key = request.headers['idempotency-key']
      const order = await store.exclusive(`orders:${sha256(user)}`, async () => {
        const orders = await ordersOf(user)
        const placed = key === undefined ? undefined : orders.find((one) => one.key === key)
        if (placed) return placed
        const order = { id: randomUUID(), title, amount, createdAt: clock(), ...(key && { key }) }
        await table.set(sha256(user), [order, ...orders].slice(0, KEPT))
        return order
      })
      if (order.title !== title || order.amount !== amount)
        throw new ApiError(422, 'KEY_REUSED', 'Under this Idempotency-Key another order was placed.')
      return reply.code(201).send(order)
    },
  )
}
