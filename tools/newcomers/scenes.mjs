// What every newcomer's app must do on its first page: log in, and log in again when its token has died.
import { createRequire } from 'node:module'
import path from 'node:path'
import { showStartPage } from './realm.mjs'

const TITLE = '手冲咖啡'

const SCENES = {
  'first login': { sent: ['POST /login', 'GET /orders'] },
  'dead token': { token: 'dead', sent: ['GET /orders', 'POST /login', 'GET /orders'] },
}

/** Plays each scene with the fake that the project has installed; `phone` gives the app its platform. */
export async function playScenes({ check, name, project, files, phone }) {
  for (const [scene, { token, sent }] of Object.entries(SCENES))
    await check(`${name}: ${scene}`, async () => {
      const fake = fakeOf(project, token)
      await showStartPage(files(), phone(fake), TITLE)
      const { logins, requests } = fake.calls
      const seen = requests.map(({ method, url }) => `${method} ${/^https:\/\/[^/]+(\/\w+)/.exec(url)?.[1]}`)
      if (logins !== 1 || String(seen) !== String(sent))
        throw new Error(`${logins} logins, and was sent: ${seen.join(', ')}`)
    })
}

/** What such an app is told where nobody has given a `platform`, and there is no `wx`: what to give. */
export const playWithoutPlatform = ({ check, name, project, files, phone }) =>
  check(`${name}: says what to give`, async () => {
    const shown = await showStartPage(files(), phone(fakeOf(project)), 'platform: there is no global wx here')
    const [words] = /platform: there is no[^"]*/.exec(shown)
    if (!/Pass .*(uni|Taro)/.test(words)) throw new Error(words)
    return words
  })

function fakeOf(project, token) {
  const require = createRequire(path.join(project, 'package.json'))
  const { createFakeWeChat, realClock } = require('miniprogram-session/testing')
  const fake = createFakeWeChat({ clock: realClock, latency: 1, loginLatency: 1, checkLatency: 1 })
  fake.server.on(
    'GET /orders',
    fake.server.guard(() => ({ data: [{ id: 7, title: TITLE }] })),
  )
  if (token) fake.storage.set('miniprogram-session', { token })
  return fake
}
