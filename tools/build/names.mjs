import path from 'node:path'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import ts from 'typescript'

/**
 * Every member name that somebody else may write or read: what the published types say, what the code reads of values that are not
 * its own, and what it has in quotes. All others are ours alone, and minifying may shorten them.
 */
export async function sparedNames(entries, tsconfig) {
  const program = programOf(entries, tsconfig)
  const checker = program.getTypeChecker()
  const sources = program.getSourceFiles().filter((file) => !file.isDeclarationFile)
  const spared = new Set(await publishedNames(entries)).add('constructor')
  for (const source of sources) visit(source)
  return spared

  function visit(node) {
    for (const name of foreignNames(node, checker, sources)) spared.add(name)
    ts.forEachChild(node, visit)
  }
}

/** The member names in some code, the ones that are said most often first. */
export function namesByUse(code) {
  const uses = new Map()
  const visit = (node) => {
    const name =
      ts.isPropertyAccessExpression(node) || ts.isObjectLiteralElementLike(node) || ts.isClassElement(node)
        ? node.name
        : ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)
          ? (node.propertyName ?? node.name)
          : undefined
    if (name && ts.isIdentifier(name)) uses.set(name.text, (uses.get(name.text) ?? 0) + 1)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('', code, ts.ScriptTarget.ES2022, true))
  return Array.from(uses.keys()).sort((one, other) => uses.get(other) - uses.get(one))
}

/** What the published types export, and the members of them that are not private; and the words that are values. */
async function publishedNames(entries) {
  const bundle = await rollup({ input: entries, plugins: [dts()], onwarn: () => undefined })
  const { output } = await bundle.generate({ format: 'es', minifyInternalExports: false })
  await bundle.close()
  return output.flatMap(({ code }) =>
    declaredIn(ts.createSourceFile('.d.ts', code, ts.ScriptTarget.ES2022, true)),
  )
}

function declaredIn(node) {
  if (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) return []
  const own =
    ts.isStringLiteral(node) || ts.isExportSpecifier(node)
      ? [(node.name ?? node).text]
      : (ts.isTypeElement(node) || ts.isClassElement(node)) &&
          node.name &&
          !ts.isComputedPropertyName(node.name)
        ? [node.name.text]
        : []
  const below = []
  ts.forEachChild(node, (child) => void below.push(...declaredIn(child)))
  return own.concat(below)
}

function programOf(entries, tsconfig) {
  const { config } = ts.readConfigFile(tsconfig, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, path.dirname(tsconfig))
  return ts.createProgram(Object.values(entries), options)
}

/** The names at this node that are not of members that our own types declare. */
function foreignNames(node, checker, sources) {
  if (ts.isPropertyAccessExpression(node))
    return isOurs(checker.getSymbolAtLocation(node.name)) ? [] : [node.name.text]
  if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
    const name = node.propertyName ?? node.name
    const type = checker.getTypeAtLocation(node.parent)
    return ts.isIdentifier(name) && !isOurs(checker.getPropertyOfType(type, name.text)) ? [name.text] : []
  }
  if (ts.isObjectLiteralElementLike(node) && node.name && ts.isIdentifier(node.name)) {
    const wanted = checker.getContextualType(node.parent)
    const { text } = node.name
    // Keys of a table are data, and what the language takes has its own names.
    return wanted && !partsOf(wanted).some((part) => isOurs(part.getProperty(text))) ? [text] : []
  }
  // Names that are values.
  if (ts.isElementAccessExpression(node)) return literalsIn(node.argumentExpression)
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword)
    return literalsIn(node.left)
  if (ts.isForInStatement(node)) return namesIn(node.expression)
  if (ts.isCallExpression(node) && /^Object\.(keys|entries|values)$/.test(node.expression.getText()))
    return node.arguments.flatMap(namesIn)
  return []

  /** What is declared in an assertion is what somebody else's value may have. */
  function isOurs(symbol) {
    return symbol?.declarations?.every(
      (declaration) =>
        sources.includes(declaration.getSourceFile()) &&
        !ts.findAncestor(declaration, ts.isAssertionExpression),
    )
  }

  function literalsIn(expression) {
    return partsOf(checker.getTypeAtLocation(expression)).flatMap((part) =>
      part.isStringLiteral() ? [part.value] : [],
    )
  }

  function namesIn(expression) {
    return checker
      .getTypeAtLocation(expression)
      .getProperties()
      .map(({ name }) => name)
  }
}

function partsOf(type) {
  return type.isUnion() ? type.types : [type]
}
