import type { Platform } from '../../../src'
import type { Copy } from './copy'
import { detach } from './words'

type CheckOptions = Parameters<NonNullable<Platform['checkSession']>>[0]

/** The launch's one `wx.checkSession` (laws 5 and 8). */
export class CheckModel {
  private asked = 0
  private isCached = false
  /** That WeChat's session is as it should be is known. */
  isConfirmed = false
  hasFailed = false

  constructor(private readonly copy: Copy) {}

  hear(phase: string): void {
    if (phase === 'passed' || phase === 'unanswered') this.isConfirmed = true
    if (phase === 'failed') this.hasFailed = true
    if (this.isCached && (phase === 'passed' || phase === 'failed'))
      this.copy.world.violate(5, 'an answer of the check out of a cache is taken for one')
  }

  wxCheck(options: CheckOptions): void {
    const { world, name } = this.copy
    const mood = world.checkMoods.shift()
    world.say(`  ${name}wx.checkSession${mood ? ` (which will do this: ${mood})` : ''}`)
    if (++this.asked > 1) world.violate(8, 'wx.checkSession is asked twice in one launch')
    this.judgeNeed()
    this.isCached = mood === 'cached'
    const ask = () => {
      if (mood === 'fail at once')
        world.fake.misbehave('checkSession', { fail: { errMsg: 'fail' }, sameTick: true })
      else if (mood) world.fake.misbehave('checkSession', mood)
      const { success, fail } = options
      world.fake.wx.checkSession({
        success: (result) => success?.(result as never),
        fail: (failure) => fail?.(failure),
      })
    }
    if (mood === 'hang') return
    if (mood === 'throw' || mood === 'same-tick' || mood === 'fail at once') ask()
    else detach(world.later('wx.checkSession answers', ask))
  }

  /** Where a failed check could lead to nothing, only `'verified'` asks. */
  private judgeNeed(): void {
    const { world, hasCode } = this.copy
    if (world.setting.autoLogin && hasCode) return
    const isWanted = world.calls.some(({ copy, kind }) => copy === this.copy && kind === 'verified')
    if (!isWanted)
      world.violate(8, 'wx.checkSession is asked though no login can follow, and nobody needs it')
  }
}
