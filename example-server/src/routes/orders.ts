import { Type } from '@sinclair/typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import { refusal } from '../errors.ts'
import { named } from '../openapi.ts'
import type { Order, Tables } from '../tables/tables.ts'

interface Options {
  orders: Tables['orders']
  userOf: (request: object) => string
  clock: () => number
  /** whether everybody starts with a few sample orders */
  samples: boolean
}

const PAGE_SIZE = 10

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

const TITLES = ['明前龙井', '搪瓷杯 🍵', '手账本', '油纸伞', '桂花糕']
const SAMPLES: readonly Order[] = Array.from({ length: 23 }, (_, index) => ({
  id: `sample-${String(23 - index)}`,
  title: TITLES[index % TITLES.length] ?? '',
  amount: 990 + index * 310,
  createdAt: Date.UTC(2026, 0, 23 - index),
}))

/** The business behind the login: somewhere to page through and something to add to. */
export function orderRoutes(scope: FastifyInstance, { orders, userOf, clock, samples }: Options): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>()
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
  const shown = samples ? SAMPLES : []

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
      const skip = (page - 1) * PAGE_SIZE
      const own = await orders.page(userOf(request), skip, PAGE_SIZE)
      const rest = shown.slice(Math.max(0, skip - own.total), Math.max(0, skip + PAGE_SIZE - own.total))
      return { page, pageSize: PAGE_SIZE, total: own.total + shown.length, items: [...own.items, ...rest] }
    },
  )

  app.post(
    '/orders',
    {
      schema: {
        summary: 'Place an order, once for each Idempotency-Key',
        headers: Type.Object({
          'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
        }),
        body: NewOrder,
        response: { 201: Order },
      },
    },
    async (request, reply) => {
      const { title, amount } = request.body
      const placed = await orders.place(
        userOf(request),
        { id: randomUUID(), title, amount, createdAt: clock() },
        request.headers['idempotency-key'],
      )
      if (placed.title !== title || placed.amount !== amount)
        throw refusal(422, 'KEY_REUSED', 'Under this Idempotency-Key another order was placed.')
      return reply.code(201).send(placed)
    },
  )
}
