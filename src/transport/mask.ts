/** Words with the secret in them masked. */
export function mask(words: string, secret: string | undefined): string {
  return secret ? words.split(secret).join('***') : words
}

/** The same without queries: WeChat quotes the URL in some failures (a domain that is not on the list). */
export function maskWords(words: string, secret: string | undefined): string {
  return mask(words.replace(/\?\S*/g, ''), secret)
}
