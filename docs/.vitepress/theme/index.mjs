import DefaultTheme from 'vitepress/theme-without-fonts'
import LiveChat from './LiveChat.vue'
import LiveTimeline from './LiveTimeline.vue'
import MiniProgram from './MiniProgram.vue'
import './site.css'
import './live.css'

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('LiveTimeline', LiveTimeline)
    app.component('LiveChat', LiveChat)
    app.component('MiniProgram', MiniProgram)
  },
}
