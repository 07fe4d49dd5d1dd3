import { Absent, Failed, type Backend } from '../backend.ts'
import type { Check } from '../check.ts'

const WANTED = 200
const ENOUGH = 30
const BITS = 120

export const secretChecks: Check[] = [
  {
    id: 'X1',
    level: 'must',
    title: 'no answer and no token has session_key, secret or access token in it',
    paragraph: 10,
    mend: "Never pass on what the platform answered; a signed token's content is open to everybody.",
    run({ backend }) {
      const secrets = [...backend.platform.secrets].flatMap(spellings)
      for (const exchange of backend.http.exchanges) {
        const said = `${exchange.text}\n${JSON.stringify(exchange.headers)}`
        if (secrets.some((secret) => said.includes(secret))) {
          return Promise.reject(new Failed('an answer has one of them in it', exchange))
        }
      }
      for (const token of backend.tokens) {
        if (openings(token).some((text) => secrets.some((secret) => text.includes(secret)))) {
          return Promise.reject(new Failed('a token, decoded, has one of them in it'))
        }
      }
      return Promise.resolve()
    },
  },
  {
    id: 'X2',
    level: 'must',
    title: 'tokens differ in 120 bits or more',
    paragraph: 1,
    mend: 'Make tokens of 16 or more bytes of a cryptographic source of chance, or sign them.',
    async run({ backend }) {
      await collect(backend)
      const tokens = [...backend.tokens]
      if (tokens.length < ENOUGH) throw new Absent(`only ${tokens.length} tokens could be had`)
      const bits = entropy(tokens)
      if (bits < BITS)
        throw new Failed(`${tokens.length} tokens differ in about ${Math.floor(bits)} bits only`)
    },
  },
  {
    id: 'X3',
    level: 'should',
    title: 'answers are not to be stored, JSON says that it is, and a 401 names its scheme',
    paragraph: 10,
    mend: 'Send Cache-Control: no-store, Content-Type: application/json, and WWW-Authenticate: Bearer with a 401.',
    async run({ backend, first }) {
      const login = first.answer.exchange
      const asked = await backend.ask(first.token)
      for (const exchange of [login, asked.exchange]) {
        if (!/no-store/i.test(header(exchange.headers['cache-control']))) {
          throw new Failed('an answer with a user’s data has no Cache-Control: no-store', exchange)
        }
        if (!/json/i.test(header(exchange.headers['content-type']))) {
          throw new Failed('an answer in JSON does not say so', exchange)
        }
      }
      const { status, exchange } = await backend.ask(undefined)
      const plain = backend.mapping.attach === 'bearer' && status === 401 && exchange.status === 401
      if (plain && !/bearer/i.test(header(exchange.headers['www-authenticate']))) {
        throw new Failed('the 401 has no WWW-Authenticate: Bearer', exchange)
      }
    },
  },
]

const header = (value: string | string[] | undefined): string => [value ?? ''].flat().join(', ')

/** As it is, in hexadecimal, base64url, percent and as JSON writes it. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret, 'base64')
  const forms = [
    secret,
    secret.replace(/\//g, '\\/'),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ]
  // Short ones are no secrets, and would be found anywhere.
  if (bytes.length >= 12) forms.push(bytes.toString('hex'), bytes.toString('base64url'))
  return [...new Set(forms)].filter((form) => form.length >= 8)
}

/** What anybody can read in a token: its parts, decoded. */
function openings(token: string): string[] {
  return [token, ...token.split('.')].flatMap((part) => [
    part,
    Buffer.from(part, 'base64url').toString(),
    Buffer.from(part, 'hex').toString(),
  ])
}

async function collect(backend: Backend): Promise<void> {
  while (backend.tokens.size < WANTED) {
    const before = backend.tokens.size
    const users = Array.from({ length: 20 }, () => backend.newUser())
    const answers = await Promise.all(users.map((user) => backend.exchange(backend.mint(user))))
    if (answers.some(({ status }) => status >= 300) || backend.tokens.size === before) return
  }
}

/** Bits in which tokens differ: for each place the entropy of what stands there (Miller and Madow's estimate). */
function entropy(tokens: string[]): number {
  const length = Math.max(...tokens.map((token) => token.length))
  let bits = 0
  for (let place = 0; place < length; place += 1) {
    const counts = new Map<string, number>()
    for (const token of tokens) {
      const letter = token[place] ?? ''
      counts.set(letter, (counts.get(letter) ?? 0) + 1)
    }
    if (counts.size === 1) continue
    for (const count of counts.values()) bits -= (count / tokens.length) * Math.log2(count / tokens.length)
    bits += (counts.size - 1) / (2 * tokens.length * Math.LN2)
  }
  return bits
}
