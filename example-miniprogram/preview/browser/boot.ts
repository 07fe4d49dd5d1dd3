import { warn } from './dev/beside'
import { byId } from './frame/element'
import { NavigationBar } from './frame/navigation-bar'
import { PullDown } from './frame/pull-down'
import { TabBar } from './frame/tab-bar'
import { PhoneTheme } from './frame/theme'
import type { Outside } from './outside'
import { Engine } from './runtime/engine'
import { tapOnKeyboardClick } from './runtime/events'
import { callHook } from './runtime/hooks'
import { Page } from './runtime/page'
import type { Hooks, Program } from './runtime/program'
import { PageStack } from './runtime/stack'
import { Styles } from './runtime/styles'
import { formatPageUrl, parsePageUrl } from './runtime/url'
import { device } from './wx/device'
import { feedback } from './wx/feedback'
import { files } from './wx/files'
import { openData } from './wx/open-data'
import { createPhone } from './wx/phone'
import { routing } from './wx/routing'

/** Starts a compiled mini-program in this window; gives its theme, for a page around it to set. */
export function boot(program: Program, outside: Outside): PhoneTheme {
  const { app, theme, units } = program
  const phoneTheme = new PhoneTheme()
  const styles = new Styles()
  const engine = new Engine()
  const stack = new PageStack({
    isPage: (path) => app.pages.includes(path),
    isTab: (path) => tabs.isTab(path),
    open,
    changed: drawBars,
  })
  const navigation = new NavigationBar(() => stack.navigateBack())
  const tabs = new TabBar(app.tabBar, (url) => stack.switchTab(url))
  const pullDown = new PullDown(
    () => stack.top?.window.enablePullDownRefresh === true && stack.top.box.scrollTop <= 0,
    () => stack.top?.call('onPullDownRefresh'),
  )
  const phone = createPhone(outside)
  files.picture = (url) => outside.picture(url)
  const instance: { app: Hooks } = { app: {} }

  Object.assign(globalThis, {
    wx: {
      ...phone.wx,
      ...feedback(),
      ...openData(outside),
      ...device(phoneTheme),
      ...routing({ stack, navigation, tabs, pullDown }),
    },
    App: (hooks: Hooks) => (instance.app = hooks),
    getApp: () => instance.app,
    getCurrentPages: () => stack.pages.map((page) => page.instance),
  })

  styles.add(program.style)
  for (const [name, unit] of Object.entries(units)) {
    styles.add(unit.style, app.pages.includes(name) ? name : undefined)
  }
  phoneTheme.watch((name) => {
    document.body.classList.toggle('dark', name === 'dark')
    styles.setTheme(name)
    if (stack.top) drawBars(stack.top)
  })
  addEventListener('resize', measure)
  tapOnKeyboardClick()
  watchTools()
  watchClock()

  program.load()
  for (const text of program.warnings) warn(text)
  engine.load(program, warn)
  const launch = { ...parsePageUrl(startUrl()), scene: 1001 }
  callHook(instance.app, 'onLaunch', launch)
  callHook(instance.app, 'onShow', launch)
  stack.reLaunch(formatPageUrl(launch))
  return phoneTheme

  function open(url: Parameters<typeof formatPageUrl>[0]): Page {
    const window = { ...app.window, ...units[url.path]?.config }
    const page = new Page(url, window, engine.create(url.path))
    stack.register(page)
    page.open(byId('pages'))
    return page
  }

  function drawBars(page: Page): void {
    const { path } = page.url
    styles.showPage(path)
    navigation.show(page.window, stack.pages.length > 1, theme, phoneTheme.current)
    tabs.show(path, theme, phoneTheme.current)
    pullDown.stop()
    measure()
    history.replaceState(null, '', `#${formatPageUrl(page.url)}`)
  }

  /** A reload comes back to the page that was on top, as DevTools does when it is told to. */
  function startUrl(): string {
    const wanted = location.hash.slice(1)
    const known = wanted && app.pages.includes(parsePageUrl(wanted).path)
    return known ? wanted : `/${app.entryPagePath ?? app.pages[0] ?? ''}`
  }

  function watchTools(): void {
    const toBackground = (hide: boolean) => {
      document.body.classList.toggle('in-background', hide)
      byId('background').textContent = hide ? '回到前台' : '切到后台'
      if (hide) {
        stack.top?.hide()
        callHook(instance.app, 'onHide')
        phone.app.toBackground()
      } else {
        phone.app.toForeground()
        callHook(instance.app, 'onShow', launch)
        stack.top?.show()
      }
    }
    byId('theme').addEventListener('click', () => phoneTheme.toggle())
    byId('background').addEventListener('click', () => toBackground(!phone.app.isInBackground))
    byId('network').addEventListener('click', () => {
      const offline = phone.network.type !== 'none'
      if (offline) phone.network.offline()
      else phone.network.online()
      byId('network').textContent = offline ? '恢复网络' : '断开网络'
    })
    byId('restart').addEventListener('click', () => location.reload())
  }
}

/** What `vh` is: a page's height is what the bars leave of the phone. */
function measure(): void {
  document.documentElement.style.setProperty('--pages-height', `${byId('pages').offsetHeight}px`)
}

function watchClock(): void {
  const draw = () => {
    byId('time').textContent = new Date().toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit' })
  }
  draw()
  setInterval(draw, 10_000)
}
