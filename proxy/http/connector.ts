import { buildConnector } from 'undici'
import { ConnectFailure, tlsReasonOf } from './connect-failure.ts'
import type { Way } from './way.ts'

export interface ConnectorOptions {
  /** How long a connection may take to come about, TLS included, in milliseconds. */
  readonly timeout: number
  /** HTTP/2 is offered before HTTP/1.1. */
  readonly offersH2?: boolean
}

/** What makes connections to a server. Sessions of TLS are resumed, by undici's connector. */
export function connectorTo(way: Way, options: ConnectorOptions): buildConnector.connector {
  const { secure, socketPath } = way
  const { offersH2 = false, timeout } = options
  const plain = { timeout, allowH2: offersH2, ...(socketPath !== undefined && { socketPath }) }
  if (secure === undefined) return buildConnector(plain)
  const { context, servername, verify } = secure
  const connect = buildConnector({
    ...plain,
    preferH2: offersH2,
    secureContext: context,
    rejectUnauthorized: verify,
  })
  return (target, done) => {
    let reached = false
    // Whose certificate it has to be is ours to say: undici would go by the client's Host, and take anybody's that has one for it.
    const named = { ...target, servername } as buildConnector.Options
    const socket = connect(named, (...[error, made]: Parameters<buildConnector.Callback>) => {
      if (error === null) done(null, made)
      else done(reached ? failureOf(error) : error, null)
    }) as unknown as NodeJS.EventEmitter
    socket.once('connect', () => (reached = true))
  }
}

function failureOf(error: Error): ConnectFailure {
  const { code = '' } = error as NodeJS.ErrnoException
  return code === 'UND_ERR_CONNECT_TIMEOUT'
    ? new ConnectFailure('TLS handshake timed out', 'upstream_connect_timeout')
    : new ConnectFailure(tlsReasonOf(code))
}
