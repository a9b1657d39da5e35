import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadSettings } from '../../proxy/config.ts'
import { readCertificate } from '../../proxy/tls/certificates.ts'
import { faultsOfFiles } from '../../proxy/tls-files.ts'
import { problems } from '../support/configuration.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
afterAll(() => rmSync(folder, { recursive: true }))

const pipe = join(folder, 'pipe')
execFileSync('mkfifo', [pipe])
const huge = join(folder, 'huge')
writeFileSync(huge, '')
truncateSync(huge, 17 * 1024 * 1024)

const IRREGULAR = 'it is no regular file'

describe('what is no regular file, or is huge, is refused by its name and without reading it', () => {
  test.each([
    ['/dev/zero', IRREGULAR],
    [pipe, IRREGULAR],
    [huge, 'it is larger than 1 MiB'],
  ])('as a certificate: %s', (file, reason) => {
    expect(() => readCertificate({ cert: file, key: file })).toThrow(
      `${file} cannot be read: ${reason}`,
    )
    for (const key of ['ca', 'cert', 'key'] as const) {
      const [fault] = faultsOfFiles({ [key]: file })
      expect(fault).toEqual({ key, text: `cannot be read: ${reason}` })
    }
  })

  test.each([
    ['/dev/zero', IRREGULAR],
    [pipe, IRREGULAR],
    [huge, 'it is larger than 16 MiB'],
  ])('as the configuration: %s', (file, reason) => {
    expect(problems(() => loadSettings({ flags: { config: file } }))).toEqual([
      `cannot read ${file}: ${reason}`,
    ])
  })
})
