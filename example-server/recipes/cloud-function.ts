/**
 * A cloud function, called with `wx.cloud.callFunction({ name: 'api', data: { path: '/me' } })`. WeChat vouches
 * for the caller by itself: there is no code, no token, no session and nothing to log in to. The client is told
 * how to call it, and that nobody gets a token; its lanes, time-outs, retries and errors work as ever:
 *
 *     const base = 'https://cloud'
 *     createClient({
 *       baseURL: base,
 *       authOrigins: [],
 *       login: () => Promise.reject(new Error('WeChat carries the identity')),
 *       platform: {
 *         login: (options) => wx.login(options),
 *         request: ({ url, success, fail }) =>
 *           wx.cloud.callFunction({
 *             name: 'api',
 *             data: { path: url.slice(base.length) },
 *             success: ({ result }) => success?.({ statusCode: result.status, data: result.data, header: {} }),
 *             fail,
 *           }),
 *       },
 *     })
 *
 * Where a function forwards to a back end of yours that wants its token, `api.authorize` brings it: see the
 * README, "Cloud functions".
 */
export interface CloudContext {
  /** `cloud.getWXContext()` of wx-server-sdk. Only this is to be believed, never an openid in `event`. */
  getWXContext(): { OPENID?: string }
}

export interface CloudEvent {
  path: string
}

export interface CloudAnswer {
  status: number
  data?: unknown
}

export const createCloudFunction = (cloud: CloudContext) =>
  function main(event: CloudEvent): CloudAnswer {
    const { OPENID } = cloud.getWXContext()
    // Empty in single-page mode (a share opened from Moments), where nobody is logged in.
    if (!OPENID) return { status: 401 }
    switch (event.path) {
      case '/me':
        return { status: 200, data: { openid: OPENID } }
      default:
        return { status: 404 }
    }
  }
