/**
 * What the client still holds when all is over: answers of requests that waited for a login together. A phone has
 * little memory, and a page that has gone needs none of it. Run it with `--expose-gc`.
 */
import { createClient } from './built.mjs'
import { bounds, tellFailures } from './print.mjs'
import { stubWx } from './stub.mjs'

const REQUESTS = 200
const ANSWER_BYTES = 5_000_000
const GOAL = { limit: 3, aim: 0 }
const HOME = 'https://api.test'
if (!globalThis.gc) throw new Error('Run it as npm run bench does: node --expose-gc bench/reachable.mjs')

const failures = []
const through = (options) => (wx) => {
  const client = createClient({ platform: wx, baseURL: HOME, login: { url: '/login' }, ...options })
  return { client, send: (path) => client.get(path) }
}
const stories = {
  // What the measuring itself holds.
  'answers of 200 bare promises': (wx) => ({
    client: wx,
    send: (path) =>
      new Promise((success, fail) => wx.request({ url: path, success: (it) => success(it.data), fail })),
  }),
  'answers of 200 requests that waited for a login': through({}),
  'the same, behind middleware': through({ use: [(request, next) => next(request)] }),
  'the same, with a listener': through({ onEvent: () => undefined }),
}
for (const [name, make] of Object.entries(stories)) {
  const { client, answers, wrong } = await live(make)
  if (wrong) failures.push(`${name}: ${wrong} of ${REQUESTS} went wrong`)
  console.log(bounds(`${name}, still reachable`, await reachable(answers), GOAL, failures))
  // The client still is, as in every app: else all of it would be gone.
  if (!client) throw new Error('the client has gone')
}
tellFailures(failures)

async function live(make) {
  const answers = []
  const calls = []
  const wx = stubWx({})
  wx.request = (call) => {
    calls.push(call)
    return { abort: () => undefined }
  }
  const { client, send } = make(wx)
  let settled = 0
  let wrong = 0
  for (let index = 0; index < REQUESTS; index++) {
    send(`/orders/${index}`)
      .then(
        (data) => data.byteLength === ANSWER_BYTES || wrong++,
        () => void wrong++,
      )
      .then(() => settled++)
  }
  while (settled < REQUESTS) {
    const call = calls.shift()
    if (call) answer(call, answers)
    // A turn of the event loop, so that what has been let go comes to its calls.
    await new Promise((done) => setImmediate(done))
    if (!call && calls.length === 0 && settled < REQUESTS)
      await idle(() => calls.length > 0 || settled === REQUESTS)
  }
  return { client, answers, wrong }
}

/** Each answer is made when it is due: two hundred of them at once would be a gigabyte. */
function answer({ url, success }, answers) {
  const data = url.endsWith('/login') ? { token: 'a-token' } : new ArrayBuffer(ANSWER_BYTES)
  if (data instanceof ArrayBuffer) answers.push(new WeakRef(data))
  success({ data, statusCode: 200, header: {}, cookies: [], errMsg: 'request:ok' })
}

async function idle(isOver) {
  for (let turn = 0; turn < 1000; turn++) {
    if (isOver()) return
    await new Promise((done) => setImmediate(done))
  }
  throw new Error('the requests are not sent, and not settled either')
}

/** A WeakRef holds its object until the task is over in which it was looked at. */
async function reachable(answers) {
  for (let round = 0; round < 3; round++) {
    await new Promise((done) => setImmediate(done))
    globalThis.gc()
  }
  return answers.filter((answer) => answer.deref() !== undefined).length
}
