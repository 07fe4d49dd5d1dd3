import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import tseslint from 'typescript-eslint'

/**
 * Web globals that phones lack though DevTools and Node have them: code using one passes every test here
 * and fails only on a device. The base library injects the ES modules of core-js and nothing of the web
 * (wechat-miniprogram/miniprogram-compat, data/polyfill.json).
 */
const missingOnPhones = [
  'AbortController',
  'AbortSignal',
  'Blob',
  'FormData',
  'Headers',
  'Request',
  'Response',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'URLSearchParams',
  'XMLHttpRequest',
  'atob',
  'btoa',
  'crypto',
  'document',
  'fetch',
  'localStorage',
  'navigator',
  'performance',
  'process',
  'Buffer',
  'queueMicrotask',
  'setImmediate',
  'structuredClone',
  'window',
  'globalThis',
].map((name) => ({
  name,
  message: 'Not on phones: WeChat injects ECMAScript only, nothing of the web or Node.',
}))

const nodeGlobals = Object.fromEntries(
  [
    'console',
    'process',
    'URL',
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'setImmediate',
    'globalThis',
    'Buffer',
    'fetch',
  ].map((name) => [name, 'readonly']),
)

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      'docs/.vitepress/cache',
      'docs/public/app',
      'miniprogram_dist',
      'coverage',
      '**/node_modules',
      'tools/mutation/{bundle,reports,tmp}',
      // Compiled beside packages that are not installed with the project.
      'tools/typings/programs',
      'tools/newcomers/*/**',
      'example-taro',
      'server/installs',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
      '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Header names are data: deleting one by its name is no shape change to worry about.
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', ...missingOnPhones] },
  },
  {
    // The fake WeChat's way to a real server: it runs in Node and in browsers, never on a phone.
    files: ['src/testing/http.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    // They run on the engines of phones too, where a listener that asks for it throws, and nothing is judged.
    files: ['__tests__/laws/**/*.ts', '__tests__/cases/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', 'Buffer'] },
  },
  {
    // Fastify's hooks and routes are async by contract, whether or not they have something to await.
    files: ['example-server/**/*.ts'],
    rules: { '@typescript-eslint/require-await': 'off' },
  },
  {
    // Without callbacks these give a promise nobody needs: a toast that cannot be shown is no reason to stop.
    files: ['example-miniprogram/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          ignoreVoid: false,
          allowForKnownSafeCalls: [
            {
              from: 'package',
              package: 'miniprogram-api-typings',
              name: ['showToast', 'showLoading', 'hideLoading', 'stopPullDownRefresh', 'navigateTo'],
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.{mjs,js}'],
    languageOptions: { globals: nodeGlobals },
  },
  prettier,
)
