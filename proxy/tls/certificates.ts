import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { CertificateSettings, ListenSettings } from '../listen-settings.ts'
import { readNamedFile } from '../named-file.ts'

/** A certificate as it was read. Plain data, so that all threads can use the same. */
export interface Certificate {
  /** PEM: the certificate, then those that vouch for it. */
  readonly cert: string
  readonly key: string
  /** The host names that it is for, in small letters; `*` for one label at the beginning. */
  readonly names: readonly string[]
}

/** By their files: see `filesOf`. */
export type Certificates = ReadonlyMap<string, Certificate>

/** One that cannot be used. */
export class CertificateFault extends Error {
  /** Which of its files it is. */
  readonly of: 'cert' | 'key'

  constructor(of: 'cert' | 'key', message: string) {
    super(message)
    this.name = 'CertificateFault'
    this.of = of
  }
}

export function filesOf({ cert, key }: CertificateSettings): string {
  return `${cert}\0${key}`
}

/** The file of the certificate, in the text that `filesOf` gave. */
export function fileOf(files: string): string {
  return files.slice(0, files.indexOf('\0'))
}

/** Reads what all places need. Throws a `CertificateFault`. */
export function readCertificates(places: readonly ListenSettings[]): Certificates {
  const all = new Map<string, Certificate>()
  for (const { tls } of places) {
    for (const each of tls?.certificates ?? []) all.set(filesOf(each), readCertificate(each))
  }
  return all
}

/** Throws a `CertificateFault`. */
export function readCertificate({ cert, key, names }: CertificateSettings): Certificate {
  const chain = read('cert', cert)
  const secret = read('key', key)
  const certificate = certificateIn(chain, cert)
  if (!certificate.checkPrivateKey(keyIn(secret, key))) {
    throw new CertificateFault('key', `${key} is not the key of ${cert}`)
  }
  return { cert: chain, key: secret, names: names ?? namesOf(certificate) }
}

/** With less than this share of its life left a certificate should have been replaced: the last nine days of ninety. */
const LAST = 0.1

/** What whoever runs the proxy should know of it. `now`: milliseconds since 1970. */
export function doubts({ cert }: Certificate, file: string, now: number): string[] {
  const { validFromDate, validToDate } = new X509Certificate(cert)
  const [from, to] = [validFromDate.getTime(), validToDate.getTime()]
  if (now > to) return [`${file} has expired: it was valid until ${validToDate.toISOString()}`]
  if (to - now < LAST * (to - from))
    return [`${file} expires soon: it is valid until ${validToDate.toISOString()}`]
  if (now < from) return [`${file} is not valid yet, but from ${validFromDate.toISOString()} on`]
  return []
}

const REASONS: Record<string, string> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a directory',
  EACCES: 'not allowed',
}

function read(of: 'cert' | 'key', file: string): string {
  try {
    return readNamedFile(file)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new CertificateFault(of, `${file} cannot be read: ${REASONS[code] ?? message}`)
  }
}

function certificateIn(text: string, file: string): X509Certificate {
  try {
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g) ?? []
    const [first] = blocks.map((block) => new X509Certificate(block))
    if (first !== undefined) return first
  } catch {
    // Told below.
  }
  throw new CertificateFault('cert', `${file} holds no certificate in PEM`)
}

function keyIn(text: string, file: string): KeyObject {
  try {
    return createPrivateKey(text)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const locked = code === 'ERR_MISSING_PASSPHRASE' || /passphrase|interrupted/i.test(message)
    const reason = locked ? 'a key that needs a passphrase' : 'no private key in PEM'
    throw new CertificateFault('key', `${file} holds ${reason}`)
  }
}

/** Its alternative names: the common name has not counted since RFC 9525 (section 2). */
function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  return [...subjectAltName.matchAll(/(?:^|, )DNS:((?:\*\.)?[\w-]+(?:\.[\w-]+)*)(?=,|$)/g)].map(
    ([, name]) => name.toLowerCase(),
  )
}
