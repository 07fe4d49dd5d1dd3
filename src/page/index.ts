export { scope, type Scope } from './scope'
