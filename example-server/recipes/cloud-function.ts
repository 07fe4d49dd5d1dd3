/**
 * A cloud function, called with `wx.cloud.callFunction({ name: 'api', data: { path: '/me' } })`. WeChat vouches
 * for the caller by itself: there is no code, no token, no session and nothing to log in to.
 *
 *     const me = await wx.cloud.callFunction({ name: 'api', data: { path: '/me' } })
 *
 * Only where a function forwards to a back end of yours that wants its token does the client's funnel help:
 *
 *     api.authorize((token) => wx.cloud.callFunction({ name: 'api', data: { path: '/me', token } }), {
 *       isUnauthorized: (answer) => answer.result.status === 401,
 *     })
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
