import { AuthError, badRequest } from '../errors.ts'
import type { WeChatApp } from '../wechat/app.ts'
import { staleKey } from '../wechat/open-data.ts'
import { NO_STORE, type Answer } from './answers.ts'
import type { Limits } from './limits.ts'
import type { Session } from './sessions.ts'

type Body = Record<string, unknown>

/** What a mini-program may ask about its own user. Of a session of another platform there is no such thing. */
export class PlatformRoutes {
  constructor(
    private readonly appOf: (id: string) => WeChatApp | undefined,
    private readonly limits: Limits,
  ) {}

  async phone(session: Session<unknown>, { code }: Body): Promise<Answer> {
    const app = this.app(session)
    await this.limits.user('phone', session.user)
    return answer(await app.phone(code))
  }

  /** `rawData` with its signature, or `encryptedData` with its iv. */
  async openData(session: Session<unknown>, body: Body): Promise<Answer> {
    const app = this.app(session)
    await this.limits.user('openData', session.user)
    const { rawData, signature, encryptedData, iv } = body
    if (encryptedData !== undefined) return answer({ data: await app.decrypt(session, encryptedData, iv) })
    if (typeof rawData !== 'string' || typeof signature !== 'string') {
      throw badRequest('Send rawData with signature, or encryptedData with iv.')
    }
    if (!(await app.verify(session, rawData, signature))) throw staleKey()
    return answer({ data: parse(rawData) })
  }

  private app({ app }: Session<unknown>): WeChatApp {
    const found = this.appOf(app)
    if (found) return found
    throw new AuthError(404, 'NOT_FOUND', 'This platform has no such data.')
  }
}

const answer = (body: object): Answer => ({ what: 'openData', status: 200, headers: { ...NO_STORE }, body })

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest('rawData is no JSON.')
  }
}
