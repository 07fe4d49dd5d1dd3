import { minify as terser } from 'terser'
import ts from 'typescript'
import { namesByUse } from './names.mjs'

/**
 * A rollup plugin: the chunk minified, and its map led on to the sources. Members whose names are not spared get short ones, the same
 * in all chunks of a build. `spare` gives the names.
 */
export function minify(spare) {
  /** What was shortened, and to what. Members alone: a chunk's variables are its own, and another's globals may have their names. */
  const cache = {}
  let spared
  return {
    name: 'minify',
    async renderChunk(code, _chunk, _output, { chunks = {} } = {}) {
      // Once for all chunks: it reads every type.
      spared ??= Promise.resolve(spare()).then((names) => {
        // The core's come first: each app has it.
        const cores = Object.values(chunks).filter(({ fileName }) => fileName === 'index.js')
        const all = cores.flatMap(({ modules }) => Object.values(modules).map((module) => module.code))
        cache.props = shortNames(namesByUse(all.join('\n')), new Set(names))
        return Array.from(names)
      })
      const { code: minified, map } = await terser(letForConst(exportedAtOnce(code)), {
        ecma: 2017,
        // A CommonJS file is a scope of its own.
        toplevel: true,
        // Members are read for what they are: no getter of ours does anything else.
        // A function that is used once stays where it is: inlined it would be made anew for each request, which engines without JIT
        // pay for (7 % of a request in QuickJS).
        compress: { passes: 2, pure_getters: true, inline: 1, reduce_funcs: false, unsafe_arrows: true },
        // What stands in quotes is data: a header, a field of somebody's answer.
        // Names of the language and of browsers are spared where they are used as such: they are nobody's own.
        mangle: {
          properties: {
            builtins: true,
            // What one chunk exports under a name, another reads by that name.
            undeclared: true,
            reserved: await spared,
            keep_quoted: 'strict',
            cache,
          },
        },
        sourceMap: { asObject: true },
      })
      return { code: minified, map }
    },
  }
}

/** In the order in which JavaScript says them, which compresses best. */
const LETTERS = Array.from('etnrisoalcdhumpfgybwvkxjqzABCDEFGHIJKLMNOPQRSTUVWXYZ$_')

/** The shortest names for those that are said most often. In the form of Terser's cache, which finds the others itself. */
function shortNames(names, spared) {
  // A member that is called so already would keep that name, and be taken for the other.
  const free = LETTERS.filter((letter) => !spared.has(letter) && !names.includes(letter))
  const ours = names.filter((name) => !spared.has(name)).slice(0, free.length)
  return Object.fromEntries(ours.map((name, at) => [`$${name}`, free[at]]))
}

/** The core hands out some fifty names, and says `exports` once. They are the last lines of a chunk, so its map stays right. */
function exportedAtOnce(code) {
  return code.replace(/(?:\nexports\.\w+ = [\w$]+;)+\s*$/, (block) => {
    const names = Array.from(block.matchAll(/\.(\w+) = (.+);/g), ([, as, name]) => `${as}: ${name}`)
    if (names.length === 1) return block
    return `\nObject.assign(exports, { ${names.join(', ')} });\n`
  })
}

/** The compiler has seen that nothing is assigned twice. Declarations of one kind join, and the word is shorter; as long as before, so the map stays right. */
function letForConst(code) {
  let changed = code
  const visit = (node) => {
    if (ts.isVariableDeclarationList(node) && node.flags & ts.NodeFlags.Const) {
      const at = node.getStart()
      changed = `${changed.slice(0, at)}let  ${changed.slice(at + 'const'.length)}`
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('', code, ts.ScriptTarget.ES2022, true))
  return changed
}
