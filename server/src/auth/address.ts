import { BlockList, isIP, isIPv6 } from 'node:net'

const PRIVATE = new BlockList()
for (const [net, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const) {
  PRIVATE.addSubnet(net, prefix, 'ipv4')
}
PRIVATE.addAddress('::1', 'ipv6')
PRIVATE.addSubnet('fc00::', 7, 'ipv6')
PRIVATE.addSubnet('fe80::', 10, 'ipv6')

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')

export function isPrivate(address: string): boolean {
  const text = plain(address)
  return isIP(text) !== 0 && PRIVATE.check(text, isIPv6(text) ? 'ipv6' : 'ipv4')
}

/** Whom an address stands for: one IPv4 address, or the 64 bits of an IPv6 network, in which a phone takes any. */
export function networkOf(address: string): string {
  const text = plain(address)
  if (!isIPv6(text)) return text
  const [head = '', tail] = text.split('::')
  const [first, last] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''))
  const groups = [...(first ?? []), ...Array<string>(8).fill('0')]
  // A "::" within the first four groups stands for as many zeros as are missing.
  if (tail !== undefined)
    groups.splice(
      (first ?? []).length,
      8,
      ...Array<string>(8 - (first ?? []).length - (last ?? []).length).fill('0'),
      ...(last ?? []),
    )
  return groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')
}

type Headers = Partial<Record<string, unknown>>

/** The first of a list is who asked, unless that is a lie. */
function namesAnother(header: unknown, address: string): boolean {
  if (typeof header !== 'string') return header !== undefined
  return plain(header.split(',', 1)[0]?.trim() ?? '') !== plain(address)
}

/**
 * A peer of the own network that speaks for somebody else is a proxy that the framework was not told of. One that is named by
 * the proxy before it, and by nobody else, is a phone of that network.
 */
export const isUntoldProxy = (address: string, headers: Headers): boolean =>
  isPrivate(address) &&
  (headers['forwarded'] !== undefined ||
    namesAnother(headers['x-forwarded-for'] ?? address, address) ||
    namesAnother(headers['x-real-ip'] ?? address, address))
