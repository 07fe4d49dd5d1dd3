import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** The parts of miniprogram-ci that are used. Its own types lack some of them. */
export interface MiniprogramCi {
  proxy(url: string): void
  Project: new (options: ProjectOptions) => object
  packNpm(project: object, options: { reporter: (result: object) => void }): Promise<PackWarning[]>
  packNpmManually(options: { packageJsonPath: string; miniprogramNpmDistDir: string }): Promise<{
    warnList: PackWarning[]
  }>
  getCompiledResult(options: {
    project: object
    setting: Record<string, boolean>
    onProgressUpdate: (step: { status?: string; message?: string; id?: string }) => void
  }): Promise<Record<string, string | Buffer>>
  analyseCode(
    project: object,
    options: { silent: boolean },
  ): Promise<{ modules: { deps: { error?: string }[] }[] }>
}

interface PackWarning {
  msg: string
  jsPath: string
  startLine?: number
  code: string
}

interface ProjectOptions {
  appid: string
  type: 'miniProgram'
  projectPath: string
  privateKey: string
  ignores?: string[]
  attr?: () => Promise<object>
}

/** acorn 6, which the packer itself parses with. */
export interface Acorn {
  parse(code: string, options: { ecmaVersion: number; sourceType: 'script' }): unknown
}

export interface Toolchain {
  ci: MiniprogramCi
  acorn: Acorn
  /** wcc, the WXML compiler of DevTools; throws at a mistake. */
  wxmlToJs: (folder: string) => unknown
}

/** WeChat's own tools, from this folder's own node_modules. */
export function loadToolchain(): Toolchain {
  if (!existsSync(path.join(__dirname, 'node_modules/miniprogram-ci'))) {
    throw new Error(
      "WeChat's tools are not installed: run npm ci --ignore-scripts in tools/devtools-check first.",
    )
  }
  const load = createRequire(path.join(__dirname, 'package.json'))
  const ci = load('miniprogram-ci') as MiniprogramCi
  // One optional request of the compiler (a white list) waits for ever on a peer that never answers: let it fail.
  ci.proxy('http://127.0.0.1:9')
  const { wxmlToJs } = load('miniprogram-compiler') as Pick<Toolchain, 'wxmlToJs'>
  return { ci, wxmlToJs, acorn: createRequire(load.resolve('miniprogram-ci'))('acorn') as Acorn }
}

/** What WeChat's server would say of the account: with it at hand the compiler asks nobody. */
export const accountLimits = (): Promise<object> =>
  Promise.resolve({
    platform: false,
    appType: 0,
    gameApp: false,
    isSandbox: false,
    released: false,
    setting: {
      MaxCodeSize: 2,
      MaxSubpackageSubCodeSize: 2,
      MaxSubpackageFullCodeSize: 12,
      NavigateMiniprogramLimit: 10,
      MaxSubPackageLimit: 100,
      MinTabbarCount: 2,
      MaxTabbarCount: 5,
      MaxCustomTabbarCount: 10,
      MaxTabbarIconSize: 40,
    },
  })
