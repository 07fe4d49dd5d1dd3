/* global wx, module */
// #region request-js-before
const BASE = 'https://api.example.com'

function login() {
  return new Promise((resolve, reject) => {
    const success = ({ data }) => {
      wx.setStorageSync('token', data.token)
      resolve()
    }
    wx.login({
      success: ({ code }) =>
        wx.request({ url: BASE + '/login', method: 'POST', data: { code }, success, fail: reject }),
      fail: reject,
    })
  })
}

function request(url, data, method = 'GET') {
  return new Promise((resolve, reject) => {
    wx.request({
      url: BASE + url,
      data,
      method,
      header: { Authorization: 'Bearer ' + wx.getStorageSync('token') },
      success(res) {
        if (res.statusCode === 401)
          login()
            .then(() => request(url, data, method))
            .then(resolve, reject)
        else resolve(res.data)
      },
      fail: reject,
    })
  })
}

module.exports = { request }
// #endregion
