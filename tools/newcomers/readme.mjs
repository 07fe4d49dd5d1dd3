// What the README gives a newcomer: code blocks under `<!-- code: name -->`, and the lines for project.config.json.
import ts from 'typescript'

/** The code block of that name. */
export function block(readme, name) {
  const [, code] = new RegExp(`<!-- code: ${name} -->\\n+\`\`\`\\w+\\n([^]*?)\`\`\``).exec(readme) ?? []
  if (code === undefined) throw new Error(`the README has no code block "${name}"`)
  return code
}

/** The same as JavaScript: what somebody without TypeScript would paste, the types left out. */
export function blockInJavaScript(readme, name) {
  const { ESNext } = ts.ModuleKind
  const compilerOptions = { target: ts.ScriptTarget.ESNext, module: ESNext, removeComments: false }
  return ts.transpileModule(block(readme, name), { compilerOptions }).outputText
}

/** What goes under `setting` of project.config.json, written in a line or as a block, with or without its braces. */
export function projectSettings(readme) {
  const [, inBlock, inLine] =
    /```jsonc?\n([^`]*"packNpmManually"[^`]*)```|`([^`\n]*"packNpmManually"[^`\n]*)`/.exec(readme) ?? []
  const text = inBlock ?? inLine
  if (text === undefined) throw new Error('the README does not say what to set in project.config.json')
  const value = JSON.parse(/^\s*\{/.test(text) ? text : `{${text}}`)
  return value.setting ?? value
}

/**
 * The quick start with another platform than the global `wx`: the README's block for the framework where it has one, else what
 * its table of options says (`platform`).
 */
export function quickStartOn(readme, framework, { platform, imports = '' }) {
  if (readme.includes(`<!-- code: ${framework} -->`)) return block(readme, framework)
  const code = block(readme, 'quick-start')
  const given = code.replace('createClient({', `createClient({ platform: ${platform},`)
  if (given === code) throw new Error('the quick start of the README calls no createClient({')
  return imports + given
}

/** Of the command that installs the package, the flags. */
export function flagsOfInstall(readme) {
  const [, flags] = /npm (?:install|i) ((?:-\S+ )*)\S*miniprogram-session/.exec(readme) ?? []
  if (flags === undefined) throw new Error('the README has no npm install of miniprogram-session')
  return flags.trim()
}
