/** What a heading is called in links, as GitHub makes it: so a link holds there and here. */
export const slug = (title) =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replace(/ /g, '-')
