interface Callbacks {
  success?: (result: object) => void
  complete?: (result: object) => void
}

/** A `wx` with just what the start page needs, whose server knows everybody. */
export function startPageWx(): Record<string, unknown> {
  const stored = new Map<string, unknown>()
  const later = ({ success, complete }: Callbacks, result: object) => {
    setTimeout(() => {
      success?.(result)
      complete?.(result)
    }, 1)
  }
  const request = (options: Callbacks & { url: string }) => {
    const data = options.url.endsWith('/login')
      ? { token: 'token', expiresIn: 7200 }
      : { id: 'somebody', nickname: 'Somebody' }
    later(options, { statusCode: 200, data, header: {}, cookies: [], errMsg: 'request:ok' })
    return { abort: () => undefined }
  }
  return {
    request,
    login: (options: Callbacks) => later(options, { code: 'code', errMsg: 'login:ok' }),
    checkSession: (options: Callbacks) => later(options, { errMsg: 'checkSession:ok' }),
    getStorageSync: (key: string) => stored.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => void stored.set(key, value),
    removeStorageSync: (key: string) => void stored.delete(key),
  }
}
