import { createClient, type Client, type ClientOptions, type Platform } from '../../src'
import { fuzzAll, type FamilyName } from './cases'

type Break = (options: ClientOptions) => Client

/** The SDK with one fault in it, made around its public face. */
function broken(change: (client: Client, options: ClientOptions) => Partial<Client>): Break {
  return (options) => {
    const client = createClient(options)
    return Object.assign(Object.create(client) as Client, change(client, options))
  }
}

/** What the fuzz says of it. That of rejections which nobody handles is Jest's to say: it ends the test by itself. */
async function verdict(family: FamilyName, sdk: Break, runs = 1500): Promise<string> {
  const [first] = await fuzzAll({ runs, seed: 1, family }, { createClient: sdk })
  return first?.failure?.message ?? 'nothing found'
}

jest.setTimeout(60_000)

describe('the fuzz finds an SDK that', () => {
  test('throws at options in words of its own', async () => {
    const sdk: Break = (options) => {
      const { retry, timeout, totalTimeout, concurrency } = Object(options) as Record<string, unknown>
      if ([retry, timeout, totalTimeout, concurrency].includes(true)) throw new TypeError('no')
      return createClient(options)
    }
    expect(await verdict('options', sdk)).toMatch(
      /createClient or extend threw TypeError: no[^]*(retry|imeout|concurrency) is true/,
    )
  })

  test('does not settle a request that has failed', async () => {
    const sdk = broken((client) => ({
      get: ((url: string) => {
        const task = client.get(url)
        const silent = new Promise((resolve) => void task.then(resolve, () => undefined))
        return Object.assign(silent, { abort: () => task.abort() })
      }) as Client['get'],
    }))
    expect(await verdict('answers', sdk)).toMatch(/never settles[^]*The case:/)
  })

  test('rejects with an error of somebody else', async () => {
    const sdk = broken((client) => ({
      post: ((...given: Parameters<Client['post']>) =>
        client.post(...given).catch(() => {
          throw new TypeError('oops')
        })) as Client['post'],
    }))
    expect(await verdict('answers', sdk)).toMatch(/rejected with TypeError: oops, which is no RequestError/)
  })

  test('tells the token in an error', async () => {
    const sdk = broken((client) => ({
      get: ((...given: Parameters<Client['get']>) =>
        client.get(...given).catch((error: unknown) => {
          if (error instanceof Error) error.message += ` (token ${client.session?.token ?? 'none'})`
          throw error
        })) as Client['get'],
    }))
    expect(await verdict('answers', sdk)).toMatch(/the error of call \d \(get\) tells a secret/)
  })

  test('tells the token in the console', async () => {
    const sdk = broken((client) => ({
      ensureLogin: (() =>
        client.ensureLogin().then((session) => {
          console.log('logged in', session)
          return session
        })) as Client['ensureLogin'],
    }))
    expect(await verdict('answers', sdk)).toMatch(/console.log tells a secret/)
  })

  test('fails a request for what is stored', async () => {
    const sdk = broken((client) => ({
      get: (url: string) => {
        if (client.session === undefined) throw new TypeError('nothing stored')
        return client.get(url)
      },
    }))
    expect(await verdict('stored', sdk)).toMatch(/threw TypeError: nothing stored/)
  })

  test('loses a lane with each answer that comes twice', async () => {
    const sdk: Break = (options) => {
      let lost = 0
      const { concurrency = 9 } = options
      const platform = options.platform as Platform | undefined
      if (!platform) return createClient(options)
      const request: Platform['request'] = (given) => {
        if (lost >= concurrency) return undefined
        let answered = 0
        const success = (result: object) => {
          if (++answered === 2) lost = concurrency
          given.success?.(result)
        }
        return platform.request({ ...given, success })
      }
      return createClient({ ...options, platform: { ...platform, request } })
    }
    expect(await verdict('answers', sdk)).toMatch(/afterwards a plain request ends with TIMEOUT/)
  })
})
