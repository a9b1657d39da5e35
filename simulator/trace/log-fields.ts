import { commonTime, isoTime } from './time.ts'

/** What a field of a web server's log says of a request. */
export type Role =
  | 'time'
  /** Seconds that add up to a time: a date, a time of day, a fraction, a zone. */
  | 'part'
  | 'request'
  | 'method'
  | 'path'
  | 'query'
  | 'key'
  | 'bytes'
  | 'status'
  /** How long it took, from its first byte to the last of the answer. */
  | 'duration'
  /** How long the server behind took: one figure for each that was tried, and the last one counts. */
  | 'upstream'
  /** Which it was: one for each that was tried. */
  | 'server'

export interface FieldKind {
  readonly role?: Role
  /** Of two fields with the same role the one with more counts. */
  readonly rank?: number
  /** A pattern of what it looks like; without one it goes up to the next literal text. */
  readonly pattern?: string
  /** Reads a time, in seconds. */
  readonly seconds?: (text: string) => number
  /** A part with a date. */
  readonly dated?: boolean
  /** Milliseconds in one unit of a duration. */
  readonly scale?: number
}

const COMMON = String.raw`\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?`
const ISO = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`
const NUMBER = String.raw`\d+(?:\.\d+)?`
const OR_NONE = String.raw`(?:\d+(?:\.\d+)?|-)`
const LIST = String.raw`${OR_NONE}(?:(?:, | : )${OR_NONE})*`
/** Such as an address or the name of a host. */
export const WORD = String.raw`[^\s"]+`

const COUNT: FieldKind = { pattern: String.raw`(?:\d+|-)` }

/** A Unix time that counts so many to a second. */
function unix(perSecond: number, rank: number): FieldKind {
  return { role: 'time', rank, pattern: NUMBER, seconds: (text) => Number(text) / perSecond }
}

function duration(scale: number, rank: number): FieldKind {
  return { role: 'duration', rank, scale, pattern: OR_NONE }
}

/** As it stands between brackets in the Common Log Format. */
const COMMON_TIME: FieldKind = { role: 'time', rank: 1, pattern: COMMON, seconds: commonTime }

/** Variables of nginx (ngx_http_log_module, ngx_http_core_module and ngx_http_upstream_module), without their `$`. */
export const NGINX = table({
  time_local: COMMON_TIME,
  time_iso8601: { role: 'time', rank: 2, pattern: ISO, seconds: isoTime },
  msec: unix(1, 3),
  remote_addr: { role: 'key', rank: 1, pattern: WORD },
  realip_remote_addr: { pattern: WORD },
  request: { role: 'request' },
  request_method: { role: 'method' },
  request_uri: { role: 'path', rank: 2 },
  uri: { role: 'path', rank: 1 },
  args: { role: 'query' },
  query_string: { role: 'query' },
  status: { ...COUNT, role: 'status' },
  body_bytes_sent: { ...COUNT, role: 'bytes', rank: 2 },
  bytes_sent: { ...COUNT, role: 'bytes', rank: 1 },
  request_length: COUNT,
  request_time: duration(1000, 1),
  upstream_response_time: { role: 'upstream', scale: 1000, pattern: LIST },
  upstream_connect_time: { pattern: LIST },
  upstream_header_time: { pattern: LIST },
  upstream_status: { pattern: LIST },
  upstream_response_length: { pattern: LIST },
  upstream_bytes_received: { pattern: LIST },
  upstream_bytes_sent: { pattern: LIST },
  upstream_addr: { role: 'server', pattern: String.raw`[^\s,]+(?:(?:, | : )[^\s,]+)*` },
})

/** Directives of Apache's mod_log_config by their letter; `{…}` in front of it is looked up with it. */
export const APACHE = table({
  h: { role: 'key', rank: 2, pattern: WORD },
  a: { role: 'key', rank: 3, pattern: WORD },
  '{c}a': { role: 'key', rank: 1, pattern: WORD },
  t: COMMON_TIME,
  '{sec}t': unix(1, 2),
  '{msec}t': unix(1e3, 3),
  '{usec}t': unix(1e6, 4),
  '{msec_frac}t': { role: 'part', pattern: NUMBER, seconds: (text) => Number(text) / 1e3 },
  '{usec_frac}t': { role: 'part', pattern: NUMBER, seconds: (text) => Number(text) / 1e6 },
  r: { role: 'request' },
  m: { role: 'method' },
  U: { role: 'path' },
  q: { role: 'query' },
  s: { ...COUNT, role: 'status' },
  b: { ...COUNT, role: 'bytes', rank: 3 },
  B: { ...COUNT, role: 'bytes', rank: 2 },
  O: { ...COUNT, role: 'bytes', rank: 1 },
  I: COUNT,
  p: COUNT,
  D: duration(0.001, 4),
  '{us}T': duration(0.001, 3),
  '{ms}T': duration(1, 2),
  '{s}T': duration(1000, 1),
  T: duration(1000, 1),
})

function table(kinds: Record<string, FieldKind>): ReadonlyMap<string, FieldKind> {
  return new Map(Object.entries(kinds))
}
