import { isIP } from 'node:net'
import type { SecureContext } from 'node:tls'
import { secureContextOf } from '../tls-files.ts'
import type { UpstreamTls, Whereabouts } from '../upstream-settings.ts'

/** How to get to a server, worked out once. */
export interface Way {
  /** As undici wants it, and what is sent as Host by those who have none of a client's: checks and probes. */
  readonly origin: string
  /** A Unix socket, in place of what the origin says. */
  readonly socketPath?: string
  /** `h1`; `h2`: without being asked; `any`: as the handshake of TLS comes out (ALPN). */
  readonly protocol: 'h1' | 'h2' | 'any'
  readonly secure?: Secure
}

interface Secure {
  readonly context: SecureContext
  /** Whose certificate it has to be; undefined: that of the address. */
  readonly servername: string | undefined
  readonly verify: boolean
}

/** Throws if a file with certificates cannot be used. */
export function wayTo({ host, http2, tls, url }: Whereabouts, defaults: UpstreamTls): Way {
  if (url.startsWith('unix:')) {
    return { origin: 'http://localhost', socketPath: url.slice('unix:'.length), protocol: 'h1' }
  }
  if (url.startsWith('h2c:')) return { origin: url.replace('h2c:', 'http:'), protocol: 'h2' }
  if (!url.startsWith('https:')) return { origin: url, protocol: 'h1' }
  const settings = { ...defaults, ...tls }
  const { hostname } = new URL(url)
  const named = host ?? (isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : undefined)
  return {
    origin: url,
    protocol: http2 === true ? 'any' : 'h1',
    secure: {
      context: secureContextOf(settings),
      servername: settings.servername ?? named,
      verify: settings.verify,
    },
  }
}
