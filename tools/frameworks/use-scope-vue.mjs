import { onScopeDispose } from 'vue'
import { scope } from 'miniprogram-session/page'

// #region use-scope-vue
export function useScope(api) {
  const page = scope(api)
  onScopeDispose(() => page.end())
  return page
}
// #endregion
