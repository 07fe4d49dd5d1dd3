/**
 * Statuses in the words of a failure, as DevTools and old phones have them (`Unexpected response code: 404`). Phones of today say no
 * more than `code:20, msg:Invalid HTTP status.`, where 20 is a number of WeChat's own.
 */
const STATUS = /\b(?:status|response|http(?:\/[\d.]+)?)(?: code)?\D{0,3}([45]\d\d)\b/i
/** What has nothing to do with an answer (network tuning guide). */
const NO_ANSWER = /transport|time[rd]\b|timeout|tls|ssl/i

export function statusIn(words: string): number | undefined {
  const found = STATUS.exec(words)
  return found ? Number(found[1]) : undefined
}

/** Whether somebody may have answered, with a status that is not told. */
export function mayBeRefusal(words: string): boolean {
  return words.trim() !== '' && !NO_ANSWER.test(words)
}
