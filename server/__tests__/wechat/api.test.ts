import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuth, memoryStore, wechat } from '../../src/index.ts'
import { createClock, SECRET } from '../auth/helpers.ts'

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

const authAt = (api: string, clock?: () => number) =>
  createAuth({
    namespace: 'tests',
    secrets: [SECRET],
    store: memoryStore(),
    apps: [wechat({ appid: 'wx1', secret: 'a secret', api, fake: true })],
    ...(clock ? { clock } : {}),
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

test('while no new access token is to be had, one call asks for it and the next ones are answered at once', async () => {
  let isOut = false
  const platform = await startPlatform((response) => {
    const isToken = platform.urls.at(-1)?.startsWith('/cgi-bin/stable_token')
    if (isToken && isOut) response.statusCode = 502
    response.end(isToken ? '{"access_token":"a token","expires_in":7200}' : '{"errcode":40001}')
  })
  const clock = createClock()
  const auth = authAt(platform.url, clock)
  await auth.app().accessToken()
  isOut = true
  const asked = () => platform.urls.filter((url) => url.startsWith('/cgi-bin/stable_token')).length
  for (let call = 0; call < 3; call += 1) {
    await expect(auth.app().call('/cgi-bin/x')).rejects.toMatchObject({ status: 503 })
  }
  expect(asked()).toBe(2)
  clock.advance(2000)
  await expect(auth.app().call('/cgi-bin/x')).rejects.toMatchObject({ status: 503 })
  expect(asked()).toBe(3)
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
