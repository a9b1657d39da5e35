import { isIPv6 } from 'node:net'
import { z } from 'zod'
import { address, either, mapping, port } from './config-shapes.ts'
import { checked, matching, wrong } from './config-values.ts'
import { isMapping, type Problem, show } from './core/problems.ts'
import type { ListenSettings, TlsSettings } from './listen-settings.ts'

/** Octal digits as a text, since YAML reads `0660` as the number 660. */
const mode = checked((value) => {
  return typeof value === 'string' && /^0?[0-7]{3}$/.test(value)
    ? Number.parseInt(value, 8)
    : wrong('must be three octal digits in quotes like "660"')
})

/** Longer ones do not fit into the system's address (`sun_path`, unix(7): 108 bytes with its end on Linux, 104 elsewhere). */
const LONGEST_PATH = 103

const socket = checked((value) => {
  if (typeof value !== 'string' || !/^[^\0]*\/[^\0]+$/.test(value))
    return wrong('must be a path like /run/evenkeel.sock')
  if (Buffer.byteLength(value) > LONGEST_PATH)
    return wrong(`must be at most ${LONGEST_PATH} bytes long`)
  return value
})

const file = matching(/^[^\0]+$/, 'must be the path of a PEM file')
const hostname = matching(
  /^(\*\.)?[\w-]+(\.[\w-]+)*$/,
  'must be a host name like www.example.com or *.example.com',
).transform((name) => name.toLowerCase())

const certificate = mapping({
  cert: file,
  key: file,
  names: z.array(hostname, 'must be a list').exactOptional(),
})

const tls = mapping({
  cert: file.exactOptional(),
  key: file.exactOptional(),
  certificates: z.array(certificate, 'must be a list').default([]),
  minVersion: checked((value) =>
    value === 1.2 || value === 1.3 ? (`${value}` as const) : wrong('must be 1.2 or 1.3'),
  ).default('1.2'),
  http2: z.boolean('must be true or false').default(true),
})
  .refine(
    ({ cert, key }) => (cert === undefined) === (key === undefined),
    'must have both cert and key, or neither',
  )
  .refine(
    ({ cert, certificates }) => cert !== undefined || certificates.length > 0,
    'must have cert and key, or certificates',
  )
  .transform(({ cert, certificates, key, ...rest }): TlsSettings => {
    const own = cert === undefined || key === undefined ? [] : [{ cert, key }]
    return { certificates: [...own, ...certificates], ...rest }
  })

const place = mapping({
  host: address.exactOptional(),
  port: port.exactOptional(),
  socket: socket.exactOptional(),
  mode: mode.exactOptional(),
  tls: tls.exactOptional(),
  proxyProtocol: z.boolean('must be true or false').default(false),
})
  .refine(
    ({ host, port, socket }) => socket === undefined || (host === undefined && port === undefined),
    'must have either a socket or a host and port',
  )
  .refine(
    ({ mode, socket }) => mode === undefined || socket !== undefined,
    'must have a socket where it has a mode',
  )
  .transform(({ host = '0.0.0.0', mode, port = 8080, socket, ...rest }): ListenSettings => {
    if (socket === undefined) return { host, port, ...rest }
    return { socket, ...(mode !== undefined && { mode }), ...rest }
  })

const places = z
  .array(place, 'must be a mapping, or a list of them')
  .min(1, 'must have a place at least')

/** One place or a list of them. */
export const listen = either(places, place).transform((given): ListenSettings[] =>
  Array.isArray(given) ? given : [given],
)

/** Places that want a PROXY header while nobody is trusted to send one. */
export function unreachable(document: Readonly<Record<string, unknown>>): Problem[] {
  const { listen: given, trustedProxies } = document
  if (Array.isArray(trustedProxies) && trustedProxies.length > 0) return []
  const text = 'must be false while trustedProxies is empty: nobody could connect'
  const wants = (place: unknown): boolean => isMapping(place) && place['proxyProtocol'] === true
  if (wants(given)) return [{ path: ['listen', 'proxyProtocol'], text }]
  if (!Array.isArray(given)) return []
  return given.flatMap((place, index) =>
    wants(place) ? [{ path: ['listen', index, 'proxyProtocol'], text }] : [],
  )
}

/** The admin API where clients come in: it could not. On raw values as well. */
export function ofAdmin(document: Readonly<Record<string, unknown>>): Problem[] {
  const { admin = {}, listen: given = {} } = document
  if (!isMapping(admin)) return []
  const { host = '127.0.0.1', port = 8081 } = admin
  const places: readonly unknown[] = Array.isArray(given) ? given : [given]
  const taken = places.findIndex((place) => {
    if (!isMapping(place) || place['socket'] !== undefined) return false
    const { host: own = '0.0.0.0', port: ownPort = 8080 } = place
    return port !== 0 && port === ownPort && meet(host, own)
  })
  if (taken < 0) return []
  const where = Array.isArray(given) ? `listen[${taken}]` : 'listen'
  return [
    {
      path: ['admin', 'port'],
      text: `must be another port than that of ${where}, got ${show(port)}`,
    },
  ]
}

/** The same address, or one of them is all. `::` is those of IPv4 as well. */
function meet(one: unknown, other: unknown): boolean {
  if (one === other || one === '::' || other === '::') return true
  const ofSix = [one, other].some((host) => typeof host === 'string' && isIPv6(host))
  return !ofSix && (one === '0.0.0.0' || other === '0.0.0.0')
}

/** Places that are given twice. On the raw list, since they must be told even if other things are wrong. */
export function samePlaces(given: unknown): Problem[] {
  if (!Array.isArray(given)) return []
  const names = given.map((place: unknown) => {
    if (!isMapping(place)) return undefined
    const { host = '0.0.0.0', port = 8080, socket } = place
    if (socket !== undefined) return JSON.stringify(socket)
    return port === 0 ? undefined : JSON.stringify([host, port])
  })
  return names.flatMap((name, index) => {
    const first = names.indexOf(name)
    if (name === undefined || first === index) return []
    return [{ path: ['listen', index], text: `must be another place than listen[${first}]` }]
  })
}
