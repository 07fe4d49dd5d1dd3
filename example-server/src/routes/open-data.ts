import { Type } from '@sinclair/typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { sessionOf } from '../authenticate.ts'
import { ApiError, badRequest } from '../errors.ts'
import { named } from '../openapi.ts'
import type { Users } from '../users.ts'
import { decryptOpenData, staleKey, verifySignature } from '../wechat/open-data.ts'
import { toApiError, WeChatError, type WeChat } from '../wechat/wechat.ts'

interface Options {
  users: Users
  wechat: WeChat
  clock: () => number
  appid: string
}

const MAX_AGE = 10 * 60_000
const base64 = (maxLength: number) => Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength })

/** The user's data that WeChat signs or encrypts with the session_key, and the phone number, which has a code. */
export function openDataRoutes(scope: FastifyInstance, { users, wechat, clock, appid }: Options): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>()

  app.post(
    '/open-data',
    {
      schema: {
        summary: 'Verify signed data, decrypt encrypted data',
        description:
          'Send rawData with signature, encryptedData with iv, or all four. 409 means: log in, ask again.',
        body: Type.Object({
          rawData: Type.Optional(Type.String({ maxLength: 16_384 })),
          signature: Type.Optional(Type.String({ pattern: '^[0-9a-f]{40}$' })),
          encryptedData: Type.Optional(base64(32_768)),
          iv: Type.Optional(base64(24)),
        }),
        response: { 200: Type.Object({ data: Type.Record(Type.String(), Type.Unknown()) }) },
      },
    },
    async (request) => {
      const { rawData, signature, encryptedData, iv } = request.body
      const signed = rawData !== undefined && signature !== undefined
      const encrypted = encryptedData !== undefined && iv !== undefined
      if (!signed && !encrypted) throw badRequest('Send rawData with signature, or encryptedData with iv.')

      const sessionKey = await users.sessionKey(sessionOf(request).user)
      if (sessionKey === undefined) throw staleKey()
      if (signed) verifySignature(rawData, signature, sessionKey)
      if (!encrypted) return { data: parse(rawData) }
      return {
        data: decryptOpenData({ encryptedData, iv, sessionKey }, { appid, now: clock(), maxAge: MAX_AGE }),
      }
    },
  )

  const Phone = named(app, 'Phone', Type.Object({ phoneNumber: Type.String(), countryCode: Type.String() }))
  app.post(
    '/phone',
    {
      schema: {
        summary: "Exchange the code of a getPhoneNumber button (not wx.login's) for the number",
        body: Type.Object({ code: Type.String({ minLength: 1, maxLength: 256 }) }),
        response: { 200: Phone },
      },
    },
    async (request) => {
      const phone = await wechat.phoneNumber(request.body.code).catch((error: unknown) => {
        // Here a bad code is the button's: a new login would not bring another, the user has to tap again.
        if (error instanceof WeChatError && [40029, 40163].includes(error.errcode)) {
          throw new ApiError(
            400,
            'PHONE_CODE_INVALID',
            'This phone code is used or too old: ask the user to tap again.',
          )
        }
        throw toApiError(error)
      })
      await users.update(sessionOf(request).user, { phone: phone.phoneNumber })
      return phone
    },
  )
}

function parse(rawData = ''): Record<string, unknown> {
  try {
    const data: unknown = JSON.parse(rawData)
    if (typeof data === 'object' && data !== null) return { ...data }
  } catch {
    // below
  }
  throw badRequest('rawData is not a JSON object.')
}
