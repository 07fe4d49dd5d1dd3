import { setTimeout as wait } from 'node:timers/promises'
import { Phone, tokenOf } from '../__tests__/proxies/phone.ts'

/** One request and its end, by the clock of this process. */
export interface Sample {
  what: 'me' | 'guest' | 'login'
  begun: number
  ms: number
  /** 0: no answer */
  status: number
}

const LANES = 12
/** ms between two requests of a lane: the machine has other things to do, and is not what is measured */
const PAUSE = 25

/** Phones that have a session each, and ask as long as they are let. */
export class Load {
  readonly samples: Sample[] = []
  private readonly phones: Phone[]
  private running: Promise<unknown> = Promise.resolve()
  private isOver = false

  constructor(private readonly port: number) {
    this.phones = Array.from({ length: LANES }, () => new Phone('127.0.0.1', { port }))
  }

  async start(): Promise<void> {
    const tokens: string[] = []
    for (const [n, phone] of this.phones.entries()) tokens.push(tokenOf(await phone.login(`user${n}`)))
    this.running = Promise.all(this.phones.map((phone, n) => this.use(phone, tokens[n] ?? '')))
  }

  async stop(): Promise<void> {
    this.isOver = true
    await this.running
    for (const phone of this.phones) phone.hangUp()
  }

  /** ms until the server calls itself ready, and gives somebody an answer that is known. */
  async untilHealthy(): Promise<number> {
    const [begun, phone] = [performance.now(), new Phone('127.0.0.1', { port: this.port })]
    const ask = async () => (await phone.ask('GET', '/readyz')).status
    while ((await ask()) !== 200 && performance.now() - begun < 10_000) await wait(20)
    phone.hangUp()
    return performance.now() - begun
  }

  private async use(phone: Phone, token: string): Promise<void> {
    const authorization = { authorization: `Bearer ${token}` }
    for (let n = 0; !this.isOver; n += 1) {
      const what = n % 10 === 0 ? 'login' : n % 10 === 5 ? 'guest' : 'me'
      const begun = performance.now()
      const asked =
        what === 'login' ? phone.login('somebody') : phone.ask('GET', `/api/${what}`, authorization)
      const status = await asked.then(
        (answer) => answer.status,
        () => 0,
      )
      this.samples.push({ what, begun, ms: performance.now() - begun, status })
      await wait(PAUSE)
    }
  }
}
