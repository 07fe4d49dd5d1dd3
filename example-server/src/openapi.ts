import swagger from '@fastify/swagger'
import { Type, type Static, type TSchema } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { isSessionRoute, nameSessionSchemas, sessionPaths } from './openapi-sessions.ts'

/** Gives a schema a name in the document, and so its type a name in every client made from it. */
export function named<Schema extends TSchema>(app: FastifyInstance, name: string, schema: Schema) {
  app.addSchema({ ...schema, $id: name })
  return Type.Unsafe<Static<Schema>>({ $ref: `${name}#` })
}

/** Serves `/openapi.json`, made from the very schemas that check the requests. Before the routes. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      info: { title: 'miniprogram-session example server', version: '0.1.0' },
      paths: sessionPaths(),
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    refResolver: { buildLocalReference: ({ $id }) => $id as string },
  })
  const Problem = named(
    app,
    'Problem',
    Type.Object({
      error: Type.Object({
        code: Type.String({ description: 'stable, for programs' }),
        message: Type.String({ description: 'for people' }),
      }),
    }),
  )
  nameSessionSchemas(app)
  app.addHook('onRoute', (route) => {
    const { schema } = route
    // The package checks these itself, and they have no schemas: what is told of them is above.
    if (isSessionRoute(route.url)) route.schema = { ...schema, hide: true }
    if (schema?.response) schema.response = { ...schema.response, '4xx': Problem, '5xx': Problem }
  })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
}
