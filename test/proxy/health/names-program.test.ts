import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { NameServer } from '../../support/name-server.ts'
import { Program } from '../../support/program.ts'
import { RecordingBackend } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

vi.setConfig({ testTimeout: 60_000 })

const scene = useScene()
let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'evenkeel-names-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Listed {
  servers: { id: string; status: string }[]
}

describe.each(['1', '2'])('proxy-behaviour 2, DNS discovery with WORKERS=%s', (WORKERS) => {
  test('the program finds servers before it listens, and lets them come and go in all threads', async () => {
    const dns = await NameServer.start()
    scene.atEnd(() => dns.stop())
    const first = await RecordingBackend.start()
    const second = await RecordingBackend.start(first.behaviour, first.port, undefined, '127.0.0.2')
    scene.atEnd(() => first.stop())
    scene.atEnd(() => second.stop())
    dns.has('app.test', ['127.0.0.1'], 1)
    const file = join(folder, 'lb.yaml')
    const write = (name: string): void =>
      writeFileSync(
        file,
        `
listen: { host: 127.0.0.1, port: 0 }
servers: [{ url: http://${name}:${first.port}, resolve: dns }]
dns: { servers: ["${dns.place}"], minTtl: 100ms }
health: { path: /, interval: 100ms }
accessLog: off`,
      )
    write('app.test')
    const env = { WORKERS, ADMIN_PORT: '0' }
    using program = new Program('proxy/main.ts', ['--config', file], env)
    const url = await program.listening()
    const { admin } = program.messages[0] as { admin: string }
    const get = async (): Promise<number> => {
      const answer = await fetch(url, { headers: { connection: 'close' } })
      await answer.text()
      return answer.status
    }
    const list = async (): Promise<Listed['servers']> =>
      ((await (await fetch(`${admin}/servers`)).json()) as Listed).servers
    expect(await get()).toBe(200)
    expect(program.stderr).toContain('round_robin over the servers of app.test')
    const ids = [`app.test-127.0.0.1:${first.port}`, `app.test-127.0.0.2:${first.port}`]
    expect((await list()).map(({ id }) => id)).toEqual([ids[0]])

    dns.has('app.test', ['127.0.0.1', '127.0.0.2'], 1)
    await program.says(`app.test now has 127.0.0.2:${first.port}`)
    while ((await list())[1].status !== 'up') expect(await get()).toBe(200)
    const requested = (): boolean => /^GET \/ HTTP\/1\.1\r\n(?!.*check)/.test(second.text)
    while (!requested()) expect(await get()).toBe(200)

    dns.has('app.test', ['127.0.0.2'], 1)
    await program.says(`app.test no longer has 127.0.0.1:${first.port}`)
    await first.stop()
    for (let i = 0; i < 20; i++) expect(await get()).toBe(200)
    expect((await list()).map(({ id }) => id)).toEqual([ids[1]])

    dns.says('app.test', { code: 'SERVFAIL' })
    await program.says('warning: app.test does not resolve (SERVFAIL): its server stays for now')
    expect(await (await fetch(`${admin}/names`)).json()).toEqual({
      names: [{ name: 'app.test', resolve: 'dns', servers: 1, trouble: 'SERVFAIL' }],
    })
    expect(await get()).toBe(200)

    dns.has('other.test', ['127.0.0.2'])
    write('other.test')
    program.child.kill('SIGHUP')
    while (!program.stderr.includes('other.test now has')) expect(await get()).toBe(200)
    await program.says(`app.test no longer has 127.0.0.2:${first.port}`)
    expect((await list()).map(({ id }) => id)).toEqual([`other.test-127.0.0.2:${first.port}`])
    expect(await get()).toBe(200)
    program.child.kill('SIGTERM')
    expect(await program.exit()).toBe(0)
  })
})
