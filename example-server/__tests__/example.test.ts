import { readMapping } from '../../server/src/check/mapping.ts'
import { formatReport } from '../../server/src/check/report.ts'
import { check } from '../../server/src/check/run.ts'
import { freePort } from '../../server/__tests__/free-port.ts'
import { startDev } from '../src/dev/server.ts'

test('the example keeps to the protocol, method override and all', async () => {
  const wechatPort = await freePort()
  const account = {
    appid: 'wx0123456789abcdef',
    secret: 'any',
    api: `http://127.0.0.1:${wechatPort}`,
    fake: true,
  }
  const dev = await startDev({ storeUrl: 'memory' }, { account })
  const url = await dev.app.listen({ port: 0, host: '127.0.0.1' })
  const mapping = readMapping({
    write: { request: 'POST /orders', body: { title: 'tea', amount: 1 }, list: 'GET /orders' },
    openData: {},
  })
  const results = await check({ url, mapping, wechatPort }).finally(() => dev.close())
  expect(formatReport(results)).toMatch(/ ✓, 0 ✗, \d –\. The protocol holds\.$/)
  const tried = results.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id)
  expect(tried).toEqual(expect.arrayContaining(['L1', 'L10', 'L16', 'T7', 'T8', 'S1', 'S5', 'X1', 'X3']))
}, 60_000)
