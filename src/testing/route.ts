import type { FakeRequest } from './request'
import type { FakeReply } from './types'

/** A path, after a method where the route is for that alone. */
const ROUTE = /^([A-Z]+ )?\/[^?#\s]*$/

/** Throws where no request could ever meet the route. */
export function checkRoute(route: string): void {
  if (ROUTE.test(route)) return
  throw new Error(
    `server.on(${JSON.stringify(route)}): a route is '/orders' or 'GET /orders', without host and query.`,
  )
}

export function unknownRoute({ method, path }: FakeRequest): FakeReply {
  const error = `no route for ${method} ${path}: define it with server.on(), or set server.anyPath`
  return { statusCode: 404, data: { ok: false, error } }
}
