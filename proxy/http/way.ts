import { isIP } from 'node:net'
import type { SecureContext } from 'node:tls'
import { secureContextOf, type TlsTexts } from '../tls-files.ts'
import type { UpstreamTls, Whereabouts } from '../upstream-settings.ts'

/** How to get to a server, worked out once. */
export interface Way {
  /** As undici wants it. */
  readonly origin: string
  /** What is sent as Host by those who have none of a client's: checks and probes. */
  readonly authority: string
  /** A Unix socket, in place of what the origin says. */
  readonly socketPath?: string
  /** `h1`; `h2`: without being asked; `any`: as the handshake of TLS comes out (ALPN). */
  readonly protocol: 'h1' | 'h2' | 'any'
  readonly secure?: Secure
}

interface Secure {
  readonly context: SecureContext
  /** What it was made from. */
  readonly texts: TlsTexts
  /** Whose certificate it has to be; undefined: that of the address. */
  readonly servername: string | undefined
  readonly verify: boolean
}

/** `texts`: of the files with certificates; else they are read now. Throws if one cannot be used. */
export function wayTo(
  { host, http2, tls, url }: Whereabouts,
  defaults: UpstreamTls,
  texts?: TlsTexts,
): Way {
  if (url.startsWith('unix:')) {
    const socketPath = url.slice('unix:'.length)
    return { origin: 'http://localhost', authority: 'localhost', socketPath, protocol: 'h1' }
  }
  const origin = url.replace(/^h2c:/, 'http:')
  const { hostname, port } = new URL(origin)
  const authority = `${host ?? hostname}${port === '' ? '' : `:${port}`}`
  if (!url.startsWith('https:')) {
    return { origin, authority, protocol: url === origin ? 'h1' : 'h2' }
  }
  const settings = { ...defaults, ...tls }
  const named = host ?? (isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : undefined)
  return {
    origin,
    authority,
    protocol: http2 === true ? 'any' : 'h1',
    secure: {
      ...secureContextOf(settings, texts),
      servername: settings.servername ?? named,
      verify: settings.verify,
    },
  }
}
