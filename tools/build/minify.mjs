import { minify as terser } from 'terser'

/**
 * A rollup plugin: the chunk minified, and its map led on to the sources. Members whose names are not spared get short ones, the same
 * in all chunks of a build. `spare` gives the names.
 */
export function minify(spare) {
  /** What was shortened, and to what. */
  const nameCache = {}
  let spared
  return {
    name: 'minify',
    async renderChunk(code) {
      // Once for all chunks: it reads every type.
      spared ??= Promise.resolve(spare()).then((names) => Array.from(names))
      const { code: minified, map } = await terser(exportedAtOnce(code), {
        ecma: 2017,
        // A CommonJS file is a scope of its own.
        toplevel: true,
        // A function that is used once stays where it is: inlined it would be made anew for each request, which engines without JIT
        // pay for (7 % of a request in QuickJS).
        compress: { passes: 2, inline: 1, reduce_funcs: false, unsafe_arrows: true },
        // What stands in quotes is data: a header, a field of somebody's answer.
        // Names of the language and of browsers are spared where they are used as such: they are nobody's own.
        mangle: {
          properties: {
            builtins: true,
            // What one chunk exports under a name, another reads by that name.
            undeclared: true,
            reserved: await spared,
            keep_quoted: 'strict',
          },
        },
        nameCache,
        sourceMap: { asObject: true },
      })
      delete nameCache.vars
      return { code: minified, map }
    },
  }
}

/** The core hands out some fifty names, and says `exports` once. They are the last lines of a chunk, so its map stays right. */
function exportedAtOnce(code) {
  return code.replace(/(?:\nexports\.\w+ = [\w$]+;)+\s*$/, (block) => {
    const names = Array.from(block.matchAll(/\.(\w+) = (.+);/g), ([, as, name]) => `${as}: ${name}`)
    return `\nObject.assign(exports, { ${names.join(', ')} });\n`
  })
}
