import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/** Those behind --all take minutes. */
export const QUICK = ['typescript', 'javascript', 'page-tests']
export const SLOW = ['matrix', 'taro', 'uni-app', 'example-taro']

/** What the command line asks for. */
export function choice(input) {
  const { values } = parseArgs({
    args: input,
    options: {
      all: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      results: { type: 'string' },
    },
  })
  const there = [...QUICK, ...SLOW]
  const unknown = values.only.find((name) => !there.includes(name))
  if (unknown !== undefined)
    throw new Error(`--only ${unknown}: there is no such newcomer. There are: ${there.join(', ')}.`)
  const standard = values.all ? there : QUICK
  return {
    names: values.only.length ? there.filter((name) => values.only.includes(name)) : standard,
    results: values.results,
  }
}

/** Says so where this Node is older than package.json allows. */
export function problemWithNode(version = process.versions.node) {
  const { devEngines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const least = /[\d.]+/.exec(devEngines.runtime.version)[0]
  const [[major, minor], [leastMajor, leastMinor]] = [version, least].map((text) =>
    text.split('.').map(Number),
  )
  const isOld = major < leastMajor || (major === leastMajor && minor < leastMinor)
  return isOld
    ? `Node ${least} or newer is needed, and this is ${version}: install it from https://nodejs.org.`
    : undefined
}
