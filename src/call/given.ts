import type { AnyRequest } from '../options/request'
import { snapshot } from '../transport/snapshot'

/** Law 15: what was given is what is sent, whatever the app does with its objects afterwards. */
export function taken(given: object): Partial<AnyRequest> {
  const copy = Object.assign({}, given) as Partial<AnyRequest>
  const { data, query, header, formData } = copy
  if (data !== undefined) copy.data = snapshot(data)
  if (query !== undefined) copy.query = snapshot(query)
  if (header !== undefined) copy.header = snapshot(header)
  if (formData !== undefined) copy.formData = snapshot(formData)
  return copy
}
