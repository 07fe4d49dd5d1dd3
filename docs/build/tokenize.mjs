/**
 * Words for the search. Chinese has none that a machine could see, so each pair of neighbours is one: whoever types two characters
 * or more finds them in the middle of any sentence. A name is found whole and by its parts: `wx.checkSession`, `session`.
 * VitePress sends this to the browser as text, so it may use nothing from outside.
 */
export function tokenize(text) {
  const tokens = []
  for (const [word] of text.matchAll(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}_-])+/gu)) {
    if (/^\p{Script=Han}/u.test(word)) {
      const characters = Array.from(word)
      if (characters.length === 1) tokens.push(word)
      for (let index = 1; index < characters.length; index++)
        tokens.push(characters[index - 1] + characters[index])
      continue
    }
    tokens.push(word)
    const parts = word.replace(/([a-z])([A-Z])/g, '$1_$2').split(/[_-]/)
    if (parts.length > 1) tokens.push(...parts.filter(Boolean))
  }
  return tokens
}
