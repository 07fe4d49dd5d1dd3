import type { template } from 'glass-easel'
import type { AppConfig, ComponentConfig, Theme } from '../../compile/config'

/** A compiled page or component, as the generated entry hands it over. */
export interface ProgramUnit {
  config: ComponentConfig
  scope: string
  style: string
  /** Where its template binds events to methods. */
  handlers: { name: string; file: string; line: number; column: number }[]
  load: () => unknown
}

/** A compiled mini-program. */
export interface Program {
  app: AppConfig
  theme: Theme | null
  style: string
  templates: Record<string, template.ComponentTemplate['content']>
  load: () => unknown
  units: Record<string, ProgramUnit>
  /** What the compiler found to do nothing, each with its place. */
  warnings: string[]
}

/** What App() or Page() was given: hooks by name, and whatever else the author put there. */
export type Hooks = Record<string, unknown>
