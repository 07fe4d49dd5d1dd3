// The Taro example with the server that it is written for, over HTTP: what the scenes' own back end takes for granted is true.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import path from 'node:path'
import { root } from '../package/pack.mjs'
import { TEA } from './example-backend.mjs'
import { PICTURE } from './phones.mjs'
import { openScreen } from './screen.mjs'

/** Where the app looks for it. */
const PLACE = 'http://127.0.0.1:3000'
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).buffer
/** Looks like a real one, as the server's stand-in for WeChat wants it. */
const code = () => randomBytes(16).toString('hex')

/** Runs `work` with the address of a server that is ended afterwards; uploads go into `folder`. */
export async function withExampleServer(folder, work) {
  const { PATH } = process.env
  const env = { PATH, NODE_ENV: 'development', PORT: '0', LOG_LEVEL: 'silent', UPLOAD_DIR: folder }
  const main = path.join(root, 'example-server/src/main.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', main], { cwd: root, env })
  const ended = once(child, 'exit')
  const stop = () => child.kill('SIGKILL')
  process.once('exit', stop)
  try {
    return await work(await addressOf(child))
  } finally {
    stop()
    await ended
    process.off('exit', stop)
  }
}

function addressOf(child) {
  return new Promise((resolve, reject) => {
    let output = ''
    const hear = (piece) => {
      output += piece
      const [, address] = /example-server at (\S+)/.exec(output) ?? []
      if (address) resolve(address)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', () => reject(new Error(`the example server ended: ${output}`)))
  })
}

/** `create` makes a phone of these facts: see phones.mjs. */
export async function playOnServer({ project, files, create, address }) {
  const testing = createRequire(path.join(project, 'package.json'))('miniprogram-session/testing')
  const sent = []
  let loses = ''

  /** The way to the server, on which one answer may be lost. */
  async function carry(url, init) {
    const { pathname } = new URL(url)
    const call = `${init.method} ${pathname}`
    sent.push(call)
    const answer = await fetch(url.replace(PLACE, address), init)
    if (call !== loses) return answer
    loses = ''
    throw new TypeError('the answer is lost')
  }

  const server = testing.httpTransport({ fetch: carry })
  const { fake, globals } = create({ server, clock: testing.realClock, codes: code })(testing)
  fake.files.set(PICTURE, PNG)
  const screens = []
  const open = (start) => {
    const screen = openScreen({ files, globals: globals(), fake, ...(start && { start }) })
    screens.push(screen)
    return screen
  }
  try {
    await play({ fake, open, sent, lose: (call) => (loses = call) })
  } finally {
    for (const screen of screens) screen.close()
  }
}

async function play({ fake, open, sent, lose }) {
  const orders = open()
  await orders.shows(TEA)
  const before = count(orders)

  lose('POST /orders')
  await orders.tap('下单')
  await orders.shows('下单 桂花糕')
  await orders.until(() => count(orders) > before, 'the order in the list')
  assert.equal(count(orders), before + 1)
  assert.equal(sent.filter((call) => call === 'POST /orders').length, 2)

  const profile = open('pages/profile/index')
  await profile.tap('更换头像')
  await profile.shows(`${PLACE}/avatars/`)
  await profile.tap('让 token 失效')
  await profile.until(() => fake.ui.shown?.title.startsWith('已失效'), '已失效')
  sent.splice(0)
  orders.pullDown()
  await orders.until(() => sent.length === 3, 'three requests')
  assert.deepEqual(sent, ['GET /orders', 'POST /login', 'GET /orders'])
}

const count = (screen) => Number(/共 (\d+) 单/.exec(screen.text())?.[1])
