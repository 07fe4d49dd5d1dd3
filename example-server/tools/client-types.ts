import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript'
import { format, resolveConfig } from 'prettier'
import { startDev } from '../src/dev/server.ts'

/**
 * Writes the types of this server's answers for the example mini-program, from the OpenAPI document that it serves:
 * `npm run client-types`. Prints them instead with `--print`.
 */
const FILE = fileURLToPath(new URL('../../example-miniprogram/typings/server-api.d.ts', import.meta.url))
const NOTE = `// What the example server answers. Made from its OpenAPI document: \`npm run client-types -w example-server\`.\n\n`

const server = await startDev({ storeUrl: 'memory' })
const document = (await server.app.inject('/openapi.json')).json<OpenAPI3>()
await server.close()
// Of the routes a client needs only what they answer, and that has names.
const nodes = await openapiTypescript(
  { ...document, paths: {} },
  { rootTypes: true, rootTypesNoSchemaPrefix: true },
)
const source = await format(NOTE + astToString(nodes), { ...(await resolveConfig(FILE)), filepath: FILE })
if (process.argv.includes('--print')) process.stdout.write(source)
else await writeFile(FILE, source)
