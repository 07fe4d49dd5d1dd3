import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { checkProject } from './checks'
import { packSdk, stageExample } from './stage'
import { loadToolchain } from './toolchain'
async function main() {
  const tools = loadToolchain()
  const tarball = packSdk()
  process.chdir(mkdtempSync(path.join(tmpdir(), 'devtools-check-')))
  const example = stageExample(tarball)
  const app = path.join(example, 'miniprogram/app.ts')
  writeFileSync(app, readFileSync(app, 'utf8').replace("import { api } from './services/api'\n", `import { api } from './services/api'
import { streamJson } from 'miniprogram-session/stream'
async function streamed() { for await (const item of streamJson(api, { url: '/words' })) console.log('STREAMED ' + JSON.stringify(item)) }
`).replace('onLaunch() {', "onLaunch() {\n    streamed().catch((error) => console.log('STREAM FAILED ' + error))\n"))
  const { findings, files } = await checkProject(example, tools)
  console.log('FINDINGS', JSON.stringify(findings))
  console.log('FILES', Object.keys(files).filter((f) => f.includes('miniprogram-session')).map((f) => f + ' ' + Buffer.byteLength(files[f] as string)).join('; '))
  await new Promise((go) => setTimeout(go, 500))
  process.exit(0)
}
main().catch((e) => { console.error(e); process.exit(1) })
