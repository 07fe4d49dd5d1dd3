import type { ClientOptions, LoginContext, LoginOptions, Middleware } from '../../../src'
import { HOME } from '../world'
import { FEATURES } from '../features'
import type { Copy } from './copy'
import { HOMES, LOGIN_TIMEOUT, OTHER_KEY, ROTATED, TIMEOUT } from './words'

/** How a client of this setting is made. */
export function optionsOf(copy: Copy, key: string): ClientOptions {
  const { world, store } = copy
  const { setting } = world
  const { isSecondClient } = copy
  return {
    baseURL: setting.bases === 2 ? HOMES : HOME,
    platform: copy.wire.platform,
    concurrency: setting.concurrency,
    checkSession: copy.checks,
    timeout: TIMEOUT,
    retry: {
      limit: 1,
      delay: () => {
        if (FEATURES.appCode) world.notice('retry.delay', copy)
        return 300
      },
    },
    login: isSecondClient ? withoutCode(copy, '/password') : loginOf(copy),
    ...(setting.store === 'async'
      ? { storage: store.ofTheApp() }
      : { storage: { key: isSecondClient ? OTHER_KEY : key } }),
    ...(setting.middleware && { use: [marking(copy)] }),
    ...(!setting.autoLogin && { autoLogin: false }),
    ...(setting.rotate !== false && { rotate: { header: ROTATED } }),
    ...(FEATURES.appCode && {
      header: () => {
        world.notice('header', copy)
        return {}
      },
      isUnauthorized: ({ statusCode }: { statusCode: number }) => {
        world.notice('isUnauthorized', copy)
        copy.wire.wasAsked()
        return statusCode === 401
      },
    }),
    onEvent: (event) => copy.hear(event),
  }
}

function loginOf(copy: Copy): LoginOptions {
  const { login, hasRefresh } = copy.world.setting
  const kind =
    login === 'no code'
      ? withoutCode(copy, '/login')
      : login === 'exchange'
        ? {
            exchange: (code: string, context?: LoginContext) =>
              atWork(copy, () => copy.steps.exchangeByApp(code, context)),
          }
        : { url: '/login' }
  return {
    timeout: LOGIN_TIMEOUT,
    ...kind,
    ...(hasRefresh && {
      refresh: (session) => atWork(copy, () => copy.refresh.refresh(session)),
    }),
  }
}

function withoutCode(copy: Copy, url: string): LoginOptions {
  const data = async (_code: unknown, context?: LoginContext) => {
    await copy.world.later('the app has asked for the password', () => undefined)
    return { password: 'p', ...context?.data }
  }
  return { timeout: LOGIN_TIMEOUT, code: false, url, data }
}

/** A function of the app's that takes part in a login: it may send requests of its own. */
async function atWork<T>(copy: Copy, run: () => Promise<T>): Promise<T> {
  const { lanes } = copy.wire
  lanes.appLogins++
  try {
    return await run()
  } finally {
    lanes.appLogins--
  }
}

/** Middleware that marks each request, and goes on writing on what it has handed on. */
function marking(copy: Copy): Middleware {
  return async (request, next) => {
    if (FEATURES.appCode) copy.world.notice('middleware', copy)
    const header: Record<string, string> = {
      ...(request.header as Record<string, string>),
      'x-by': 'middleware',
    }
    const answer = next({ ...request, header })
    if (FEATURES.mutation) header['x-by'] = 'too late'
    return answer
  }
}
