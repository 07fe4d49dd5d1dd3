import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { TmplGroup } from 'glass-easel-template-compiler'
import { type Diagnostic, locate } from './diagnostic'
import { type Markup, readMarkup } from './markup'

/** What the template compiler says of a mistake; its lines and columns count from 0. */
interface TemplateProblem {
  level: 'Note' | 'Warn' | 'Error' | 'Fatal'
  message: string
  path: string
  startLine: number
  startColumn: number
}

/** Compiles WXML files, with what they import and include, into one piece of JavaScript for the engine. */
export class Templates {
  readonly diagnostics: Diagnostic[] = []
  readonly files = new Set<string>()
  readonly #markup = new Map<string, Markup & { file: string; needs: string[] }>()
  readonly #group = new TmplGroup()
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  /** Adds `name` (its path without `.wxml`), wanted by the file `from`. */
  add(name: string, from: string): void {
    const file = path.join(this.#root, `${name}.wxml`)
    if (this.files.has(file)) return
    if (!existsSync(file)) {
      this.#missing(`${name}.wxml`, from)
      return
    }
    this.files.add(file)
    const source = readFileSync(file, 'utf8')
    const problems = this.#group.addTmpl(name, source) as TemplateProblem[]
    for (const { level, message, startLine, startColumn } of problems) {
      // A "Warn" (a missing end tag, an attribute twice) is a mistake too: WeChat's compiler refuses most of them.
      if (level !== 'Note') {
        this.diagnostics.push({ text: message, file, line: startLine + 1, column: startColumn + 1 })
      }
    }
    const needs = this.#group.getDirectDependencies(name) as string[]
    this.#markup.set(name, { ...readMarkup(source), file, needs })
    for (const needed of needs) this.add(needed, file)
    for (const needed of this.#group.getScriptDependencies(name) as string[]) this.#addScript(needed, file)
  }

  /** What a page or component draws: its own WXML, and all that this imports and includes. */
  markupOf(name: string, seen = new Set<string>()): (Markup & { file: string })[] {
    const own = this.#markup.get(name)
    if (!own || seen.has(name)) return []
    seen.add(name)
    return [own, ...own.needs.flatMap((needed) => this.markupOf(needed, seen))]
  }

  /** The JavaScript expression of all templates, by path. Frees the compiler's memory; call it once. */
  finish(): string {
    const code = this.#group.getTmplGenObjectGroups()
    this.#group.free()
    return code
  }

  #addScript(name: string, from: string): void {
    const relative = name.endsWith('.wxs') ? name : `${name}.wxs`
    const file = path.join(this.#root, relative)
    if (this.files.has(file)) return
    if (!existsSync(file)) {
      this.#missing(relative, from)
      return
    }
    this.files.add(file)
    this.#group.addScript(name, readFileSync(file, 'utf8'))
  }

  #missing(relative: string, from: string): void {
    const place = existsSync(from)
      ? locate(readFileSync(from, 'utf8'), path.basename(relative).replace(/\.\w+$/, ''))
      : { line: 1, column: 1 }
    this.diagnostics.push({ text: `there is no file ${relative}`, file: from, ...place })
  }
}
