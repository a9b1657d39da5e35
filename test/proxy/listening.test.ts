import { copyFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Authority } from '../support/certificates.ts'
import { Program } from '../support/program.ts'
import { connectTls } from '../support/tls-client.ts'

const authority = await Authority.start()
const good = await authority.issue(['a.test'])
const other = await authority.issue(['other.test'])
const folder = dirname(good.certFile)

let count = 0
function configure(listen: string, more = ''): string {
  const file = join(folder, `lb-${++count}.yaml`)
  writeFileSync(
    file,
    `listen: ${listen}\nservers: [{ url: http://127.0.0.1:9 }]\nhealth: false\naccessLog: off\n${more}`,
  )
  return file
}

describe.each(['1', '2'])('the program, with WORKERS=%s', (WORKERS) => {
  test('names every place where it listens, and the first to its parent', async () => {
    const file = configure(
      `[{ host: "::1", port: 0 }, { host: 127.0.0.1, port: 0, tls: { cert: ${good.certFile}, key: ${good.keyFile} } }, { socket: ./${WORKERS}.sock }]`.replace(
        './',
        `${folder}/`,
      ),
    )
    using program = new Program('proxy/main.ts', ['--config', file], { WORKERS })
    expect(await program.listening()).toMatch(/^http:\/\/\[::1\]:\d+$/)
    expect(program.stderr).toMatch(
      / on http:\/\/\[::1\]:\d+, https:\/\/127\.0\.0\.1:\d+, unix:\/.+\.sock \(process/,
    )
  })

  test('reads certificates anew at SIGHUP, and keeps those that it has where they are bad', async () => {
    const cert = join(folder, `${WORKERS}.crt`)
    const key = join(folder, `${WORKERS}.key`)
    copyFileSync(good.certFile, cert)
    copyFileSync(good.keyFile, key)
    const file = configure(`{ host: 127.0.0.1, port: 0, tls: { cert: ${cert}, key: ${key} } }`)
    using program = new Program('proxy/main.ts', ['--config', file], { WORKERS })
    const port = Number(new URL(await program.listening()).port)
    const namesNow = async (): Promise<string> => {
      const ca = authority.own.cert
      const options = { ca, checkServerIdentity: () => undefined }
      const { client, names } = await connectTls(port, options)
      client.leave()
      return names
    }
    copyFileSync(other.certFile, cert)
    program.child.kill('SIGHUP')
    await program.says(`listen.tls.key must be its key: ${key} is not the key of ${cert}`)
    expect(await namesNow()).toContain('a.test')
    copyFileSync(other.keyFile, key)
    program.child.kill('SIGHUP')
    await program.says('TLS certificates were read anew')
    let names = ''
    while (!names.includes('other.test')) names = await namesNow()
  })
})

test('a place that is taken is told by its key in the list', async () => {
  using first = new Program('proxy/main.ts', [
    '--config',
    configure('{ host: 127.0.0.1, port: 0 }'),
  ])
  const { port } = new URL(await first.listening())
  const file = configure(`[{ host: 127.0.0.1, port: 0 }, { host: 127.0.0.1, port: ${port} }]`)
  using second = new Program('proxy/main.ts', ['--config', file])
  expect(await second.exit()).toBe(1)
  expect(second.stderr).toContain(
    `127.0.0.1:${port} is in use: choose another port with listen[1].port`,
  )
})

test('proxy-behaviour 1, --check reads the certificates', async () => {
  const file = configure(`{ tls: { cert: missing.pem, key: ${good.keyFile} } }`)
  using program = new Program('proxy/main.ts', ['--config', file, '--check'])
  expect(await program.exit()).toBe(2)
  expect(program.stderr).toContain(
    `listen.tls.cert must be a certificate: ${folder}/missing.pem cannot be read: no such file (`,
  )
})
