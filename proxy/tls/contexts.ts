import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls'
import type { TlsSettings } from '../listen-settings.ts'
import { type Certificates, filesOf } from './certificates.ts'

/**
 * Mozilla's "intermediate" (Server Side TLS 5.7, wiki.mozilla.org/Security/Server_Side_TLS), less the three ciphers of finite-field
 * Diffie-Hellman, which would need parameters and are for clients that no browser of the last ten years is. What client and
 * server both have is good, so the client chooses: a phone without AES in hardware prefers ChaCha20.
 */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')

/** Sessions are taken up again where this is the same: in any thread, and after a reload. */
const SESSIONS = 'evenkeel'

/** What is offered to clients of one place: which certificate for which name. */
export class Contexts {
  /** For clients that name nobody we know. */
  readonly usual: SecureContextOptions
  private readonly usualContext: SecureContext
  private readonly byName = new Map<string, SecureContext>()
  /** By what follows the first label. */
  private readonly wildcards = new Map<string, SecureContext>()

  /** The first certificate is the usual one; of two for one name the first counts. */
  constructor(settings: TlsSettings, certificates: Certificates, ticketKeys: Buffer) {
    const { certificates: listed, minVersion } = settings
    const all = listed.map((each) => {
      const { cert, key, names } = certificates.get(filesOf(each))!
      const options: SecureContextOptions = {
        cert,
        key,
        ciphers: CIPHERS,
        honorCipherOrder: false,
        minVersion: `TLSv${minVersion}`,
        sessionIdContext: SESSIONS,
        ticketKeys,
      }
      return { options, names, context: createSecureContext(options) }
    })
    this.usual = all[0].options
    this.usualContext = all[0].context
    for (const { context, names } of all.toReversed()) {
      for (const name of names) {
        if (name.startsWith('*.')) this.wildcards.set(name.slice(2), context)
        else this.byName.set(name, context)
      }
    }
  }

  /** A name written out wins over a wildcard, which stands for one label (RFC 9525, section 6.3). */
  for(servername: string): SecureContext {
    const name = servername.toLowerCase()
    const exact = this.byName.get(name)
    if (exact !== undefined) return exact
    const dot = name.indexOf('.')
    const wild = dot > 0 ? this.wildcards.get(name.slice(dot + 1)) : undefined
    return wild ?? this.usualContext
  }
}
