import { watch } from 'node:fs'
import path from 'node:path'
import { Compiler } from '../compile/compile'
import type { Diagnostic } from '../compile/diagnostic'

/** Milliseconds in which several writes (an editor saving, a branch switched) count as one change. */
const TOGETHER = 30

export interface Build {
  version: number
  code: string
  sourceMap: string
  /** What is wrong with the sources now; the code above is then that of the last good build. */
  diagnostics: Diagnostic[]
  warnings: Diagnostic[]
}

/** The mini-program as it was last built, and built again whenever a file under its folders changes. */
export class Builds {
  current: Build = { version: 0, code: '', sourceMap: '', diagnostics: [], warnings: [] }
  readonly #compiler: Compiler
  readonly #onBuild: (build: Build, ms: number) => void
  readonly #stops: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined
  #building: Promise<void> = Promise.resolve()

  constructor(root: string, onBuild: (build: Build, ms: number) => void) {
    this.#compiler = new Compiler({ root })
    this.#onBuild = onBuild
  }

  /** Builds after the builds that were asked for before. */
  build(): Promise<void> {
    this.#building = this.#building.then(() => this.#run())
    return this.#building
  }

  watch(folders: string[]): void {
    for (const folder of folders) {
      const watcher = watch(folder, { recursive: true }, (_event, file) => {
        if (file?.split(path.sep).includes('node_modules')) return
        clearTimeout(this.#timer)
        this.#timer = setTimeout(() => this.#rebuild(), TOGETHER)
      })
      this.#stops.push(() => watcher.close())
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    for (const stop of this.#stops) stop()
    await this.#building
    await this.#compiler.close()
  }

  /** Mistakes in the sources are part of a build; what fails here is the compiler itself. */
  #rebuild(): void {
    this.build().catch((error: unknown) => console.error(error))
  }

  async #run(): Promise<void> {
    const start = performance.now()
    const result = await this.#compiler.compile()
    const version = this.current.version + 1
    this.current =
      'output' in result
        ? { version, ...result.output, diagnostics: [] }
        : { ...this.current, version, diagnostics: result.diagnostics }
    this.#onBuild(this.current, performance.now() - start)
  }
}
