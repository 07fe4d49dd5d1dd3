import type { FakeRequest } from './request'
import type { FakeReply } from './types'

/** How a server hands out the next token, and how long the old one goes on living. */
export type Rotation = { graceMs?: number } & (
  { header: string; cookie?: undefined } | { cookie: string; header?: undefined }
)

/** The reply with the token in it. */
export function handOut(token: string, reply: FakeReply, { header, cookie }: Rotation): FakeReply {
  return header === undefined
    ? { ...reply, cookies: [...(reply.cookies ?? []), `${cookie}=${token}; Path=/; HttpOnly`] }
    : { ...reply, header: { ...reply.header, [header]: token } }
}

/** The bearer token of a request, or the one in the cookie of `rotation`. */
export function tokenOf(request: FakeRequest, rotation: Rotation | undefined): string | undefined {
  const bearer = request.headerOf('Authorization')
  if (bearer?.startsWith('Bearer ')) return bearer.slice(7)
  const cookie = rotation?.cookie
  if (cookie === undefined) return undefined
  for (const pair of (request.headerOf('Cookie') ?? '').split('; ')) {
    if (pair.startsWith(`${cookie}=`)) return pair.slice(cookie.length + 1)
  }
  return undefined
}
