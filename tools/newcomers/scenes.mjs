// What every newcomer's app must do on its first page, whatever happens to its token, its phone or itself.
import { createRequire } from 'node:module'
import path from 'node:path'
import { PICTURE } from './phones.mjs'
import { showStartPage } from './realm.mjs'

const TITLE = '手冲咖啡'
const PHOTO = 'https://cdn.example.com/photo.jpg'
const KEY = 'miniprogram-session'

/** ms that the app is away, more than the 5 s after which phones stop what is on the wire. */
const AWAY = 6_000
/** ms of the phone's that pass at each turn of the machine's. */
export const STEP = 50

const LOGIN = 'POST /login'
const ORDERS = 'GET /orders'
const UPLOAD = 'POST /photos'

/** `begin` comes before the launch that counts. What is `sent` is what leads to the orders; a page that uploads does so afterwards. */
const SCENES = {
  'first login': { logins: 1, sent: [LOGIN, ORDERS] },
  'dead token': {
    begin: ({ fake }) => fake.storage.set(KEY, { token: 'dead' }),
    logins: 1,
    sent: [ORDERS, LOGIN, ORDERS],
  },
  'second launch': {
    async begin({ fake, launch }) {
      await launch()
      fake.calls.reset()
    },
    logins: 0,
    sent: [ORDERS],
  },
  background: {
    begin: ({ fake, answers }) => once(answers, ORDERS, () => leave(fake)),
    logins: 1,
    sent: [LOGIN, ORDERS, ORDERS],
  },
}

const SCENES_OF_UPLOADS = {
  'refused upload': {
    begin: ({ fake, answers }) => once(answers, UPLOAD, () => refuse(fake)),
    logins: 2,
    sent: [LOGIN, ORDERS, UPLOAD, LOGIN],
  },
}

/** Plays each scene with the fake that the project has installed; `phone` makes it, and gives the app its platform. */
export async function playScenes({ check, name, project, files, phone, uploads = false }) {
  for (const [scene, { begin, logins, sent }] of Object.entries({
    ...SCENES,
    ...(uploads && SCENES_OF_UPLOADS),
  }))
    await check(`${name}: ${scene}`, async () => {
      const { fake, globals, answers } = pick(project, phone)
      const launch = () => showStartPage(files(), globals(), uploads ? PHOTO : TITLE)
      const shown = await whileTimePasses(fake, async () => {
        await begin?.({ fake, answers, launch })
        return launch()
      })
      const seen = fake.calls.requests.map(
        ({ method, url }) => `${method} ${/^https:\/\/[^/]+(\/\w+)/.exec(url)?.[1]}`,
      )
      const expected = uploads ? [...sent, UPLOAD] : sent
      if (fake.calls.logins !== logins || String(seen) !== String(expected))
        throw new Error(`${fake.calls.logins} logins, and was sent: ${seen.join(', ')}`)
      if (!shown.includes(TITLE)) throw new Error(`the orders are not shown, only ${shown.slice(0, 300)}`)
    })
}

/** What such an app is told where nobody has given a `platform`, and there is no `wx`: what to give. */
export const playWithoutPlatform = ({ check, name, project, files, phone }) =>
  check(`${name}: says what to give`, async () => {
    const { globals } = pick(project, phone)
    const shown = await showStartPage(files(), globals(), 'platform: there is no global wx here')
    const [words] = /platform: there is no[^"]*/.exec(shown)
    if (!/Pass .*(uni|Taro)/.test(words)) throw new Error(words)
    return words
  })

function pick(project, phone) {
  const require = createRequire(path.join(project, 'package.json'))
  const made = phone(require('miniprogram-session/testing'))
  const { server } = made.fake
  const answers = {
    [ORDERS]: server.guard(() => ({ data: [{ id: 7, title: TITLE }] })),
    [UPLOAD]: server.guard(({ upload }) =>
      upload?.filePath === PICTURE && upload.name === 'photo'
        ? { data: { src: PHOTO } }
        : { statusCode: 400 },
    ),
  }
  for (const route of Object.keys(answers)) server.on(route, (request) => answers[route](request))
  return { ...made, answers }
}

/** The phone's time stands still while the machine is busy: nothing is late because of that. */
async function whileTimePasses({ clock }, play) {
  const timer = setInterval(() => void clock.advance(STEP), 1)
  try {
    return await play()
  } finally {
    clearInterval(timer)
  }
}

/** The next request on the route is answered otherwise. */
export function once(answers, route, answer) {
  const usual = answers[route]
  answers[route] = (request) => {
    answers[route] = usual
    return answer(request)
  }
}

/** The user goes to another app, and comes back when the phone has stopped the request. */
function leave({ app, clock }) {
  app.toBackground()
  clock.setTimeout(() => app.toForeground(), AWAY)
  return { lost: true }
}

/** The tokens die just then. */
export function refuse({ server }) {
  server.expire()
  return { statusCode: 401 }
}
