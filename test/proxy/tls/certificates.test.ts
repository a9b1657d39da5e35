import { copyFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { loadSettings } from '../../../proxy/config.ts'
import { readCertificate } from '../../../proxy/tls/certificates.ts'
import { Expiry } from '../../../proxy/tls/expiry.ts'
import { Authority } from '../../support/certificates.ts'
import { problems } from '../../support/configuration.ts'
import { useScene } from '../../support/scene.ts'
import { connectTls, sessionOf } from '../../support/tls-client.ts'

const scene = useScene()
const authority = await Authority.start()
const good = await authority.issue(['a.test', '*.b.test', '127.0.0.1'])
const other = await authority.issue(['other.test'])
const renewed = await authority.issue(['a.test'], 300)
const expired = await authority.issue(['late.test'], -1)
const none = authority.file('none.pem', 'nothing')
const half = authority.file('half.pem', good.cert.slice(0, 200))
const broken = authority.file(
  'broken.pem',
  '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
)
const chain = authority.file('chain.pem', good.cert + authority.own.cert)
const locked = authority.file(
  'locked.pem',
  createPrivateKey(good.key).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'secret',
  }),
)
const folder = dirname(good.certFile)
const missing = `${folder}/missing.pem`
const ANYWHERE = { host: '127.0.0.1', port: 0 }

/** As if the text were in lb.yaml, beside the certificates. */
function load(text: string) {
  const name = `${folder}/lb.yaml`
  const file = `servers: [{ url: http://127.0.0.1:9001 }]\n${text}`
  return loadSettings({ flags: { config: name }, readFile: () => file })
}

describe('proxy-behaviour 1, --check: certificates', () => {
  test('have the names that are in them, in small letters, and no addresses', () => {
    const { certFile: cert, keyFile: key } = good
    expect(readCertificate({ cert, key }).names).toEqual(['a.test', '*.b.test'])
  })

  test.each([
    [
      'a file that is not there',
      missing,
      good.keyFile,
      'cert',
      `${missing} cannot be read: no such file`,
    ],
    ['a folder', folder, good.keyFile, 'cert', `${folder} cannot be read: it is a directory`],
    ['nothing in it', none, good.keyFile, 'cert', `${none} holds no certificate in PEM`],
    ['half of it', half, good.keyFile, 'cert', `${half} holds no certificate in PEM`],
    ['nonsense in it', broken, good.keyFile, 'cert', `${broken} holds no certificate in PEM`],
    ['no key', good.certFile, missing, 'key', `${missing} cannot be read: no such file`],
    [
      'something else than a key',
      good.certFile,
      none,
      'key',
      `${none} holds no private key in PEM`,
    ],
    ['a locked key', good.certFile, locked, 'key', `${locked} holds a key that needs a passphrase`],
    [
      "another's key",
      good.certFile,
      other.keyFile,
      'key',
      `${other.keyFile} is not the key of ${good.certFile}`,
    ],
  ] as const)('cannot be used: %s', (_name, cert, key, of, message) => {
    const rule = of === 'cert' ? 'must be a certificate' : 'must be its key'
    const column = of === 'cert' ? 24 : 24 + cert.length + 7
    const inPlace = problems(() => load(`listen: { tls: { cert: ${cert}, key: ${key} } }`))
    expect(inPlace).toEqual([
      `listen.tls.${of} ${rule}: ${message} (${folder}/lb.yaml:2:${column})`,
    ])
  })

  test('are told by their place in a list', () => {
    const pair = `cert: ${good.certFile}, key: ${good.keyFile}`
    const [first, second] = problems(() =>
      load(
        `listen:\n  - { port: 1 }\n  - port: 2\n    tls:\n      ${pair.replace(', ', '\n      ')}\n` +
          `      certificates:\n        - { ${pair} }\n        - { cert: missing.pem, key: x }\n` +
          `  - { port: 3, tls: { certificates: [{ cert: missing.pem, key: x }] } }\n`,
      ),
    )
    expect(first).toContain(
      `listen[1].tls.certificates[1].cert must be a certificate: ${missing} cannot be read: no such file (`,
    )
    expect(second).toContain(`listen[2].tls.certificates[0].cert must be a certificate: ${missing}`)
  })

  test('begin where the file is, and may bring those who vouch for them', () => {
    const { settings, warnings } = load(
      `listen: { tls: { cert: chain.pem, key: ./${good.keyFile.slice(folder.length + 1)} } }`,
    )
    expect(settings.listen).toEqual([
      {
        host: '0.0.0.0',
        port: 8080,
        proxyProtocol: false,
        tls: {
          certificates: [{ cert: chain, key: good.keyFile }],
          minVersion: '1.2',
          http2: true,
        },
      },
    ])
    expect(warnings).toEqual([])
  })

  test('that have expired are used, and warned of', () => {
    const { warnings } = load(
      `listen: { tls: { cert: ${expired.certFile}, key: ${expired.keyFile} } }`,
    )
    expect(warnings).toEqual([
      expect.stringMatching(/late\.test-\d+\.crt has expired: it was valid until 2/),
    ])
  })

  test('that expire while the proxy runs are warned of, before and then, until others are read', async () => {
    const { settings } = load(`listen: { tls: { cert: ${good.certFile}, key: ${good.keyFile} } }`)
    const { proxy } = await scene.pair({ listen: [{ ...settings.listen[0], ...ANYWHERE }] })
    const { validFromDate, validToDate } = new X509Certificate(good.cert)
    const [from, to] = [validFromDate.getTime(), validToDate.getTime()]
    const said: string[] = []
    const { listener } = proxy.proxy
    const expiry = new Expiry(
      () => listener.certificates,
      (doubt) => said.push(doubt),
      from,
    )
    expiry.look(to - 0.11 * (to - from))
    expect(said).toEqual([])
    for (const at of [to - 0.09 * (to - from), to, to + 1, to + 2]) expiry.look(at)
    expect(said).toEqual([
      expect.stringMatching(/\.crt expires soon: it is valid until 2/),
      expect.stringMatching(/\.crt has expired: it was valid until 2/),
    ])

    // It is about what is shown, which a renewed file alone does not change.
    const [files] = listener.certificates.keys()
    listener.useCertificates(
      new Map([[files, readCertificate({ cert: renewed.certFile, key: renewed.keyFile })]]),
    )
    expiry.look(to + 3)
    expect(said).toHaveLength(2)
  })

  test('may have keys of elliptic curves', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const key = authority.file('ec.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }))
    // It is read as a key; that it is not this certificate's is the fault.
    expect(() => readCertificate({ cert: good.certFile, key })).toThrow(/is not the key of/)
  })
})

