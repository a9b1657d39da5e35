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
