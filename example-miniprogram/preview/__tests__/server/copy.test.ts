import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

jest.setTimeout(30_000)

const ROOT = path.join(__dirname, '../../../..')

/** What `npm run example` says when it cannot do what it is asked for. */
function refusalOf(...input: string[]): Promise<string> {
  const program = ['--import', 'tsx', path.join(ROOT, 'tools/example/main.ts'), ...input]
  return new Promise((resolve) => {
    execFile(process.execPath, program, { cwd: ROOT }, (_error, _stdout, stderr) => resolve(stderr.trim()))
  })
}

describe('npm run example says in one line what is wrong and what to do:', () => {
  it.each([[], ['--help'], ['one', 'two']])('%s %s', async (...input) => {
    expect(await refusalOf(...input)).toMatch(/^npm run example -- \.\.\/my-miniprogram .*$/)
  })

  it.each([[], ['--help'], ['one', 'two']])('--taro %s %s', async (...input) => {
    expect(await refusalOf('--taro', ...input)).toMatch(/^npm run example:taro -- \.\.\/my-taro-app .*$/)
  })

  it('a folder that has something in it', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'full-'))
    writeFileSync(path.join(folder, 'mine.txt'), '')
    expect(await refusalOf(folder)).toBe(`${folder} is not empty: name a folder that does not exist yet.`)
    rmSync(folder, { recursive: true })
  })

  it('a folder in this repository', async () => {
    const folder = path.join(ROOT, 'my-miniprogram')
    expect(await refusalOf('my-miniprogram')).toBe(
      `${folder} lies in this repository: name a folder outside of it.`,
    )
    expect(existsSync(folder)).toBe(false)
  })
})
