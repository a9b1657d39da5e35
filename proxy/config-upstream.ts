import { isIP } from 'node:net'
import { z } from 'zod'
import { mapping } from './config-shapes.ts'
import { checked, duration, integer, matching, weight, type Wrong, wrong } from './config-values.ts'

const ORIGIN = 'must be an origin like http://127.0.0.1:9001'

/** Longer ones do not fit into the system's address (`sun_path`, unix(7): 108 bytes with its end on Linux, 104 elsewhere). */
const LONGEST_PATH = 103

/** Where requests are sent: an origin, written as URLs write it, with its port unless that goes without saying; or a socket. */
const url = checked((value) => {
  if (typeof value !== 'string') return wrong(ORIGIN)
  return /^unix:/i.test(value) ? socketUrl(value.slice('unix:'.length)) : originOf(value)
})

function socketUrl(path: string): string | Wrong {
  if (!/^\/[^\0]*[^\0/]$/.test(path))
    return wrong('must have an absolute path like unix:/run/app.sock')
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    return wrong(`must have a path of at most ${LONGEST_PATH} bytes`)
  }
  return `unix:${path}`
}

function originOf(value: string): string | Wrong {
  const [, scheme, rest] = /^(https?|h2c):\/\/([^\s\\]+)$/i.exec(value) ?? []
  if (scheme === undefined) return wrong(ORIGIN)
  if (/^\[[^\]]*%/.test(rest)) {
    return wrong('must have no zone after the address: URLs have no place for it (RFC 9844)')
  }
  // Of a scheme that it does not know, URL finds no origin.
  const readable = /^h2c$/i.test(scheme) ? `http://${rest}` : value
  if (!URL.canParse(readable)) return wrong(ORIGIN)
  const parsed = new URL(readable)
  if (parsed.username !== '' || parsed.password !== '')
    return wrong('must have no user or password')
  if (parsed.port === '0') return wrong('must have a port from 1 to 65535')
  if (parsed.pathname !== '/' || /[?#]/.test(value)) return wrong('must have no path or query')
  return readable === value ? parsed.origin : `h2c://${parsed.host}`
}

const file = matching(/^[^\0]+$/, 'must be the name of a file')
const flag = z.boolean('must be true or false')

const servername = checked((value) => {
  const named = typeof value === 'string' && /^[\w-]+(\.[\w-]+)*$/.test(value) && isIP(value) === 0
  return named ? value : wrong('must be a host name, and no address')
})

const minVersion = checked((value) => {
  const version = Number(value)
  return version === 1.2 || version === 1.3 ? version : wrong('must be 1.2 or 1.3')
})

const tlsShape = {
  ca: file.exactOptional(),
  servername: servername.exactOptional(),
  cert: file.exactOptional(),
  key: file.exactOptional(),
}

const together = 'must have both cert and key, or none of them'
const paired = ({ cert, key }: { cert?: string; key?: string }): boolean =>
  (cert === undefined) === (key === undefined)

/** For servers that say nothing else. */
export const tls = mapping({
  ...tlsShape,
  verify: flag.default(true),
  minVersion: minVersion.default(1.2),
}).refine(paired, together)

const ownTls = mapping({
  ...tlsShape,
  verify: flag.exactOptional(),
  minVersion: minVersion.exactOptional(),
}).refine(paired, together)

const shape = {
  id: matching(
    /^[\w.:-]{1,64}$/,
    'must be 1 to 64 letters, digits or any of . _ : -',
  ).exactOptional(),
  url,
  weight: weight.default(1),
  max: integer(1).exactOptional(),
  backup: flag.default(false),
  tls: ownTls.exactOptional(),
  http2: flag.exactOptional(),
}

interface Given {
  readonly url: string
  readonly resolve?: 'dns' | 'srv'
  readonly tls?: unknown
  readonly http2?: boolean
}

/** What goes with the URL, and what does not. */
function fitting(server: Given, context: z.RefinementCtx): void {
  const refuse = (key: keyof Given, message: string): void =>
    context.addIssue({ code: 'custom', path: [key], message, input: server[key] })
  const secure = server.url.startsWith('https:')
  if (server.tls !== undefined && !secure)
    refuse('tls', 'goes with a URL that begins with https://')
  if (server.http2 === true && !secure) {
    refuse('http2', 'goes with a URL that begins with https:// (h2c:// is HTTP/2 without TLS)')
  }
}

/** A server that comes while the proxy runs. */
export const arrival = mapping(shape).superRefine(fitting)

const SERVICE = /^_[\w-]+\._tcp\.[\w.-]+$/

/** Of the configuration: a server, or a name whose addresses are servers. */
export const server = mapping({
  ...shape,
  resolve: z.enum(['dns', 'srv'], 'must be dns or srv').exactOptional(),
})
  .superRefine(fitting)
  .superRefine(({ resolve, url }, context) => {
    if (resolve === undefined) return
    const refuse = (message: string): void =>
      context.addIssue({ code: 'custom', path: ['url'], message, input: url })
    const { hostname, port } = new URL(url.replace(/^h2c:/, 'http:'))
    if (url.startsWith('unix:') || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) {
      refuse('must have a host name to resolve')
    } else if (resolve === 'srv' && (!SERVICE.test(hostname) || port !== '')) {
      refuse('must have a service to resolve, and no port, like http://_http._tcp.app.internal')
    }
  })

const nameServer = checked((value) => {
  const [, bracketed, plain, port = '53'] =
    /^(?:\[(.+)\]|([^[\]]+?))(?::(\d+))?$/.exec(typeof value === 'string' ? value : '') ?? []
  const whole = typeof value === 'string' && isIP(value) !== 0
  const known = whole || isIP(bracketed ?? '') === 6 || isIP(plain ?? '') === 4
  if (known && Number(port) >= 1 && Number(port) <= 65_535) return value as string
  return wrong('must be an address like 10.0.0.2, 10.0.0.2:5353 or [::1]:53')
})

export const dns = mapping({
  servers: z.array(nameServer, 'must be a list').default([]),
  timeout: duration.default(1000),
  minTtl: duration.default(1000),
  maxTtl: duration.default(300_000),
  hold: duration.default(30_000),
})
