/** How TLS is spoken to a server. */
export interface UpstreamTls {
  /** A file with the certificates that are trusted, in PEM; absent: those of the system and of Node. */
  ca?: string
  /** Whose certificate it has to be; absent: that of the host in the URL. */
  servername?: string
  /** False: anybody's certificate will do. */
  verify: boolean
  /** Files with our own certificate and its key, in PEM, for servers that ask for one. */
  cert?: string
  key?: string
  minVersion: 1.2 | 1.3
}

/** What a server has of its own; the rest is everybody's. */
export type OwnTls = Partial<UpstreamTls>

export const TLS_DEFAULTS: UpstreamTls = { verify: true, minVersion: 1.2 }

/** Where a server is, and how to speak to it. */
export interface Whereabouts {
  /** `http://127.0.0.1:9001`, `https://app.internal`, `h2c://[::1]:9001`, `unix:/run/app.sock` */
  readonly url: string
  /** What it is called, where the URL has its address only. */
  readonly host?: string
  readonly tls?: OwnTls
  /** HTTP/2 is offered to a server behind https. */
  readonly http2?: boolean
}

/** A name whose addresses are servers, as they come and go. */
export interface NameSettings {
  /** What the ids of its servers begin with. */
  readonly id: string
  /** `dns`: its addresses (A and AAAA), at that port. `srv`: who offers the service of that name (RFC 2782). */
  readonly resolve: 'dns' | 'srv'
  readonly name: string
  readonly scheme: 'http' | 'https' | 'h2c'
  /** For `dns`. */
  readonly port: number
  /** Of each server; with `srv` it is scaled by what is said there. */
  readonly weight: number
  readonly max?: number
  readonly backup: boolean
  readonly tls?: OwnTls
  readonly http2?: boolean
}

export interface DnsSettings {
  /** Name servers, `10.0.0.2` or `10.0.0.2:5353`; none: those of the system. */
  readonly servers: readonly string[]
  /** How long one has to answer, in milliseconds. */
  readonly timeout: number
  /** An answer is good for as long as it says, but no shorter and no longer than these, in milliseconds. */
  readonly minTtl: number
  readonly maxTtl: number
  /** How long the servers of a name stay that does not exist any more, or has no addresses, in milliseconds. */
  readonly hold: number
}
