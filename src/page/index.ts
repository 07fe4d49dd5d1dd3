import './context'

export { scope, type Scope } from './scope'
