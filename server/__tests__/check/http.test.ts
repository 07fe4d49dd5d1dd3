import dns from 'node:dns'
import { Http, isUnreachable } from '../../src/check/http.ts'
import { freePort } from '../free-port.ts'

test('of a name with two addresses, where nobody is at either, it is told that nobody was reached', async () => {
  const both = [
    { address: '127.0.0.1', family: 4 },
    { address: '127.0.0.2', family: 4 },
  ]
  const port = await freePort()
  const lookup = jest.spyOn(dns, 'lookup').mockImplementation(((
    _name: string,
    _options: object,
    done: Done,
  ) => {
    process.nextTick(done, null, both)
  }) as typeof dns.lookup)
  const http = new Http(new URL(`http://localhost:${port}`))
  const exchange = await http.send({ method: 'GET', path: '/' })
  http.close()
  lookup.mockRestore()
  expect(exchange.text).toMatch(/^\(connect ECONNREFUSED 127\.0\.0\.1:\d+\)$/)
  expect(isUnreachable(exchange)).toBe(true)
})

type Done = (error: null, addresses: object[]) => void
