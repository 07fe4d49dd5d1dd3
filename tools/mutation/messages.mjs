import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'

const REASON = 'the words of an error message: tests promise codes, and what a message names, not its wording'

/** Leaves the words of error messages alone. Codes, names of options, and templates that compute are mutated. */
const messages = {
  shouldIgnore(path) {
    if (!isWords(path.node)) return undefined
    const maker = path.findParent((parent) => parent.isNewExpression() || parent.isStatement())
    return maker?.isNewExpression() && /Error$/.test(maker.node.callee.name) ? REASON : undefined
  },
}

function isWords(node) {
  if (node.type === 'StringLiteral') return node.value.includes(' ')
  return (
    node.type === 'TemplateLiteral' &&
    node.expressions.every(({ type }) => type === 'Identifier' || type === 'MemberExpression')
  )
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'messages', messages)]
