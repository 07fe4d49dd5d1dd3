import { execFile } from 'node:child_process'
import net, { type AddressInfo } from 'node:net'
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
  it('a port that is taken', async () => {
    const other = net.createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', () => resolve()))
    const { port } = other.address() as AddressInfo
    expect(await failureOf(['--server', 'http://127.0.0.1:9', '--port', String(port)])).toContain(
      `Port ${port} is taken: stop what uses it, or let a free one be found with npm start -- --port 0.`,
    )
    other.close()
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
