import path from 'node:path'
import { format } from './diagnostic'
import type { Project } from './project'

/** The program that starts a project: plain source text, whose requires esbuild then follows. */
export function entrySource(project: Project): string {
  const { app, theme, script, style, units, templates, warnings } = project
  const relative = (file: string): string => path.relative(process.cwd(), file)
  const text = (value: unknown): string => JSON.stringify(value ?? null)
  const sheet = (file: string): string => (file ? `require(${text(`wxss:${file}`)}).default` : '""')
  const unit = ({
    name,
    config,
    scope,
    script: source,
    style: own,
    handlers,
  }: Project['units'][number]): string =>
    `${text(name)}: { config: ${text(config)}, scope: ${text(scope)}, handlers: ${text(handlers.map((one) => ({ ...one, file: relative(one.file) })))}, style: ${sheet(own && `${own}?${scope}`)}, load: () => require(${text(source)}) }`
  // Scripts are required, not imported: a page's script must run when the runtime has its globals ready.
  return `
startMiniProgram({
  app: ${text(app)},
  theme: ${text(theme)},
  style: ${sheet(style && `${style}?`)},
  templates: ${templates},
  warnings: ${text(warnings.map((one) => format({ ...one, file: relative(one.file) })))},
  load: () => require(${text(script)}),
  units: { ${units.map(unit).join(',\n')} },
})`
}
