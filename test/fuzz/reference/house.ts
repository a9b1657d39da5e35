import { METHODS } from 'node:http'
import { type Field, listOf, valuesOf } from './grammar.ts'
import type { Head, House } from './request.ts'

/**
 * What a strict reader of the RFCs leaves open and the proxy's documents decide: proxy-behaviour.md, section 5, and
 * DECISIONS.md. Everything else is the RFCs'.
 */
export const HOUSE: House = {
  bodyLimits: { extension: 16_384, trailers: 24_576 },
  mostBody: 100_000,
  refuses(head) {
    return RULES.filter(([, , applies]) => applies(head)).map(([why, statuses]) => ({
      why,
      statuses,
    }))
  },
  // DECISIONS 16; and node:http takes Proxy-Connection, which browsers once sent, for Connection (RFC 9112, appendix C.2.2).
  ends: ({ fields, version }) =>
    offersUpgrade(fields) ||
    (version === 'HTTP/1.1' && listOf(fields, 'proxy-connection').includes('close')),
}

/** Whoever has none: for what a proxy itself writes. */
export const NO_HOUSE: House = {
  bodyLimits: { extension: Infinity, trailers: Infinity },
  mostBody: Infinity,
  refuses: () => [],
  ends: () => false,
}

/** The limits that the proxy under test has. */
export const HOUSE_LIMITS = { headSize: 16_384, fields: 100, target: 8192, body: HOUSE.mostBody }

type Rule = readonly [why: string, statuses: number[], applies: (head: Head) => boolean]

const RULES: readonly Rule[] = [
  ['DECISIONS 14: node:http decides which methods exist', [400], ({ method }) => !known(method)],
  ['section 5: CONNECT', [400, 501], ({ method }) => method === 'CONNECT'],
  ['section 5: a bad version', [400], ({ version }) => !/1\.[01]$/.test(version)],
  [
    'section 5: a target over the limit (RFC 9112, section 3)',
    [414, 431],
    ({ target }) => target.length > HOUSE_LIMITS.target,
  ],
  [
    'section 5: a head over the limit (RFC 6585, section 5)',
    [414, 431],
    ({ fields, target }) =>
      fields.length > HOUSE_LIMITS.fields || sizeOf(fields) + target.length > HOUSE_LIMITS.headSize,
  ],
  ['RFC 9112, section 3.2: Host', [400], (head) => !isHostRight(head)],
  ['RFC 9112, section 3.2: the target', [400, 501], ({ target }) => !isTargetRight(target)],
  [
    'RFC 9112, section 3.2.4: the asterisk in absolute form',
    [400, 501],
    ({ method, target }) => method === 'OPTIONS' && /^https?:\/\/[^/?]*$/i.test(target),
  ],
  ['RFC 9110, section 7.6.2: Max-Forwards', [400, 501], (head) => !mayBeForwarded(head)],
  ['section 5: a Content-Length of more than 15 digits', [400], ({ fields }) => isHuge(fields)],
  [
    'section 5: a body over the limit',
    [400, 413],
    ({ fields }) => Number(valuesOf(fields, 'content-length')[0] ?? 0) > HOUSE_LIMITS.body,
  ],
  ['section 5: an unknown Expect', [400, 417], (head) => !isExpectationKnown(head)],
]

function known(method: string): boolean {
  return METHODS.includes(method)
}

function sizeOf(fields: readonly Field[]): number {
  return fields.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 32)
}

/** RFC 9110, sections 4.2.1 and 7.2; RFC 3986, section 3.2: a name or an address, never empty, no user, a port that exists. */
const NAME = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/
const SIX = /^\[(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{0,4}|[0-9.]+)\]$/

function isAuthority(text: string): boolean {
  const port = /:([0-9]*)$/.exec(text)
  if (port !== null && (port[1].length > 5 || Number(port[1]) > 65_535)) return false
  const host = port === null ? text : text.slice(0, port.index)
  return NAME.test(host) || (SIX.test(host) && URL.canParse(`http://${host}/`))
}

function isHostRight({ fields, version }: Head): boolean {
  const hosts = valuesOf(fields, 'host')
  if (hosts.length === 0) return version === 'HTTP/1.0'
  return hosts.length === 1 && isAuthority(hosts[0])
}

/** Origin or absolute form; section 4: forwarded byte for byte, so that more than a URI's letters may be in it. */
function isTargetRight(target: string): boolean {
  if (target.includes('#')) return false // DECISIONS 9
  if (target.startsWith('/')) return true
  const absolute = splitAbsolute(target)
  return absolute !== undefined && isAuthority(absolute.authority)
}

export function splitAbsolute(target: string): { authority: string; path: string } | undefined {
  const match = /^https?:\/\/([^/?#]*)(.*)$/i.exec(target)
  if (match === null) return undefined
  const [, authority, rest] = match
  return { authority, path: rest.startsWith('/') ? rest : `/${rest}` }
}

function mayBeForwarded({ fields, method }: Head): boolean {
  const left = valuesOf(fields, 'max-forwards')
  return !isTraced(method) || left.length === 0 || /^0*[1-9][0-9]*$/.test(left.join())
}

function isTraced(method: string): boolean {
  return method === 'OPTIONS' || method === 'TRACE'
}

function isHuge(fields: readonly Field[]): boolean {
  return valuesOf(fields, 'content-length').some((value) => /^[0-9]{16,}$/.test(value))
}

function isExpectationKnown({ fields, version }: Head): boolean {
  const expectations = valuesOf(fields, 'expect')
  if (expectations.length === 0 || version === 'HTTP/1.0') return true
  return expectations.length === 1 && expectations[0].toLowerCase() === '100-continue'
}

function offersUpgrade(fields: readonly Field[]): boolean {
  const options = [...valuesOf(fields, 'connection'), ...valuesOf(fields, 'proxy-connection')]
  return valuesOf(fields, 'upgrade').length > 0 && /upgrade/i.test(options.join())
}

/** What ends at the proxy (RFC 9110, section 7.6.1), and what it writes anew (section 4; DECISIONS 18). */
const ENDS_HERE = new Set(
  (
    'connection keep-alive proxy-connection proxy-authorization te trailer upgrade http2-settings transfer-encoding ' +
    'x-forwarded-for x-forwarded-proto x-forwarded-host forwarded content-length host expect'
  ).split(' '),
)

/** The fields that go through, in order, byte for byte. */
export function endToEnd({ fields, method }: Head): Field[] {
  const named = new Set(listOf(fields, 'connection'))
  named.delete('x-request-id') // Section 8: protected.
  return fields.flatMap(([name, value]) => {
    const lower = name.toLowerCase()
    if (ENDS_HERE.has(lower) || named.has(lower)) return []
    const counted = lower === 'max-forwards' && isTraced(method)
    return [[name, counted ? String(Number(value) - 1) : value] as const]
  })
}

const ANSWER_ENDS_HERE = new Set(
  'connection keep-alive proxy-connection proxy-authenticate upgrade transfer-encoding trailer'.split(
    ' ',
  ),
)

/** The same of an answer. */
export function endToEndOfAnswer(fields: readonly Field[], status = 200): Field[] {
  const named = new Set(listOf(fields, 'connection'))
  for (const kept of ['x-request-id', 'content-length', 'host']) named.delete(kept)
  return fields.filter(([name]) => {
    const lower = name.toLowerCase()
    if (lower === 'content-length' && (status < 200 || status === 204)) return false // RFC 9110, section 8.6
    return !ANSWER_ENDS_HERE.has(lower) && !named.has(lower)
  })
}
