/** Only exactly `development` and `test` are not production: a word that is mistyped is. */
export function isProduction(): boolean {
  const mode = (process.env['NODE_ENV'] ?? '').trim().toLowerCase()
  return mode !== 'development' && mode !== 'test'
}
