import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { BUILTIN_TAGS } from '../builtin-tags'
import type { AppConfig, ComponentConfig, Theme } from './config'
import { CompileError, type Diagnostic, format, locate } from './diagnostic'
import type { Mention } from './markup'
import { readAppConfig, readConfig } from './read-config'
import { Templates } from './wxml'

/** A page or a component as the runtime needs it. */
export interface Unit {
  /** Its path without extension, from the mini-program's root. */
  name: string
  config: ComponentConfig
  script: string
  /** Its style sheet, or an empty string. */
  style: string
  /** Prefix of its classes; empty when its styles are not isolated. */
  scope: string
  /** Where an event is bound to a method, which the script may have or not. */
  handlers: (Mention & { file: string })[]
}

export interface Project {
  root: string
  app: AppConfig
  theme: Theme | undefined
  script: string
  style: string
  units: Unit[]
  templates: string
  /** What is no mistake, but does nothing. */
  warnings: Diagnostic[]
}

/** Tags that are no elements. */
const STRUCTURE = ['block', 'template', 'import', 'include', 'slot', 'wxs']

/** Reads app.json and everything it leads to. Throws one `CompileError` with all mistakes found. */
export function readProject(root: string): Project {
  const reader = new Reader(root)
  for (const page of reader.app.pages) reader.add(page, 'app.json')
  return reader.finish()
}

class Reader {
  readonly app: AppConfig
  readonly #units = new Map<string, Unit>()
  readonly #problems: Diagnostic[] = []
  readonly #templates: Templates
  readonly #root: string

  constructor(root: string) {
    this.#root = root
    this.app = readAppConfig(this.#at('app.json'))
    this.#templates = new Templates(root)
  }

  /** Adds a page or component and, in turn, the components it uses. */
  add(name: string, wantedBy: string): void {
    if (this.#units.has(name)) return
    const script = this.#script(name)
    if (!script) {
      this.#missing(`${name}.ts (or .js)`, name, wantedBy)
      return
    }
    const config = this.#config(name)
    const isPage = this.app.pages.includes(name)
    const scope = isPage || config.styleIsolation?.endsWith('shared') ? '' : `c${this.#units.size}`
    this.#units.set(name, { name, config, script, scope, style: this.#style(name), handlers: [] })
    this.#templates.add(name, this.#at(wantedBy))
    for (const target of Object.values(config.usingComponents ?? {})) {
      const json = existsSync(this.#at(`${name}.json`)) ? `${name}.json` : 'app.json'
      this.add(
        path.posix.join(target.startsWith('/') ? '' : path.posix.dirname(name), target).replace(/^\//, ''),
        json,
      )
    }
  }

  finish(): Project {
    const script = this.#script('app')
    if (!script) this.#missing('app.ts (or .js)', 'pages', 'app.json')
    const problems = [...this.#problems, ...this.#templates.diagnostics]
    const units = [...this.#units.values()].map((unit) => ({ ...unit, handlers: this.#handlers(unit) }))
    const warnings = units.flatMap((unit) => this.#strangers(unit))
    const templates = this.#templates.finish()
    if (!script || problems.length > 0) throw new CompileError(problems)
    return {
      root: this.#root,
      app: this.app,
      theme: this.app.themeLocation ? (readConfig(this.#at(this.app.themeLocation)) as Theme) : undefined,
      script,
      style: this.#style('app'),
      units,
      templates,
      // A template that two pages import would be complained of twice.
      warnings: [...new Map(warnings.map((one) => [format(one), one])).values()],
    }
  }

  /** A page's JSON, with the components that app.json gives to all; theirs are paths from the root. */
  #config(name: string): ComponentConfig {
    const own = readConfig(this.#at(`${name}.json`)) as ComponentConfig
    const shared = Object.entries(this.app.usingComponents ?? {}).map(([tag, target]) => [
      tag,
      `/${target.replace(/^\//, '')}`,
    ])
    return {
      ...own,
      usingComponents: { ...(Object.fromEntries(shared) as Record<string, string>), ...own.usingComponents },
    }
  }

  #handlers({ name }: Unit): Unit['handlers'] {
    return this.#templates
      .markupOf(name)
      .flatMap(({ file, handlers }) => handlers.map((handler) => ({ ...handler, file })))
  }

  /** Tags that nobody draws: the engine makes empty boxes of them and says nothing. */
  #strangers({ name, config }: Unit): Diagnostic[] {
    const known = new Set<string>([
      ...BUILTIN_TAGS,
      ...STRUCTURE,
      ...Object.keys(config.usingComponents ?? {}),
    ])
    return this.#templates.markupOf(name).flatMap(({ file, tags }) =>
      tags
        .filter((tag) => !known.has(tag.name))
        .map(({ name: tag, line, column }) => ({
          text: `<${tag}> is neither in "usingComponents" nor built into this preview`,
          file,
          line,
          column,
        })),
    )
  }

  #script(name: string): string | undefined {
    return ['.ts', '.js'].map((extension) => this.#at(name + extension)).find((file) => existsSync(file))
  }

  #style(name: string): string {
    const file = this.#at(`${name}.wxss`)
    return existsSync(file) ? file : ''
  }

  #missing(what: string, mention: string, wantedBy: string): void {
    const file = this.#at(wantedBy)
    const place = locate(
      readFileSync(file, 'utf8'),
      path.posix.basename(mention) === 'index' ? mention : path.posix.basename(mention),
    )
    this.#problems.push({ text: `there is no file ${what}`, file, ...place })
  }

  #at(relative: string): string {
    return path.join(this.#root, relative)
  }
}
