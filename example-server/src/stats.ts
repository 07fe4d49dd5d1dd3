/** What this process has done since it started; development shows it under `/dev/stats`. */
export interface Stats {
  requests: number
  /** successful `POST /login` */
  logins: number
  /** codes that were sent to WeChat, refused ones included */
  codes: number
  codesRefused: number
  unauthorized: number
}

export const createStats = (): Stats => ({
  requests: 0,
  logins: 0,
  codes: 0,
  codesRefused: 0,
  unauthorized: 0,
})
