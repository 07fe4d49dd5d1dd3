import path from 'node:path'
import { type BuildContext, type BuildFailure, type Plugin, context } from 'esbuild'
import { CompileError, type Diagnostic, format } from './diagnostic'
import { entrySource } from './entry'
import { readProject } from './project'
import { sessionPlugin } from './session-plugin'
import { wxssPlugin } from './wxss-plugin'

export interface Output {
  code: string
  sourceMap: string
  /** What is no mistake, but does nothing. */
  warnings: Diagnostic[]
}

export type Result = { output: Output } | { diagnostics: Diagnostic[] }

export interface CompileOptions {
  /** The folder that holds app.json. */
  root: string
}

/** Compiles one mini-program, as often as asked. Only what changed is read again. */
export class Compiler {
  readonly #context: Promise<BuildContext<{ write: false }>>

  constructor({ root }: CompileOptions) {
    this.#context = context({
      entryPoints: { program: 'miniprogram:program' },
      bundle: true,
      write: false,
      outdir: 'out',
      format: 'iife',
      target: 'es2022',
      sourcemap: 'external',
      sourcesContent: false,
      ignoreAnnotations: true,
      logLevel: 'silent',
      plugins: [entryPlugin(path.resolve(root)), wxssPlugin(), sessionPlugin()],
    })
  }

  async compile(): Promise<Result> {
    try {
      const { outputFiles, warnings: found } = await (await this.#context).rebuild()
      const text = (suffix: string): string =>
        outputFiles.find((file) => file.path.endsWith(suffix))?.text ?? ''
      const warnings = found.flatMap(({ detail }) => (isDiagnostic(detail) ? [detail] : []))
      return { output: { code: text('program.js'), sourceMap: text('program.js.map'), warnings } }
    } catch (error) {
      const diagnostics = diagnosticsOf(error)
      if (diagnostics.length === 0) throw error
      return { diagnostics }
    }
  }

  async close(): Promise<void> {
    await (await this.#context).dispose()
  }
}

/** esbuild rejects with everything it and its plugins found. */
function diagnosticsOf(error: unknown): Diagnostic[] {
  const { errors = [] } = error as Partial<BuildFailure>
  const all = errors.map(({ text, location, detail }) =>
    isDiagnostic(detail)
      ? detail
      : {
          text,
          file: location ? path.resolve(location.file) : 'preview',
          line: location?.line ?? 1,
          column: (location?.column ?? 0) + 1,
        },
  )
  // A mistake in a shared file (tsconfig.json, an import) comes once for each file that reaches it.
  return [...new Map(all.map((one) => [format(one), one])).values()]
}

function isDiagnostic(detail: unknown): detail is Diagnostic {
  return typeof detail === 'object' && detail !== null && 'file' in detail && 'line' in detail
}

function entryPlugin(root: string): Plugin {
  return {
    name: 'miniprogram-entry',
    setup(build) {
      build.onResolve({ filter: /^miniprogram:program$/ }, () => ({
        path: 'program',
        namespace: 'miniprogram',
      }))
      build.onLoad({ filter: /.*/, namespace: 'miniprogram' }, () => {
        try {
          const project = readProject(root)
          const warnings = project.warnings.map((detail) => ({ text: detail.text, detail }))
          return { contents: entrySource(project), resolveDir: root, warnings }
        } catch (error) {
          if (!(error instanceof CompileError)) throw error
          return { errors: error.diagnostics.map((detail) => ({ text: detail.text, detail })) }
        }
      })
    },
  }
}
