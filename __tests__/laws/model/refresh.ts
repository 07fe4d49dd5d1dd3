import { HttpError, type Session, type SessionInit } from '../../../src'
import type { Copy } from './copy'
import type { RefreshMood } from './words'

/** How each of them ends: with another token, as a refusal, or without an answer. */
const ENDS: Record<RefreshMood, 'good' | 'refused' | 'unanswered'> = {
  session: 'good',
  same: 'refused',
  nothing: 'refused',
  network: 'unanswered',
  hang: 'unanswered',
  'too many': 'unanswered',
  broken: 'unanswered',
  refused: 'refused',
  error: 'refused',
}
/** After so many a code is taken. */
const MOST_BROKEN = 3

/** `login.refresh`: asked once for each session that ended, and its refusals lead to a code (law 14). */
export class RefreshModel {
  /** Sessions whose refresh was answered. */
  private readonly answered = new Set<string>()
  /** How often in a row it was answered with 5xx, by the session. */
  private readonly broken = new Map<string, number>()
  private brokenInARow = 0

  constructor(private readonly copy: Copy) {}

  async refresh(session: Session): Promise<string | SessionInit> {
    const { copy } = this
    const { world, login, name } = copy
    const { token, data } = session
    const mood = this.nextMood()
    world.say(`  ${name}refresh of ${token}${mood ? ` (${mood})` : ''}`)
    const mine = login.now
    if (!mine) world.violate(7, 'refresh is called by no login that is wanted')
    this.judge(token)
    if (mine) Object.assign(mine, { refresh: 'asked', kept: data })
    if (mood === 'hang') return new Promise(() => undefined)
    const { epoch } = copy
    return world.later('refresh answers', () => {
      // A session that has only run out may go on with the very token, unless an answer has brought the next one.
      const isReplaced = copy.token !== undefined && copy.token !== token
      const wasRefused = session.expiresAt === 1 || copy.tokens.refused.has(token) || isReplaced
      const isSame = mood === 'same' && !wasRefused
      const end = !mood || isSame ? 'good' : ENDS[mood]
      if (mine && login.now === mine) {
        Object.assign(mine, { refresh: end, wasAnswered: this.wasAnswered(mood) })
        if (end !== 'unanswered' && !isSame) this.answered.add(token)
        this.broken.set(token, mood === 'broken' ? (this.broken.get(token) ?? 0) + 1 : 0)
        this.brokenInARow = mood === 'broken' ? this.brokenInARow + 1 : 0
      }
      if (isSame) copy.tokens.refreshed.add(token)
      const result = answerOf(mood, session, () => {
        const next = world.fake.server.issue()
        copy.tokens.refreshed.add(next)
        if (copy.tokens.isSet(token)) copy.tokens.set.add(next)
        if (!mine) return next
        copy.tokens.obtain(next, mine, epoch)
        mine.token = next
        if (login.now !== mine) copy.tokens.banned.add(next)
        return next
      })
      return typeof result === 'object' && mood === 'session'
        ? { ...result, expiresAt: world.phone.now() + 3000 }
        : result
    })
  }

  /** Whether a code may be taken in the login that has asked for this refresh. */
  mayTakeCode(): boolean {
    const { login } = this.copy
    if (!login.now || login.forced > 0 || !['asked', 'unanswered'].includes(login.now.refresh)) return true
    return this.mustTakeCode
  }

  /** It has been answered with 5xx so often in a row that a code is taken all the same. */
  get mustTakeCode(): boolean {
    return this.brokenInARow >= MOST_BROKEN
  }

  private nextMood(): RefreshMood | undefined {
    const { world } = this.copy
    return world.refreshMoods.shift()
  }

  private wasAnswered(mood: RefreshMood | undefined): boolean {
    return mood === undefined || mood === 'broken' || mood === 'too many' || ENDS[mood] !== 'unanswered'
  }

  private judge(token: string): void {
    const { world, login, tokens } = this.copy
    // With rotation it may run out while its refusal waits for other answers.
    const isRefused = tokens.refused.has(token) && (!world.setting.rotate || login.now?.reason !== 'expired')
    if (tokens.refreshed.has(token) && isRefused && !tokens.isAccepted(token))
      world.violate(4, `refresh is asked for ${token}, which came from a refresh and was never accepted`)
    if (this.answered.has(token)) world.violate(14, `refresh is asked once more for ${token}`)
    if (login.now?.reason === 'forced')
      world.violate(14, 'a login by force takes a refresh in place of a code')
    if ((this.broken.get(token) ?? 0) >= MOST_BROKEN)
      world.violate(14, `refresh is asked for ${token} after three answers with 5xx`)
    const other = this.copy.steps.adoptable()
    if (other !== undefined) world.violate(12, `refresh is asked though another copy has stored ${other}`)
  }
}

function answerOf(mood: RefreshMood | undefined, ended: Session, issue: () => string): string | SessionInit {
  const status = (statusCode: number) => new HttpError({ statusCode, data: undefined, header: {} })
  switch (mood) {
    case undefined:
      return issue()
    case 'session':
      return { token: issue() }
    case 'same':
      return ended.token
    case 'nothing':
      return undefined as unknown as string
    case 'network':
      throw Object.assign(new Error('no network'), { errMsg: 'request:fail no network', errno: 600001 })
    case 'too many':
      throw status(429)
    case 'broken':
      throw status(503)
    case 'refused':
      throw status(401)
    default:
      throw new Error('refresh token expired')
  }
}
