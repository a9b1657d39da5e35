import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { Program } from '../../support/program.ts'

const ARGS = ['--backend-servers', 'http://127.0.0.1:9', '--no-health', '--access-log', 'off']
const OWN = { HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0' }

it('is where the program says', async () => {
  using program = new Program('proxy/main.ts', ARGS, OWN)
  await program.listening()
  const [{ admin }] = program.messages as { admin: string }[]
  expect(program.stderr).toContain(`, admin at ${admin})`)
  const answer = await fetch(`${admin}/servers/b1`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: '{"state":"drain"}',
  })
  expect(answer.status).toBe(200)
  program.child.kill('SIGTERM')
  expect(await program.exit()).toBe(0)
})

it('is for people where `admin.page` says, and they are sent there', async () => {
  const page = 'https://ops.example.test'
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-page-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const config = join(folder, 'lb.yaml')
  writeFileSync(config, `admin: { port: 0, page: ${page} }`)
  using program = new Program('proxy/main.ts', [...ARGS, '--config', config], OWN)
  const url = await program.listening()
  const answer = await fetch(`${url}/lb/steering`)
  expect(await answer.json()).toEqual({ here: false, page: `${page}/lb/` })
})

it('is nowhere without a token off the loopback: the proxy does not start', async () => {
  using program = new Program('proxy/main.ts', ARGS, { ...OWN, ADMIN_HOST: '0.0.0.0' })
  expect(await program.exit()).toBe(2)
  expect(program.stderr).toContain('ADMIN_HOST must be an address of this machine alone')
})

it('needs its port: the proxy does not start where another has it', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  using program = new Program('proxy/main.ts', ARGS, { ...OWN, ADMIN_PORT: String(port) })
  expect(await program.exit()).toBe(1)
  expect(program.stderr).toContain(
    `the admin API cannot listen on 127.0.0.1:${port} (EADDRINUSE): choose where with ADMIN_HOST and ADMIN_PORT`,
  )
  other.close()
})
