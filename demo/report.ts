import { judge } from './counts'
import { drawTimeline } from './draw'
import type { Performance, Scenario } from './stage'
import type { Style } from './style'

/** One scenario on paper: what it is, what happened, what it comes to, and what is wrong with that. */
export function report(scenario: Scenario, performance: Performance, style: Style): string[] {
  const { glyphs, paint } = style
  const wrong = judge(performance.counts)
  const verdict = wrong.length > 0 ? paint('failed', glyphs.wrong) : paint('done', glyphs.right)
  return [
    '',
    paint('strong', scenario.title),
    paint('faint', scenario.story),
    '',
    ...drawTimeline(performance.timeline, style),
    '',
    `${verdict} ${summary(scenario, performance, style)}`,
    ...wrong.map((line) => paint('failed', `${glyphs.wrong} ${line}`)),
  ]
}

function summary(
  { promised }: Scenario,
  { counts, phone, duration }: Performance,
  { glyphs }: Style,
): string {
  const counted = (what: string) => counts.find((count) => count.what === what)?.server ?? 0
  return [
    plural(promised.requests, 'request'),
    `${counted('401s')} ${glyphs.times} 401`,
    `${plural(counted('codes used'), 'code')} used`,
    plural(phone.replays, 'replay'),
    ...(phone.retries > 0 ? [plural(phone.retries, 'retry', 'retries')] : []),
    `${(duration / 1000).toFixed(2)} s`,
  ].join(` ${glyphs.dot} `)
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
