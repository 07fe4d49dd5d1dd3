import qcloud from 'wafer2-client-sdk'

const HOME = 'https://api.test'
qcloud.setLoginUrl(`${HOME}/login`)

export const get = (url) =>
  new Promise((resolve, fail) => {
    qcloud.request({ url: HOME + url, success: ({ data }) => resolve(data), fail })
  })
export const logout = () => qcloud.clearSession()
