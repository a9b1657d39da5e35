import { X509Certificate } from 'node:crypto'
import {
  createSecureContext,
  getCACertificates,
  type SecureContext,
  type SecureContextOptions,
} from 'node:tls'
import { readNamedFile } from './named-file.ts'
import type { OwnTls, UpstreamTls } from './upstream-settings.ts'

/** What is wrong with the file under that key. */
export interface FileFault {
  readonly key: 'ca' | 'cert' | 'key'
  /** `cannot be read: no such file` */
  readonly text: string
}

/** All that is wrong with the files; empty if they can be used. */
export function faultsOfFiles(tls: OwnTls): FileFault[] {
  const faults = (['ca', 'cert', 'key'] as const).flatMap((key): FileFault[] => {
    const name = tls[key]
    if (name === undefined) return []
    try {
      const text = readNamedFile(name)
      if (key === 'ca' || key === 'cert') certificatesIn(text)
      else createSecureContext({ key: text })
      return []
    } catch (error) {
      return [{ key, text: wordsOf(error as NodeJS.ErrnoException, key) }]
    }
  })
  if (faults.length > 0 || tls.cert === undefined || tls.key === undefined) return faults
  try {
    createSecureContext({ cert: readNamedFile(tls.cert), key: readNamedFile(tls.key) })
    return []
  } catch {
    return [{ key: 'key', text: 'is not the key of that certificate' }]
  }
}

/** What is in the files. Plain data: other threads get it told, for whom the files may be others, or gone. */
export type TlsTexts = { readonly [file in 'ca' | 'cert' | 'key']?: string }

interface Made {
  readonly context: SecureContext
  /** The same object for all who have the same: sent together, it is sent once. */
  readonly texts: TlsTexts
}

/** What was made of which files, since to read everybody's certificates takes milliseconds, and most servers share theirs. */
const made = new Map<string, Made>()
const MOST_KEPT = 64

/** As the files are now. Throws if one cannot be read. */
function textsOf(tls: UpstreamTls): TlsTexts {
  const names = (['ca', 'cert', 'key'] as const).flatMap((file) => {
    const name = tls[file]
    return name === undefined ? [] : [[file, readNamedFile(name)]]
  })
  return Object.fromEntries(names) as TlsTexts
}

/**
 * What connections with these settings are made with. Without texts the files are read now. Throws if one cannot be used.
 */
export function secureContextOf(tls: UpstreamTls, texts = textsOf(tls)): Made {
  const { ca, cert, key } = texts
  const options: SecureContextOptions = {
    minVersion: tls.minVersion === 1.3 ? 'TLSv1.3' : 'TLSv1.2',
  }
  if (ca !== undefined) options.ca = certificatesIn(ca)
  if (cert !== undefined) options.cert = cert
  if (key !== undefined) options.key = key
  const name = JSON.stringify(options)
  const kept = made.get(name)
  if (kept !== undefined) return kept
  options.ca ??= trustedByAll()
  const context = createSecureContext(options)
  if (made.size >= MOST_KEPT) made.clear()
  made.set(name, { context, texts })
  return { context, texts }
}

/** Node's own list, and what the operator has added to the system's: there companies put their own. */
function trustedByAll(): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
}

/** Throws unless there is one at least, and all of them can be read: OpenSSL passes over what it does not understand. */
function certificatesIn(text: string): string[] {
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  if (found.length === 0) throw new RangeError('no certificate')
  return found.map((each) => new X509Certificate(each).toString())
}

function wordsOf({ code, message, syscall }: NodeJS.ErrnoException, key: string): string {
  const reasons: Record<string, string> = {
    ENOENT: 'no such file',
    EISDIR: 'it is a directory',
    EACCES: 'not allowed',
    ENOTREG: message,
    EFBIG: message,
  }
  if (syscall !== undefined) return `cannot be read: ${reasons[code ?? ''] ?? code}`
  return key === 'key' ? 'holds no private key in PEM' : 'holds no certificate in PEM'
}
