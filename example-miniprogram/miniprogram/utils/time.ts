const two = (value: number): string => String(value).padStart(2, '0')

/** `09:05:07.123`: the phone's own time, since a mini-program has no reliable `Intl`. */
export function clockTime(epoch: number): string {
  const time = new Date(epoch)
  const ms = String(time.getMilliseconds()).padStart(3, '0')
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${ms}`
}

/** `1月23日 09:05`. */
export function dayTime(epoch: number): string {
  const time = new Date(epoch)
  return `${time.getMonth() + 1}月${time.getDate()}日 ${two(time.getHours())}:${two(time.getMinutes())}`
}

/** `320 ms`, `1.2 s`. */
export function shortDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
}

/** `29 天 23 小时`, `1 小时 59 分`, `3 分 20 秒`. */
export function longDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)]
  const days = Math.floor(hours / 24)
  if (days > 0) return hours % 24 > 0 ? `${days} 天 ${hours % 24} 小时` : `${days} 天`
  if (hours > 0) return minutes > 0 ? `${hours} 小时 ${minutes} 分` : `${hours} 小时`
  return minutes > 0 ? `${minutes} 分 ${seconds % 60} 秒` : `${seconds} 秒`
}
