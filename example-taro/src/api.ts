import Taro from '@tarojs/taro'
import { createClient, RequestError, type Client } from 'miniprogram-session'
import { cache } from 'miniprogram-session/cache'
import { taroPlatform } from 'miniprogram-session/taro'
import { failures, loading } from 'miniprogram-session/ui'

/** On a phone: an address that it can reach, an https domain from the platform's console once it is published. */
export const SERVER = 'http://127.0.0.1:3000'

const KEPT = 'example-taro:answers'

/** Answers are used for half a minute, and for a day where no new one is to be had; they are forgotten with the session. */
const kept = cache({
  ttl: 30_000,
  staleIfError: 86_400_000,
  store: {
    get: () => Taro.getStorageSync(KEPT),
    set: (record) => Taro.setStorageSync(KEPT, record),
    remove: () => Taro.removeStorageSync(KEPT),
  },
})

/** The one client of the app: one session, one login for all pages, one hint that something loads, one word for what fails. */
export const api = failures(
  createClient({
    baseURL: SERVER,
    login: { url: '/login' },
    platform: taroPlatform(Taro),
    use: [loading(), kept],
  }),
)

export interface Order {
  id: string
  title: string
  /** In fen. */
  amount: number
  createdAt: number
}

export interface OrderPage {
  total: number
  items: Order[]
}

export interface Profile {
  nickname: string
  /** Path of the picture. */
  avatar?: string
}

/** What is to be ordered. The key stays the same until the server has said that the order is there. */
export interface Draft {
  key: string
  title: string
  amount: number
}

/**
 * The server's routes, on the scope of a page. What is shown is asked with `overlap: 'replace'`, which gives up what was asked before: an
 * older answer must not come last.
 */
export const routesOn = (client: Client) => ({
  /** `isFresh` asks anew, as somebody does who pulls the list down. */
  orders: (isFresh = false) =>
    client.request<OrderPage>({
      url: '/orders',
      data: { page: 1 },
      throwHttpErrors: true,
      context: { overlap: 'replace', ...(isFresh && { cache: { ttl: 0 }, loading: false }) },
    }),

  /**
   * A POST that may be sent twice: the server knows the order by its key, and makes one. Taps while it is on its way are the same order.
   */
  async placeOrder({ key, title, amount }: Draft): Promise<Order> {
    const order = await client.post<Order>(
      '/orders',
      { title, amount },
      {
        header: { 'Idempotency-Key': key },
        retry: { methods: ['POST'] },
        context: { overlap: 'join', loading: { title: '正在下单' } },
      },
    )
    kept.clear('/orders')
    return order
  },

  profile: () => client.get<Profile>('/me', {}, { context: { overlap: 'replace' } }),

  /** A picture may be sent twice, too: what the background has stopped goes again in front. Of two pictures the later one counts. */
  async uploadAvatar(filePath: string): Promise<void> {
    await client.uploadFile({
      url: '/avatar',
      filePath,
      name: 'file',
      throwHttpErrors: true,
      retry: { methods: ['POST'] },
      context: { overlap: 'replace', loading: { title: '正在上传' } },
    })
    kept.clear('/me')
  },

  /** The example server's, in development: this session's token is then a dead one. */
  expireToken: () => client.post('/dev/expire', { me: true }),
})

/**
 * Called by a tap, where a login without one is not to be had (`LOGIN_REQUIRED`): a guest of Douyin's is shown its own login, and whoever
 * refused Alipay is asked again.
 */
export async function logInByTap(): Promise<void> {
  if (process.env.TARO_ENV === 'tt') await Taro.login({ force: true } as Taro.login.Option)
  await api.ensureLogin()
}

export const codeOf = (error: unknown) => (error instanceof RequestError ? error.code : undefined)

/** An address that an `<Image>` can show. */
export const pictureOf = (path: string | undefined) => (path ? SERVER + path : '')
