import DefaultTheme from 'vitepress/theme-without-fonts'
import './site.css'
import './live.css'

export default DefaultTheme
