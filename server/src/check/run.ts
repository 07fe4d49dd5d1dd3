import { Absent, Backend, Failed, type LoggedIn } from './backend.ts'
import type { Check } from './check.ts'
import { loginChecks } from './checks/login.ts'
import { platformChecks } from './checks/platform.ts'
import { requestChecks } from './checks/requests.ts'
import { secretChecks } from './checks/secrets.ts'
import { sessionChecks } from './checks/sessions.ts'
import { Http, isUnreachable, type Exchange } from './http.ts'
import type { Mapping } from './mapping.ts'
import { startFake, type Fake } from './proxy/fake.ts'
import { startBackend, type StartedBackend } from './start.ts'

export interface CheckOptions {
  /** where the back end under test listens */
  url: string
  mapping: Mapping
  /** where the fake WeChat listens; a free port by default, which makes sense only with `mapping.start` */
  wechatPort?: number
  /** for a back end that knows WeChat's address by heart: the fake is an HTTP proxy, whose authority is kept in this folder */
  proxy?: string
  /** seconds that a check may wait for a session's end */
  slow?: number
  /** addresses other than loopback */
  remote?: boolean
  /** these alone, by id */
  only?: readonly string[]
  cwd?: string
}

export interface Result {
  id: string
  level: 'must' | 'should'
  title: string
  paragraph: number
  outcome: 'passed' | 'failed' | 'absent'
  /** why it failed, or is absent */
  why?: string
  mend?: string
  exchange?: Exchange
}

/** It could not be run at all: exit code 2. */
export class CannotRun extends Error {}

/**
 * In this order: those that make sessions, those that use them, and the platform's troubles last, since a back end
 * may rightly hold back logins for a minute once the platform has said "too many".
 */
const CHECKS: Check[] = [
  ...loginChecks,
  ...requestChecks,
  ...sessionChecks,
  ...secretChecks.filter(({ id }) => id !== 'X1'),
  ...platformChecks,
  ...secretChecks.filter(({ id }) => id === 'X1'),
]

export const checkIds = CHECKS.map(({ id }) => id)

/** What a back end that is started here is told; one that was started by hand may have its own. */
const ACCOUNT = { appid: 'wx0123456789abcdef', secret: '5ec4e70fda3cbe11f00dfeed5ec4e70f' }

export async function check(options: CheckOptions): Promise<Result[]> {
  const { mapping, remote = false, wechatPort = 0 } = options
  const stranger = options.only?.find((id) => !checkIds.includes(id))
  if (stranger !== undefined) throw new CannotRun(`There is no check ${stranger}.`)
  const url = readUrl(options.url, remote)
  const fake = await startFake(wechatPort, options.proxy).catch((error: unknown) => {
    throw new CannotRun(
      `The fake WeChat cannot listen on port ${wechatPort}: ${String(error)}; take another one: --wechat-port`,
    )
  })
  const http = new Http(url)
  let started: StartedBackend | undefined
  try {
    if (mapping.start !== undefined) {
      started = await startBackend(mapping.start, options.cwd ?? process.cwd(), url, {
        ...fake.env,
        WECHAT_APPID: ACCOUNT.appid,
        WECHAT_SECRET: ACCOUNT.secret,
        PORT: url.port,
      })
    }
    const backend = new Backend(http, fake.platform, mapping)
    const checks = options.only ? CHECKS.filter(({ id }) => options.only?.includes(id)) : CHECKS
    const slow = options.slow === undefined ? undefined : options.slow * 1000
    return await runAll(checks, backend, slow, fake)
  } finally {
    http.close()
    await started?.stop()
    await fake.close()
  }
}

async function runAll(
  checks: Check[],
  backend: Backend,
  slow: number | undefined,
  fake: Fake,
): Promise<Result[]> {
  const login = await firstLogin(backend, fake)
  if (login instanceof Failed) {
    return CHECKS.filter((item) => item.id === 'L1' || checks.includes(item)).map((item) =>
      item.id === 'L1'
        ? result(item, login)
        : result(item, new Absent('there is no login to try it with: see L1')),
    )
  }
  const results: Result[] = []
  for (const item of checks) {
    const outcome = await item.run({ backend, first: login, slow }).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof Failed || error instanceof Absent) return error
        throw error
      },
    )
    results.push(result(item, outcome))
    // A back end without a deadline has nobody left to answer the next check while it waits.
    fake.hangUp()
  }
  return results.sort((a, b) => order(a.id) - order(b.id))
}

/** The platform never asked about a code that was answered for: then another WeChat was, and nothing here is true. */
async function firstLogin(backend: Backend, fake: Fake): Promise<LoggedIn | Failed> {
  const { platform } = backend
  const outcome = await backend.login('first').catch((error: unknown) => {
    if (error instanceof Failed) return error
    if (error instanceof Absent) return new Failed(error.message)
    throw error
  })
  if (outcome instanceof Failed && outcome.exchange && isUnreachable(outcome.exchange)) {
    throw new CannotRun(
      `Nobody answers there: ${outcome.exchange.text}. Start the back end first. ${fake.advice}`,
    )
  }
  if (platform.asked.size === 0 && !(outcome instanceof Failed)) {
    throw new CannotRun(`The back end gave a token and never asked the fake WeChat. ${fake.advice}`)
  }
  if (outcome instanceof Failed && platform.asked.size === 0) {
    const { status } = outcome.exchange ?? {}
    outcome.message +=
      status === 404 || status === 405
        ? '. If its login is at another path, say it in session-check.json: { "login": { "path": "/api/login" } }'
        : `. The fake WeChat was never asked. ${fake.advice}`
  }
  return outcome
}

function result(item: Check, outcome: Failed | Absent | undefined): Result {
  const { id, level, title, paragraph, mend } = item
  const base = { id, level, title, paragraph }
  if (!outcome) return { ...base, outcome: 'passed' }
  if (outcome instanceof Absent) return { ...base, outcome: 'absent', why: outcome.message }
  const { exchange } = outcome
  return { ...base, outcome: 'failed', why: outcome.message, mend, ...(exchange ? { exchange } : {}) }
}

/** L before T before S before X, by number. */
const order = (id: string): number => 'LTSX'.indexOf(id.charAt(0)) * 100 + Number(id.slice(1))

function readUrl(text: string, remote: boolean): URL {
  if (!URL.canParse(text)) throw new CannotRun('The address of the back end is no URL: http://127.0.0.1:8080')
  const url = new URL(text)
  if (!/^https?:$/.test(url.protocol)) throw new CannotRun('The back end must be at http:// or https://')
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (!loopback && !remote) {
    throw new CannotRun(
      `${url.hostname} is not this machine: hundreds of logins and writes go there. Say --remote if that is meant.`,
    )
  }
  return url
}