describe('issue 5, TLS: certificates are read anew without a restart', () => {
  const cert = authority.file('live.crt', good.cert)
  const key = authority.file('live.key', good.key)
  const certificates = [{ cert, key }]
  const tls = { certificates, minVersion: '1.2' as const, http2: true }
  const place = { host: '127.0.0.1', port: 0, proxyProtocol: false, tls }
  const ca = authority.own.cert
  const checkServerIdentity = () => undefined

  function put({ certFile, keyFile }: { certFile: string; keyFile: string }): void {
    copyFileSync(certFile, cert)
    copyFileSync(keyFile, key)
  }

  test('new handshakes get the new one, and connections and sessions stay', async () => {
    put(good)
    const { proxy } = await scene.pair({ listen: [place] })
    const before = await connectTls(proxy.port, { ca, checkServerIdentity })
    const session = await sessionOf(before)
    put(other)
    proxy.proxy.listener.reloadCertificates()
    for (const servername of ['a.test', 'other.test', '']) {
      const after = await connectTls(proxy.port, { ca, checkServerIdentity, servername })
      expect(after.names).toBe('DNS:other.test')
      after.client.leave()
    }
    const again = await connectTls(proxy.port, { ca, checkServerIdentity, session })
    expect(again.socket.isSessionReused()).toBe(true)
    again.client.leave()
    before.client.text = ''
    before.client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await before.client.receive('\r\n\r\nok')
    before.client.leave()
  })

  test.each([
    ['a key of another', () => copyFileSync(other.keyFile, key), /live\.key is not the key of/],
    ['half a file', () => writeFileSync(cert, good.cert.slice(0, 99)), /live\.crt holds no/],
  ])('%s changes nothing, and the file is named', async (_name, spoil, message) => {
    put(good)
    const { proxy } = await scene.pair({ listen: [place] })
    spoil()
    expect(() => proxy.proxy.listener.reloadCertificates()).toThrow(message)
    const { client, names } = await connectTls(proxy.port, { ca })
    client.leave()
    expect(names).toContain('a.test')
  })
})
