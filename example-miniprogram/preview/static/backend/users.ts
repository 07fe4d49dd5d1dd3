import type { Parts } from './backend'
import { base64, decryptWith, type Encrypted } from './open-data'
import { badRequest, problem } from './troubles'

/** bytes */
const MAX_AVATAR = 2 * 1024 * 1024
/** Pictures are told by their first bytes. */
const PICTURES: [type: string, start: string][] = [
  ['image/png', '\x89PNG'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF8'],
  ['image/webp', 'RIFF'],
]

/** The one user of this page: see example-server/src/routes/{me,avatar}.ts and the routes of miniprogram-session-server. */
export function userRoutes({ server, account, saved, keep }: Parts): void {
  const phoneCodes = new Set<string>()
  const profile = () => ({
    id: 'visitor',
    nickname: saved.nickname,
    ...(saved.avatar && { avatar: '/avatars/mine.png' }),
  })

  server.on(
    'GET /me',
    server.guard(() => ({ data: profile() })),
  )
  server.on(
    'PUT /me',
    server.guard(({ json }) => {
      const { nickname } = Object(json) as { nickname?: unknown }
      if (typeof nickname !== 'string' || !nickname || nickname.length > 64)
        return badRequest('A nickname has 1 to 64 characters.')
      keep({ nickname })
      return { data: profile() }
    }),
  )
  server.on(
    'POST /avatar',
    server.guard(({ upload }) => {
      const content = upload?.content
      const picture = content instanceof ArrayBuffer ? new Uint8Array(content) : new Uint8Array()
      if (picture.length > MAX_AVATAR) return problem(413, 'PAYLOAD_TOO_LARGE', 'An avatar has at most 2 MB.')
      const start = String.fromCharCode(...picture.slice(0, 4))
      const type = PICTURES.find(([, sign]) => start.startsWith(sign))?.[0]
      if (!type)
        return problem(415, 'UNSUPPORTED_MEDIA_TYPE', 'An avatar is a PNG, JPEG, GIF or WebP picture.')
      keep({ avatar: `data:${type};base64,${base64(picture)}` })
      return { data: { avatar: '/avatars/mine.png', size: picture.length } }
    }),
  )
  server.on(
    'POST /open-data',
    server.guard(async ({ json }) => {
      const encrypted = Object(json) as Partial<Encrypted>
      if (typeof encrypted.encryptedData !== 'string' || typeof encrypted.iv !== 'string')
        return badRequest('Send encryptedData with iv.')
      const data = await decryptWith(account.sessionKey, encrypted as Encrypted)
      return data === undefined
        ? problem(409, 'SESSION_KEY_STALE', 'Log in again, then ask WeChat for the data again.')
        : { data: { data } }
    }),
  )
  server.on(
    'POST /phone',
    server.guard(({ json }) => {
      const { code } = Object(json) as { code?: unknown }
      if (typeof code !== 'string' || !code) return badRequest('Send the code of the button.')
      if (phoneCodes.has(code))
        return problem(400, 'PHONE_CODE_INVALID', 'This phone code is used: ask the user to tap again.')
      phoneCodes.add(code)
      return { data: { phoneNumber: '13800000000', purePhoneNumber: '13800000000', countryCode: '86' } }
    }),
  )
}
