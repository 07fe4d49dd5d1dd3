import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuth, memoryStore, wechat } from '../../src/index.ts'
import { SECRET } from '../auth/helpers.ts'

/** A WeChat that answers as it is told, and tells of its connections. */
async function startPlatform(answer: (response: ServerResponse) => void) {
  const urls: string[] = []
  const server = createServer((request, response) => {
    urls.push(request.url ?? '')
    answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url, urls, close, server }
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
  expect(platform.urls).toHaveLength(20)
  expect(await held()).toBeLessThan(5)
  await auth.close()
  await platform.close()
})

test('a call goes to WeChat and nowhere else, with the query that its path has', async () => {
  const platform = await startPlatform(
    (response) => void response.end('{"access_token":"a token","expires_in":7200}'),
  )
  const auth = authAt(platform.url)
  await expect(auth.app().call('.example.com/cgi-bin/x')).rejects.toThrow('begin with "/"')
  expect(platform.urls).toEqual([])
  await auth.app().call('/cgi-bin/x?lang=zh')
  expect(platform.urls.at(-1)).toBe('/cgi-bin/x?lang=zh&access_token=a+token')
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
  expect(platform.urls.map((asked) => asked.split('?', 1)[0])).toEqual([
    '/sns/jscode2session',
    '/cgi-bin/stable_token',
  ])
  await auth.close()
  await platform.close()
})
