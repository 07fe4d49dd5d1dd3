import type { NavigationBar } from '../frame/navigation-bar'
import type { PullDown } from '../frame/pull-down'
import type { TabBar } from '../frame/tab-bar'
import type { PageStack } from '../runtime/stack'
import { wxFunction } from './callbacks'

interface Target {
  url: string
}

interface Routing {
  stack: PageStack
  navigation: NavigationBar
  tabs: TabBar
  pullDown: PullDown
}

/** Moving between pages, and what a page may do to the bars around it. */
export function routing({ stack, navigation, tabs, pullDown }: Routing) {
  return {
    navigateTo: wxFunction<Target>('navigateTo', ({ url }) => stack.navigateTo(url)),
    redirectTo: wxFunction<Target>('redirectTo', ({ url }) => stack.redirectTo(url)),
    reLaunch: wxFunction<Target>('reLaunch', ({ url }) => stack.reLaunch(url)),
    switchTab: wxFunction<Target>('switchTab', ({ url }) => stack.switchTab(url)),
    navigateBack: wxFunction<{ delta?: number }>('navigateBack', ({ delta }) => stack.navigateBack(delta)),
    setNavigationBarTitle: wxFunction<{ title: string }>('setNavigationBarTitle', ({ title }) =>
      navigation.setTitle(title),
    ),
    setTabBarBadge: wxFunction<{ index: number; text: string }>('setTabBarBadge', ({ index, text }) =>
      tabs.setBadge(index, text),
    ),
    removeTabBarBadge: wxFunction<{ index: number }>('removeTabBarBadge', ({ index }) =>
      tabs.setBadge(index, ''),
    ),
    startPullDownRefresh: wxFunction('startPullDownRefresh', () => pullDown.start()),
    stopPullDownRefresh: wxFunction('stopPullDownRefresh', () => pullDown.stop()),
    pageScrollTo: wxFunction<{ scrollTop?: number }>('pageScrollTo', ({ scrollTop = 0 }) =>
      stack.top?.box.scrollTo({ top: scrollTop, behavior: 'smooth' }),
    ),
  }
}
