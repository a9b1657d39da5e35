/** A connection stood, but what has to be agreed on it first did not come about: nothing of a request was sent. */
export class ConnectFailure extends Error {
  override name = 'ConnectFailure'
  /** In a few words, for people: `certificate expired`. */
  readonly reason: string
  readonly word: 'upstream_tls' | 'upstream_unreachable' | 'upstream_connect_timeout'

  constructor(reason: string, word: ConnectFailure['word'] = 'upstream_tls') {
    super(reason)
    this.reason = reason
    this.word = word
  }
}

/** By the codes of Node and OpenSSL (`openssl verify`, "Diagnostics"); the remedy where there is one. */
const REASONS: Record<string, string> = {
  CERT_HAS_EXPIRED: 'certificate expired',
  CERT_NOT_YET_VALID: 'certificate not valid yet',
  CERT_REVOKED: 'certificate revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate: set tls.ca',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate of an authority that is not trusted: set tls.ca',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate of an authority that is not trusted: set tls.ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate of an authority that is not trusted: set tls.ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate of an authority that is not trusted: set tls.ca',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate of another name: set tls.servername',
  ERR_SSL_WRONG_VERSION_NUMBER: 'server does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'server does not speak TLS',
  ERR_SSL_HTTP_REQUEST: 'server does not speak TLS',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'no version of TLS in common',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'no version of TLS in common',
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: 'no protocol in common (ALPN)',
  ECONNRESET: 'TLS handshake broke off',
  EPIPE: 'TLS handshake broke off',
}

/** What a server says that wants a certificate of ours and got none, or another's (with TLS 1.2: see DECISIONS.md). */
const CERTIFICATE_ALERT =
  /^ERR_SSL_.+_ALERT_(CERTIFICATE_\w+|BAD_CERTIFICATE\w*|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)$/

export function tlsReasonOf(code: string): string {
  if (REASONS[code] !== undefined) return REASONS[code]
  return CERTIFICATE_ALERT.test(code)
    ? 'server refuses our certificate: set tls.cert and tls.key'
    : 'TLS handshake failed'
}
