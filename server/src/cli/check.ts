import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readMapping } from '../check/mapping.ts'
import { cacheFolder } from '../check/proxy/authority.ts'
import { formatReport, holds } from '../check/report.ts'
import { check } from '../check/run.ts'

const CONFIG = 'session-check.json'

export async function checkCommand(words: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      'wechat-port': { type: 'string' },
      config: { type: 'string' },
      start: { type: 'string' },
      slow: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      remote: { type: 'boolean', default: false },
      proxy: { type: 'boolean', default: false },
    },
  })
  const file = values.config ?? (existsSync(CONFIG) ? CONFIG : undefined)
  const mapping = readMapping({
    ...(file === undefined ? {} : readJson(file)),
    ...(values.start === undefined ? {} : { start: values.start }),
  })
  const results = await check({
    url: positionals[0] ?? 'http://127.0.0.1:8080',
    mapping,
    remote: values.remote,
    ...(values.proxy ? { proxy: cacheFolder() } : {}),
    ...(values.only === undefined ? {} : { only: values.only.split(',') }),
    wechatPort: number('--wechat-port', values['wechat-port']) ?? (mapping.start === undefined ? 9100 : 0),
    ...(values.slow === undefined ? {} : { slow: number('--slow', values.slow) ?? 0 }),
  })
  process.stdout.write(values.json ? `${JSON.stringify(results, null, 2)}\n` : `${formatReport(results)}\n`)
  return holds(results) ? 0 : 1
}

function readJson(file: string): object {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (typeof value !== 'object' || value === null) throw new Error(`${file} is no JSON object.`)
  return value
}

export function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,5}$/.test(text)) throw new Error(`${name} must be a number.`)
  return Number(text)
}
