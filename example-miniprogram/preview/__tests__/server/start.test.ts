import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { launchChromium } from '../e2e/browser'

jest.setTimeout(30_000)

const START = path.join(__dirname, '../../start.mjs')

/** What it says before it gives up; one that does not is stopped as soon as it is ready. */
function failureOf(input: string[], nodeOptions: string[] = []): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...nodeOptions, START, ...input], (_error, _stdout, stderr) =>
      resolve(stderr.trim()),
    )
    child.stdout?.on('data', (text: string) => {
      if (text.includes('Mini-program:')) child.kill()
    })
  })
}

describe('npm start says in one line what is wrong and what to do:', () => {
  it.each([
    ['--port', '--server-port'],
    ['--server-port', '--port'],
  ])('%s is taken', async (taken, other) => {
    const occupant = net.createServer()
    await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', () => resolve()))
    const { port } = occupant.address() as AddressInfo
    expect(await failureOf([taken, String(port), other, '0'])).toBe(
      `Port ${port} is taken: stop what uses it, or let a free one be found with npm start -- ${taken} 0.`,
    )
    occupant.close()
  })

  it('a server whose address is none', async () => {
    expect(await failureOf(['--server', 'localhost:3000', '--port', '0'])).toBe(
      '"localhost:3000" is no address of a server: use one like http://127.0.0.1:3000.',
    )
  })

  it('a folder without a mini-program', async () => {
    expect(await failureOf(['--project', '/nowhere'])).toBe(
      'No mini-program in /nowhere: --project wants the folder with miniprogram/app.json in it.',
    )
  })

  it('an option that it does not have', async () => {
    expect(await failureOf(['--wrong'])).toMatch(/^Unknown option '--wrong'\nnpm start -- \[--port 8080\]/)
  })

  it('a mistake in WXML, with its line, and goes on so that it can be mended', async () => {
    const project = mkdtempSync(path.join(tmpdir(), 'mistaken-'))
    const page = path.join(project, 'miniprogram/pages/home/index.wxml')
    cpSync(path.join(__dirname, '../fixtures/tiny'), path.join(project, 'miniprogram'), { recursive: true })
    writeFileSync(page, readFileSync(page, 'utf8').replace('{{name}} {{price', '{{name} {{price'))
    const said = await failureOf(['--project', project, '--server-port', '0', '--port', '0'])
    expect(said).toMatch(/^\S*pages\/home\/index\.wxml:3:\d+: \S.*$/)
    rmSync(project, { recursive: true })
  })

  it.each([
    [
      'no word of packages',
      '{ "setting": {} }',
      /does not say where packages are, so that "Build npm".* put "packNpmManually": true, "packNpmRelationList": \[/,
    ],
    [
      'packages, but not where',
      '{ "setting": { "packNpmManually": true } }',
      /does not say where packages are/,
    ],
    ['no JSON', '{', /is not JSON/],
  ])('a project.config.json with %s, and goes on', async (_what, config, expected) => {
    const project = mkdtempSync(path.join(tmpdir(), 'unpacked-'))
    const filter = (file: string) => !file.endsWith('tsconfig.json')
    cpSync(path.join(__dirname, '../fixtures/tiny'), path.join(project, 'miniprogram'), {
      recursive: true,
      filter,
    })
    writeFileSync(path.join(project, 'project.config.json'), config)
    const said = await failureOf(['--project', project, '--server-port', '0', '--port', '0'])
    expect(said.split('\n')).toEqual([expect.stringMatching(expected)])
    rmSync(project, { recursive: true })
  })

  it('a server that does not run', async () => {
    expect(await failureOf(['--server', 'http://127.0.0.1:9', '--port', '0'])).toBe(
      'No server answers at http://127.0.0.1:9: start it, or leave --server out to have one started.',
    )
  })

  it('a port that is none', async () => {
    expect(await failureOf(['--port', 'eighty'])).toBe(
      '"eighty" is no port: use a number from 0 (any free one) to 65535.',
    )
  })

  it('a Node that is too old', async () => {
    const pretend = `data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '18.20.0' })`
    expect(await failureOf([], ['--import', pretend])).toBe(
      'Node 18.20.0 is too old: install Node 20.19 or newer.',
    )
  })
})

it('a test without Chromium says where to get it', async () => {
  const before = process.env['CHROMIUM']
  process.env['CHROMIUM'] = '/nowhere/chromium'
  await expect(launchChromium()).rejects.toThrow('No Chromium at /nowhere/chromium: apt-get install chromium')
  if (before === undefined) delete process.env['CHROMIUM']
  else process.env['CHROMIUM'] = before
})
