// #region we-request
import { BusinessError, createClient } from 'miniprogram-session'

interface Reply {
  errcode: number
  msg: string
  data: unknown
}

export const api = createClient({
  baseURL: 'https://www.example.com/', // urlPerfix
  login: { url: 'user/login', method: 'GET', token: 'session' }, // codeToSession
  attach: { query: 'session' }, // sessionName, as weRequest sends it
  storage: { key: 'session' }, // and where it keeps it: those who are logged in stay so
  isUnauthorized: ({ data }) => (data as Reply | null)?.errcode === -1, // loginTrigger
  unwrap({ data }) {
    const { errcode, msg, data: inner } = data as Reply
    if (errcode !== 0) throw new BusinessError(msg, errcode) // successTrigger, errorContent
    return inner // successData
  },
  checkSession: false, // doNotCheckSession: true
})
// #endregion
