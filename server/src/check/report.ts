import type { Exchange } from './http.ts'
import type { Result } from './run.ts'

const SIGN = { passed: '✓', failed: '✗', absent: '–' }
const LONG = 400

/** What stands in the terminal: a line for each check, and for a ✗ what was sent, what came, and what to do. */
export function formatReport(results: readonly Result[]): string {
  return [...results.flatMap(lines), '', summary(results)].join('\n')
}

/** Every MUST holds: what the exit code says. */
export const holds = (results: readonly Result[]): boolean =>
  !results.some(({ outcome, level }) => outcome === 'failed' && level === 'must')

function lines({ id, level, title, outcome, why, mend, paragraph, exchange }: Result): string[] {
  const head = `${SIGN[outcome]} ${id.padEnd(4)}${level.padEnd(7)}${title}`
  if (outcome === 'passed') return [head]
  if (outcome === 'absent') return [`${head}\n      – ${why ?? ''}`]
  return [
    head,
    `      ${why ?? ''}`,
    ...(exchange ? shown(exchange).map((line) => `      ${line}`) : []),
    `      PROTOCOL.md, ${paragraph}. ${mend ?? ''}`,
  ]
}

function shown({ method, path, requestHeaders, requestBody, status, headers, text }: Exchange): string[] {
  const wanted = ['authorization', 'cookie', 'x-http-method-override']
  const sent = Object.entries(requestHeaders).filter(([name]) => wanted.includes(name.toLowerCase()))
  const got = ['retry-after', 'content-type', 'cache-control', 'www-authenticate'].filter(
    (name) => headers[name],
  )
  return [
    `> ${method} ${path}`,
    ...sent.map(([name, value]) => `> ${name}: ${cut(value)}`),
    ...(requestBody === '' ? [] : [`> ${cut(requestBody)}`]),
    `< ${status === 0 ? 'no answer' : String(status)}`,
    ...got.map((name) => `< ${name}: ${String(headers[name])}`),
    ...(text.trim() === '' ? [] : [`< ${cut(text.trim())}`]),
  ]
}

const cut = (text: string): string =>
  (text.length > LONG ? `${text.slice(0, LONG)}… (${text.length} characters)` : text).replace(/\s+/g, ' ')

function summary(results: readonly Result[]): string {
  const count = (outcome: Result['outcome']) => results.filter((result) => result.outcome === outcome).length
  const failed = results.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)
  const all = `${count('passed')} ✓, ${count('failed')} ✗, ${count('absent')} –`
  if (failed.length === 0) return `${all}. The protocol holds.`
  return `${all}. ${holds(results) ? 'Every MUST holds.' : 'It does not hold.'} ✗ ${failed.join(' ')}`
}
