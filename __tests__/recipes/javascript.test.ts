import ts from 'typescript'
import { regions } from './pages'

const { page = '', 'page-js': javaScript } = regions(
  'quick-start/pages/orders/index.ts',
  'quick-start/page.js',
)

/** Without semicolons and indentation, which are a matter of taste. */
const plain = (code: string) => code.replace(/;$/gm, '').replace(/^ +/gm, '').replace(/\n+/g, '\n').trim()

test('the page in JavaScript is the one in TypeScript, without its types', () => {
  const { outputText } = ts.transpileModule(page, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  expect(plain(String(javaScript))).toBe(plain(outputText))
})
