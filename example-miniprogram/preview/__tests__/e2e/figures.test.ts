import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { launchChromium } from './browser'
import { Example } from './example'
import { type Stack, startStack } from './stack'

jest.setTimeout(60_000)

const EXAMPLE = path.join(__dirname, '../../..')
/** Of several tries the best counts: a machine that has other things to do says nothing about this one. */
const TRIES = 3

const figures: string[] = []

afterAll(() => {
  process.stdout.write(`${figures.map((line) => `  ${line}`).join('\n')}\n`)
})

describe('how long one waits', () => {
  let project: string
  let browser: Browser
  let stack: Stack | undefined
  let example: Example

  beforeAll(async () => {
    // A copy, because it is edited; the SDK's sources are where its tsconfig.json looks for them.
    const folder = mkdtempSync(path.join(tmpdir(), 'figures-'))
    project = path.join(folder, 'example')
    cpSync(path.join(EXAMPLE, 'miniprogram'), path.join(project, 'miniprogram'), { recursive: true })
    cpSync(path.join(EXAMPLE, 'tsconfig.json'), path.join(project, 'tsconfig.json'))
    symlinkSync(path.join(EXAMPLE, '../src'), path.join(folder, 'src'))
    browser = await launchChromium()
  })

  afterAll(async () => {
    await example.close()
    await browser.close()
    await stack?.stop()
    rmSync(path.dirname(project), { recursive: true })
  })

  it('from npm start to a page that answers: less than 10 s', async () => {
    const took = await stopwatch(async () => {
      stack = await startStack(undefined, project)
      expect((await fetch(stack.url)).status).toBe(200)
      expect((await fetch(new URL('/__preview/program.js', stack.url))).status).toBe(200)
    })
    note('npm start to a page that answers', took)
    example = await Example.open(browser, stack?.url ?? '')
    await example.isLoggedIn()
    expect(took).toBeLessThan(10_000)
  })

  it.each([
    ['a WXML edit', 'pages/session/index.wxml', '读取我的资料'],
    ['a TypeScript edit', 'services/session-origin.ts', '来自本机存储'],
  ])('from %s to seeing it: less than 1 s', async (name, file, text) => {
    await example.restart()
    await example.text(text).waitFor()
    const at = path.join(project, 'miniprogram', file)
    const source = readFileSync(at, 'utf8')
    const took: number[] = []
    for (let turn = 0; turn < TRIES; turn++) {
      const next = `${text} ${turn}`
      took.push(
        await stopwatch(async () => {
          writeFileSync(at, source.replace(text, next))
          await example.text(next).waitFor()
        }),
      )
    }
    note(`${name} to the screen`, Math.min(...took))
    expect(Math.min(...took)).toBeLessThan(1000)
  })

  it('from a warm start to the first data: one round trip', async () => {
    await example.restart()
    await example.isLoggedIn()
    const requests = (await example.events()).filter((event) => event.type === 'request')
    expect(requests.map(({ phase }) => phase)).toEqual(['send', 'success'])
    note('a warm start to the first authorised data, from the call', requests[1]?.duration ?? NaN)
  })
})

async function stopwatch(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function note(what: string, ms: number): void {
  figures.push(`${what}: ${Math.round(ms)} ms`)
}
