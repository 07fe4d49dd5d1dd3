/** What can happen to a mini-program with a login, each story on one fake WeChat with a clock of its own. */
import { createFakeClock, createFakeWeChat } from '../dist/testing.mjs'
import { load } from './bundle.mjs'

/** So many requests or codes are a loop; whatever comes after is not answered. */
export const LOOP = 10_000
const CROWD = 20
const FIVE_MINUTES = 300_000
const LATENCY = 100

export const SCENARIOS = [
  {
    name: 'cold start',
    story: 'Nothing is stored; 20 requests at once.',
    wants: { succeeded: CROWD, codes: 1 },
    run: ({ ask }) => crowd(ask),
  },
  {
    name: 'expired token',
    story: 'The stored token is dead; 20 requests at once.',
    token: 'dead',
    wants: { succeeded: CROWD, codes: 1 },
    run: ({ ask }) => crowd(ask),
  },
  {
    name: 'stale 401s',
    story:
      'The stored token is dead; of 9 requests, 8 are slow: their 401s come one by one, when the new token is there.',
    token: 'dead',
    wants: { succeeded: 9, codes: 1 },
    run({ ask, fake }) {
      for (let second = 1; second < 9; second++) fake.server.latency(`/orders/${second}`, second * 1_000)
      crowd(ask, 9)
    },
  },
  {
    name: 'login hiccup',
    story: 'The token is dead, and the first exchange of a code is answered with 500; 20 requests.',
    token: 'dead',
    wants: { succeeded: CROWD, codes: 2 },
    run({ ask, exchange }) {
      exchange.failures = 1
      crowd(ask)
    },
  },
  {
    name: 'login down',
    story: 'The token is dead, and every exchange is answered with 500; 20 requests.',
    token: 'dead',
    // One login with its two retries.
    wants: { failed: CROWD, codes: 3 },
    run({ ask, exchange }) {
      exchange.failures = Infinity
      crowd(ask)
    },
  },
  {
    name: 'wx.login fails',
    story: 'The token is dead, and `wx.login` fails every time; 20 requests.',
    token: 'dead',
    wants: { failed: CROWD, codes: 3 },
    run({ ask, fake }) {
      fake.misbehave('login', 'fail', Infinity)
      crowd(ask)
    },
  },
  {
    name: 'endless 401',
    story: 'The login works, and yet every request is refused, whatever its token; 20 requests.',
    token: 'dead',
    wants: { failed: CROWD, codes: 1 },
    run({ ask, refuseAll }) {
      refuseAll()
      crowd(ask)
    },
  },
  {
    name: 'hanging wx.login',
    story: 'The token is dead, and `wx.login` never calls back; 20 requests, then five minutes.',
    token: 'dead',
    wants: { failed: CROWD, codes: 1 },
    run({ ask, fake }) {
      fake.misbehave('login', 'hang', Infinity)
      crowd(ask)
    },
  },
  {
    name: 'upload',
    story: 'The stored token is dead; 5 uploads at once.',
    token: 'dead',
    wants: { succeeded: 5, codes: 1 },
    needs: 'upload',
    run({ send }) {
      for (let index = 0; index < 5; index++) send(index)
    },
  },
  {
    name: 'logout during login',
    story: 'Nothing is stored; 20 requests, and the user logs out while the code is being exchanged.',
    wants: { failed: CROWD, codes: 1, sessionLeft: false },
    run({ ask, exchange, logout }) {
      exchange.onArrival = logout
      crowd(ask)
    },
  },
]

function crowd(ask, size = CROWD) {
  for (let index = 0; index < size; index++) ask(index)
}

/** How each package's own back end takes tokens and codes, and refuses. */
const DIALECTS = {
  bearer: {
    readToken: bearerOf,
    codeOf: (request) => request.json?.code,
    reply: (token) => ({ data: { token } }),
    refusal: () => ({ statusCode: 401, data: { ok: false, error: 'unauthorized' } }),
  },
  wafer: {
    readToken: (request) => request.headerOf('X-WX-Skey'),
    codeOf: (request) => request.headerOf('X-WX-Code'),
    reply: (token) => ({ data: { code: 0, data: { skey: token, userinfo: { nickName: 'fake' } } } }),
    refusal: () => ({ data: { code: -1, error: 'ERR_SKEY_INVALID' } }),
  },
}

function bearerOf(request) {
  const header = request.headerOf('Authorization')
  return header?.startsWith('Bearer ') ? header.slice('Bearer '.length) : undefined
}

/** Tells one story to one package and counts what came of it. */
export const tell = (scenario, peer, code) =>
  tellTo((globals) => load(code, globals), createFakeWeChat, scenario, peer)

