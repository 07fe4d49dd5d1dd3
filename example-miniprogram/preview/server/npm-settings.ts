import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

interface ProjectConfig {
  setting?: { packNpmManually?: boolean; packNpmRelationList?: unknown[] }
}

const LINES =
  '"packNpmManually": true, "packNpmRelationList": [{ "packageJsonPath": "./package.json", "miniprogramNpmDistDir": "./miniprogram/" }]'

/**
 * What DevTools would stumble over and the preview does not: without these settings "Build npm" looks for packages beside
 * app.json, where there are none.
 */
export function npmSettingsProblem(project: string): string | undefined {
  const file = path.join(project, 'project.config.json')
  if (!existsSync(file)) return undefined
  const setting = settingOf(readFileSync(file, 'utf8'))
  if (setting === undefined) return `${file} is not JSON: DevTools cannot open the project until it is.`
  if (setting.packNpmManually === true && setting.packNpmRelationList?.length) return undefined
  return `${file} does not say where packages are, so that "Build npm" in DevTools finds none: put ${LINES} under "setting".`
}

function settingOf(text: string): NonNullable<ProjectConfig['setting']> | undefined {
  try {
    return (JSON.parse(text) as ProjectConfig | null)?.setting ?? {}
  } catch {
    return undefined
  }
}
