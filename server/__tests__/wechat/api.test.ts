import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuth, memoryStore, wechat } from '../../src/index.ts'
import { SECRET } from '../auth/helpers.ts'

/** A WeChat that answers as it is told, and tells of its connections. */
async function startPlatform(answer: (response: ServerResponse) => void) {
  const paths: string[] = []
  const server = createServer((request, response) => {
    paths.push((request.url ?? '').split('?', 1)[0] ?? '')
    answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url, paths, close, server }
}

const authAt = (api: string) =>
  createAuth({
    namespace: 'tests',
    secrets: [SECRET],
    store: memoryStore(),
    apps: [wechat({ appid: 'wx1', secret: 'a secret', api, fake: true })],
  })

test('an answer that is no good keeps no connection open: an outage of WeChat’s does not use them up', async () => {
  const platform = await startPlatform((response) => {
    response.statusCode = 502
    response.end('x'.repeat(400_000))
  })
  const auth = authAt(platform.url)
  const held = () =>
    new Promise<number>((resolve) => platform.server.getConnections((_error, count) => resolve(count)))
  for (let count = 0; count < 20; count += 1) {
    await expect(auth.login({ code: `code-${count}` })).rejects.toMatchObject({ status: 503 })
  }
  expect(platform.paths).toHaveLength(20)
  expect(await held()).toBeLessThan(5)
  await auth.close()
  await platform.close()
})

test('an api with a slash at its end is the same as without', async () => {
  const platform = await startPlatform((response) => void response.end('{"openid":"o"}'))
  const auth = authAt(`${platform.url}/`)
  await auth.login({ code: 'code-1' })
  await auth
    .app()
    .accessToken()
    .catch(() => undefined)
  expect(platform.paths).toEqual(['/sns/jscode2session', '/cgi-bin/stable_token'])
  await auth.close()
  await platform.close()
})
