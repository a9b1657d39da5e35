import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCA, createCert } from 'mkcert'
import { afterAll } from 'vitest'

/** A certificate with its key, in PEM and as files. */
export class Certificate {
  readonly cert: string
  readonly key: string
  readonly certFile: string
  readonly keyFile: string

  constructor(folder: string, name: string, { cert, key }: { cert: string; key: string }) {
    this.cert = cert
    this.key = key
    this.certFile = join(folder, `${name}.crt`)
    this.keyFile = join(folder, `${name}.key`)
    writeFileSync(this.certFile, cert)
    writeFileSync(this.keyFile, key)
  }
}

/** Issues certificates, as files that go with the test file. */
export class Authority {
  private readonly folder = mkdtempSync(join(tmpdir(), 'evenkeel-certificates-'))
  readonly own: Certificate
  private count = 0

  private constructor(pair: { cert: string; key: string }) {
    this.own = new Certificate(this.folder, 'authority', pair)
    afterAll(() => rmSync(this.folder, { recursive: true }))
  }

  /** To be called while a test file is collected. */
  static async start(organization = 'Evenkeel Tests'): Promise<Authority> {
    const subject = { organization, countryCode: 'XX', state: '-', locality: '-' }
    return new Authority(await createCA({ ...subject, validity: 30 }))
  }

  /** The first domain is its name; days below 0: expired. */
  async issue(domains: string[], days = 30): Promise<Certificate> {
    const { cert, key } = this.own
    const pair = await createCert({ ca: { cert, key }, domains, validity: days })
    return new Certificate(this.folder, `${domains[0]}-${++this.count}`, pair)
  }

  /** A file in the same folder. */
  file(name: string, text: string): string {
    const path = join(this.folder, name)
    writeFileSync(path, text)
    return path
  }
}
