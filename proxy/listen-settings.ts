import { isIPv6 } from 'node:net'

/** Where clients come in, and what is spoken there below HTTP. */
export type ListenSettings = (TcpPlace | SocketPlace) & PlaceOptions

interface TcpPlace {
  host: string
  port: number
}

interface SocketPlace {
  /** The path of a Unix socket. */
  socket: string
  /** Its permissions; absent: what the process' umask leaves. */
  mode?: number
}

interface PlaceOptions {
  /** Clients speak TLS here. */
  tls?: TlsSettings
  /** Every connection begins with a PROXY header, and only peers in `trustedProxies` are let in. */
  proxyProtocol: boolean
}

export interface TlsSettings {
  /** One at least; the first is for clients that name none of them. */
  certificates: CertificateSettings[]
  minVersion: '1.2' | '1.3'
  /** Clients may choose HTTP/2. */
  http2: boolean
}

export interface CertificateSettings {
  /** The paths of PEM files. */
  cert: string
  key: string
  /** Absent: those in the certificate. */
  names?: string[]
}

/** `0.0.0.0:8080`, `[::]:8080`, `unix:/run/evenkeel.sock`: how people are told. */
export function nameOfPlace(place: ListenSettings): string {
  return 'socket' in place ? `unix:${place.socket}` : `${bracketed(place.host)}:${place.port}`
}

/** The same with its scheme: `http://0.0.0.0:8080`. */
export function urlOfPlace(place: ListenSettings): string {
  if ('socket' in place) return nameOfPlace(place)
  return `${place.tls === undefined ? 'http' : 'https'}://${nameOfPlace(place)}`
}

/** A URL that this machine can use: to listen on every address is not to be found under that one. */
export function reachable(place: ListenSettings): string {
  if ('socket' in place) return urlOfPlace(place)
  const { host } = place
  const found = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return urlOfPlace({ ...place, host: found })
}

/** As URLs have it. */
function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host
}
