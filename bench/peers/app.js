/* global wx */
/** What an app writes itself where its package knows no mini-program login: the token in storage, a code for a new one. */
export const HOME = 'https://api.test'

export const savedToken = () => wx.getStorageSync('token')

export const forgetToken = () => wx.removeStorageSync('token')

export function login() {
  return new Promise((resolve, reject) => {
    wx.login({ success: ({ code }) => exchange(code, resolve, reject), fail: reject })
  })
}

function exchange(code, resolve, reject) {
  wx.request({
    url: `${HOME}/login`,
    method: 'POST',
    data: { code },
    success({ statusCode, data }) {
      if (statusCode !== 200) return reject(new Error(`login: HTTP ${statusCode}`))
      wx.setStorageSync('token', data.token)
      resolve(data.token)
    },
    fail: reject,
  })
}
