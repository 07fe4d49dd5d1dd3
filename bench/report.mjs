import { cpus, platform } from 'node:os'
import { OURS, titleOf } from './catalogue.mjs'
import { LOOP, SCENARIOS } from './scenarios.mjs'
import { verdict } from './verdict.mjs'

/** The whole of RESULTS.md. */
export function report(measured, { lawsRun }) {
  return `${[
    '# Beside what people use today',
    introduction(),
    '## What becomes of the requests',
    '![scenarios by package](charts/scenarios.svg)',
    scenarioMatrix(measured),
    legend(),
    ...SCENARIOS.flatMap((scenario) => [
      `### ${heading(scenario.name)}`,
      scenario.story,
      scenarioTable(scenario, measured),
    ]),
    '## What a request costs',
    'An authorised GET with a known token. CPU time is a multiple of `new Promise((success, fail) => wx.request(…))`, both in turns in one process against a stub of `wx` that answers at once, each request awaited by its own caller as in an app (where nobody awaits it, ours is at 3.6); bursts of 1, 9 and 50, medians of nine rounds, and of three processes. A crowded machine moves the small ratios by a third. Bytes are those of the bundle a mini-program ships: the package, its dependencies and its setup, es2017.',
    '![CPU time by package](charts/cpu.svg)',
    '![bytes by package](charts/bytes.svg)',
    costTable(measured),
    '## Waiting for one login',
    'Requests without a token that all wait for the same `wx.login`: CPU time from the first call to the last answer, with the first refusals where a package sends before it has a token, and with a fresh copy of the package, not yet compiled; and the heap each request holds while it waits, after a garbage collection.',
    '![CPU time of a waiting crowd by package](charts/waiting.svg)',
    waitingTable(measured),
    '## Conditions',
    conditionsTable(measured),
    conditions(),
    '## The laws at random',
    laws(lawsRun),
  ].join('\n\n')}\n`
}

function introduction() {
  const date = new Date().toISOString().slice(0, 10)
  const system = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }[platform()] ?? platform()
  return `Written by \`npm run bench:peers\` on ${date}: Node ${process.versions.node} on ${system}, ${cpus().length} cores of a shared machine. Counts are the same in every run, times are not. Do not edit: the next run overwrites it.`
}

function scenarioMatrix(measured) {
  const rows = SCENARIOS.map((scenario) => [
    scenario.name,
    ...measured.map((one) => verdict(scenario, one.scenarios[scenario.name]).words),
  ])
  return table(['', ...measured.map(({ name }) => name)], rows)
}

function legend() {
  return `✓ is what could be had. **hang**: requests that had not settled after five minutes. **lost**: requests that failed though they could have succeeded. **codes**: \`wx.login\` called more often than needed. **loops**: stopped after ${number(LOOP)} requests or codes. **still in**: the user has logged out, and the login that was under way has logged him in again.

In each table: \`wx.login\` is how often it was called, each time for a code where WeChat gives one; sent are the requests, without the login's own; wrong are those that resolved though the server refused them; open are those that never settled.`
}

function scenarioTable(scenario, measured) {
  const asksForSession = scenario.wants.sessionLeft === false
  const head = ['', '`wx.login`', 'sent', 'succeeded', 'failed', 'wrong', 'open']
  const rows = measured.flatMap((one) => {
    const result = one.scenarios[scenario.name]
    if (!result) return [[title(one), ...head.slice(1).map(() => '—')]]
    const { codes, sent, succeeded, failed, wrong, pending, sessionLeft } = result
    const cells = [atMost(codes), atMost(sent), succeeded, failed, wrong, pending]
    return [[title(one), ...cells, ...(asksForSession ? [sessionLeft ? 'yes' : 'no'] : [])]]
  })
  return table([...head, ...(asksForSession ? ['session left'] : [])], rows)
}

const atMost = (count) => (count >= LOOP ? `stopped at ${number(LOOP)}` : number(count))

function costTable(measured) {
  const rows = measured.map((one) => [
    title(one),
    ratio(one.cpu.ratio),
    one.cpu.micros.toFixed(1),
    one.promises,
    number(one.minified),
    number(one.gzipped),
  ])
  return table(['', 'CPU, × bare', 'µs', 'promises', 'bytes minified', 'gzipped'], rows)
}

function waitingTable(measured) {
  const crowds = measured[0].waiting.map(({ crowd }) => crowd)
  const rows = measured.map((one) => {
    const last = one.waiting.at(-1)
    return [
      title(one),
      ...one.waiting.map(({ crowd, micros, isOver }) =>
        isOver ? milliseconds((crowd * micros) / 1_000) : 'given up',
      ),
      number(Math.round(last.bytes)),
      number(last.logins),
    ]
  })
  const most = number(crowds.at(-1))
  return table(
    ['', ...crowds.map((crowd) => `${number(crowd)}, ms`), `bytes each of ${most}`, `logins for ${most}`],
    rows,
  )
}

function conditionsTable(measured) {
  const rows = measured.map((one) => [
    title(one),
    one.versions.join(', ') || 'this checkout',
    one.peer.conditions,
  ])
  return table(['', 'versions', 'setup'], rows, { isText: true })
}

function conditions() {
  return `The setups are in [peers/](peers), the stories in [scenarios.mjs](scenarios.mjs). All see the same fake WeChat, \`miniprogram-session/testing\`: 10 requests at a time, 100 ms there and back, 100 ms for \`wx.login\`, codes that work once, a virtual clock. What phones lack (\`fetch\`, \`URL\`, \`AbortController\`, …) is hidden from the packages. Each story has a fresh copy of the package.

A result is judged by, in this order: loops; requests that never settle; requests that resolve wrongly; requests that end otherwise than they could; a session where there must be none; codes beyond need. Two codes are within need where the login itself fails, since a second try is what helps in the hiccup. The command fails if this package is behind any other in any scenario.

we-request, which belongs here, is not on npm any more.`
}

function laws(run) {
  if (!run) return 'No long run is recorded yet: `npm run test:laws -- --runs 1000000`.'
  const { date, failures, note = '', runs, seconds, seed } = run
  const rate = Math.round(run.storiesPerSecond ?? runs / seconds)
  return `${number(runs)} stories on ${date}, seed ${seed}: ${failures === 0 ? 'no law was broken' : `${number(failures)} broke a law`}. ${number(Math.round(seconds))} s, ${number(rate)} stories per second. ${note}`.trim()
}

function table(head, rows, { isText = false } = {}) {
  const align = head.map((_, index) => (index === 0 || isText ? '---' : '---:'))
  return [head, align, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const title = (one) => (one.name === OURS ? `**${titleOf(one.peer)}**` : titleOf(one.peer))
const number = (value) => value.toLocaleString('en')
const ratio = (value) => (value < 10 ? value.toFixed(1) : Math.round(value).toString())
const milliseconds = (value) => (value < 10 ? value.toFixed(1) : number(Math.round(value)))
const heading = (name) => (name[0].toUpperCase() + name.slice(1)).replace(/wx\.login/i, '`wx.login`')
