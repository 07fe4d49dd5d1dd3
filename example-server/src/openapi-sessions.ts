import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'

const PATHS = ['/login', '/logout', '/sessions', '/sessions/:id', '/phone', '/open-data']

/** Routes that come with the package. */
export const isSessionRoute = (url: string): boolean => PATHS.includes(url)

const SCHEMAS = {
  Login: Type.Object({
    token: Type.String({ description: '256 random bits; send it as Authorization: Bearer' }),
    expiresIn: Type.Integer({ description: 'seconds after which it is refused, however much it is used' }),
    idleTimeout: Type.Optional(
      Type.Integer({ description: 'seconds without use after which it is refused too' }),
    ),
  }),
  Sessions: Type.Object({
    items: Type.Array(
      Type.Object({
        id: Type.String({ description: 'names the session; it is not the token' }),
        app: Type.String(),
        current: Type.Boolean(),
        createdAt: Type.Integer({ description: 'epoch ms' }),
        seenAt: Type.Integer({ description: 'epoch ms, more or less' }),
      }),
    ),
  }),
  Phone: Type.Object({
    phoneNumber: Type.String({ description: "with the country's code, if it is not China's" }),
    purePhoneNumber: Type.String(),
    countryCode: Type.String(),
  }),
}

export function nameSessionSchemas(app: FastifyInstance): void {
  for (const [name, schema] of Object.entries(SCHEMAS)) app.addSchema({ ...schema, $id: name })
}

const json = (schema: object) => ({ content: { 'application/json': { schema } } })
const text = { type: 'string' }
const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required })
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

function operation(
  summary: string,
  { body, answer, open = false }: { body?: object; answer?: object; open?: boolean } = {},
): object {
  const problem = { description: 'no success', ...json(ref('Problem')) }
  return {
    summary,
    ...(open ? {} : { security: [{ bearer: [] }] }),
    ...(body ? { requestBody: json(body) } : {}),
    responses: {
      [answer ? '200' : '204']: { description: 'done', ...(answer ? json(answer) : {}) },
      '4XX': problem,
      '5XX': problem,
    },
  }
}

/** The package's routes, as its PROTOCOL.md has them. Made anew for each document, which writes into it. */
export function sessionPaths(): Record<string, object> {
  const code = object({ code: text }, ['code'])
  return {
    '/login': {
      post: operation('Exchange a code of wx.login for a session', {
        ...{ body: code, answer: ref('Login'), open: true },
      }),
    },
    '/logout': { post: operation('End this session') },
    '/sessions': {
      get: operation("This user's sessions", { answer: ref('Sessions') }),
      delete: operation('End every session of this user, this one included'),
    },
    '/sessions/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: text }],
      delete: operation("End one of this user's sessions"),
    },
    '/phone': {
      post: operation("Exchange the code of a getPhoneNumber button (not wx.login's) for the number", {
        ...{ body: code, answer: ref('Phone') },
      }),
    },
    '/open-data': {
      post: operation('Verify signed data, decrypt encrypted data. 409 means: log in, ask again', {
        body: object({ rawData: text, signature: text, encryptedData: text, iv: text }),
        answer: object({ data: { type: 'object' } }, ['data']),
      }),
    },
  }
}
