import { Refused, type RefusalKind } from '../providers/provider.ts'

/** code2Session page; 40163 is on no current page but is what a used code gets. */
const KINDS: Record<number, RefusalKind> = {
  40029: 'code',
  40163: 'code',
  41008: 'code',
  40226: 'blocked',
  // Of one user, says the page; of an app for a day.
  45011: 'user-limit',
  45009: 'limit',
  [-1]: 'busy',
}

export type Answer = Record<string, unknown>

/**
 * Never tried again from here: WeChat may have used a code up before the answer was lost, and a second try with it only
 * earns a 40163. The reason is told without the address, which has the secret in it.
 */
export async function ask(url: string, signal: AbortSignal, body?: object): Promise<Answer> {
  let answer: unknown
  try {
    const post = body && { method: 'POST', body: JSON.stringify(body) }
    const response = await fetch(url, { signal, redirect: 'error', ...post })
    if (response.status !== 200) {
      // What nobody reads keeps its connection.
      await response.body?.cancel().catch(() => undefined)
      throw new Refused('unavailable', `WeChat answered ${response.status}`)
    }
    answer = await response.json()
  } catch (error) {
    if (error instanceof Refused) throw error
    throw new Refused('unavailable', `WeChat gave no usable answer: ${reason(error)}`)
  }
  if (typeof answer === 'object' && answer !== null) return refuse({ ...answer })
  throw new Refused('unavailable', 'WeChat gave no usable answer: no object')
}

function refuse(answer: Answer): Answer {
  const { errcode, errmsg } = answer
  // On success errcode may be absent (code2Session page).
  if (typeof errcode !== 'number' || errcode === 0) return answer
  const said = typeof errmsg === 'string' ? errmsg : ''
  const rid = /rid: ([\w-]+)/.exec(said)?.[1]
  throw new Refused(KINDS[errcode] ?? 'config', `WeChat answered ${errcode}`, { errcode, rid })
}

/** Name, code and system call of what fetch threw; its own words may have the address in them. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { cause } = error as { cause?: { code?: unknown; syscall?: unknown } }
  const words = [error.name, cause?.code, cause?.syscall].filter((word) => typeof word === 'string')
  return words.join(' ')
}