/** The same to whatever `open` makes of a phone: `createFake` gives it, and its `wx` is the platform's shape. */
export async function tellTo(open, createFake, scenario, peer) {
  const clock = createFakeClock({ hops: 200 })
  const fake = createFake({ clock, latency: LATENCY, loginLatency: LATENCY, record: false })
  const exchange = { failures: 0, onArrival: undefined }
  const counts = { codes: 0, sent: 0, stopped: false }
  setUpServer(fake.server, DIALECTS[peer.dialect], exchange)
  if (scenario.token) fake.storage.set(...peer.session(scenario.token))
  const app = open({ ...clock, wx: countedWx(fake, counts) })
  if (scenario.needs && !app[scenario.needs]) return undefined

  const outcomes = []
  const watch = (path, promise) => {
    const outcome = { kind: 'pending' }
    outcomes.push(outcome)
    promise.then(
      (body) => void (outcome.kind = isAnswer(body, path) ? 'succeeded' : 'wrong'),
      () => void (outcome.kind = 'failed'),
    )
  }
  await clock.advance(LATENCY)
  scenario.run({
    fake,
    exchange,
    refuseAll: () => void (fake.server.isAuthorized = () => false),
    logout: () => void app.logout(),
    ask: (index) => watch(`/orders/${index}`, app.get(`/orders/${index}`)),
    send: (index) => watch(`/avatars/${index}`, app.upload(`/avatars/${index}`, `wxfile://tmp_${index}`)),
  })
  await clock.advance(FIVE_MINUTES)

  const count = (kind) => outcomes.filter((outcome) => outcome.kind === kind).length
  return {
    ...counts,
    succeeded: count('succeeded'),
    failed: count('failed'),
    wrong: count('wrong'),
    pending: count('pending'),
    sessionLeft: isSession(fake.storage.get(peer.session('')[0])),
  }
}

function setUpServer(server, dialect, exchange) {
  server.readToken = dialect.readToken
  server.refusal = dialect.refusal
  server.on('/login', (request) => {
    exchange.onArrival?.()
    if (exchange.failures-- > 0) return { statusCode: 500, data: { error: 'try later' } }
    const answer = server.exchange(String(dialect.codeOf(request)))
    return 'token' in answer ? dialect.reply(answer.token) : { statusCode: 400, data: answer }
  })
}

/** The fake's `wx`, counted and bounded, with what a package asks of WeChat when it is loaded. */
function countedWx(fake, counts) {
  const nothing = () => undefined
  const task = { abort: nothing, onProgressUpdate: nothing }
  const mayGoOn = () => {
    if (counts.sent < LOOP && counts.codes < LOOP) return true
    counts.stopped = true
    return false
  }
  const network = (name) => (options) => {
    if (!mayGoOn()) return task
    if (!String(options.url).endsWith('/login')) counts.sent++
    return fake.wx[name](options)
  }
  const login = (options) => {
    if (!mayGoOn()) return undefined
    counts.codes++
    return fake.wx.login(options)
  }
  return {
    ...fake.wx,
    login,
    request: network('request'),
    uploadFile: network('uploadFile'),
    downloadFile: network('downloadFile'),
    onSocketOpen: nothing,
    onSocketClose: nothing,
    onSocketMessage: nothing,
    onSocketError: nothing,
  }
}

/** An upload's answer is a string on a phone, and a package may leave it one. */
function isAnswer(body, path) {
  const data = typeof body === 'string' && body.startsWith('{') ? JSON.parse(body) : body
  return data?.ok === true && data.path === path
}

const isSession = (stored) => stored !== undefined && stored !== '' && stored !== null

/**
 * How far a result is from what the scenario wants, the gravest first: loops, requests that never settle, that
 * resolve wrongly, or end otherwise than they could; a session where there must be none; codes beyond need.
 */
export function faults({ wants }, result) {
  return [
    Number(result.stopped),
    result.pending,
    result.wrong,
    'succeeded' in wants ? wants.succeeded - result.succeeded : wants.failed - result.failed,
    Number(wants.sessionLeft === false && result.sessionLeft),
    Math.max(0, result.codes - wants.codes),
  ]
}

export const isRight = (scenario, result) => faults(scenario, result).every((fault) => fault === 0)

/** Below 0 when the first is better, 0 when they are equal. */
export function compare(scenario, one, other) {
  const others = faults(scenario, other)
  const difference = faults(scenario, one)
    .map((fault, index) => fault - others[index])
    .find((step) => step !== 0)
  return difference ?? 0
}
