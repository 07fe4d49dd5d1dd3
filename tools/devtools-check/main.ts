// `npx tsx tools/devtools-check/main.ts`: what WeChat's own tools say of the example with the packed SDK.
// With `--prove`, also that each check finds the mistake made for it. With `--sdk file.tgz`, of that package.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { BREAKAGES } from './breakages'
import { checkProject, type Report } from './checks'
import { packSdk, stageExample } from './stage'
import { loadToolchain } from './toolchain'

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { prove: { type: 'boolean' }, sdk: { type: 'string' } } })
  const tools = await quietly(() => Promise.resolve(loadToolchain()))
  const tarball = values.sdk === undefined ? packSdk() : path.resolve(values.sdk)
  // The compiler leaves folders named by hashes in the current one.
  process.chdir(mkdtempSync(path.join(tmpdir(), 'devtools-check-')))

  const start = performance.now()
  const example = stageExample(tarball)
  const report = await quietly(() => checkProject(example, tools))
  for (const { check, text } of report.findings) console.error(`${check}: ${text}`)
  printSizes(report)
  let isGood = report.findings.length === 0
  console.log(`the example ${isGood ? 'passes' : 'FAILS'} (${seconds(start)})`)

  if (values.prove) for (const breakage of BREAKAGES) isGood = (await prove(breakage)) && isGood
  return isGood

  async function prove({ name, check, expected, apply }: (typeof BREAKAGES)[number]): Promise<boolean> {
    const project = mkdtempSync(path.join(tmpdir(), 'broken-'))
    cpSync(example, project, { recursive: true })
    rmSync(path.join(project, 'miniprogram/miniprogram_npm'), { recursive: true })
    apply(project)
    const { findings } = await quietly(() => checkProject(project, tools))
    const found = findings.some((one) => one.check === check && expected.test(one.text))
    console.log(`${found ? 'found' : 'MISSED'}: ${name} (${check})`)
    if (!found) for (const one of findings) console.error(`  ${one.check}: ${one.text}`)
    return found
  }
}

/** WeChat's tools tell of each of their steps, and of the one request that is meant to fail. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { log, info, warn, error } = console
  const silent = () => undefined
  Object.assign(console, { log: silent, info: silent, warn: silent, error: silent })
  try {
    return await work()
  } finally {
    Object.assign(console, { log, info, warn, error })
  }
}

/** What the upload weighs, the SDK's part named: main packages may have 2 MB (subpackages guide). */
function printSizes({ files }: Report): void {
  let [all, sdk] = [0, 0]
  for (const [name, content] of Object.entries(files)) {
    const size = Buffer.byteLength(content)
    all += size
    if (name.startsWith('miniprogram_npm/miniprogram-session/')) sdk += size
  }
  const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`
  console.log(`upload: ${kilobytes(all)} of 2048 KB, of it miniprogram-session ${kilobytes(sdk)}`)
}

const seconds = (start: number) => `${((performance.now() - start) / 1000).toFixed(1)} s`

main().then(
  // The compiler's child process would keep this one alive.
  (isGood) => process.exit(isGood ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(2)
  },
)
