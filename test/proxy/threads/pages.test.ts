import { expect, test, vi } from 'vitest'
import type { Past } from '../../../proxy/core/compact-row.ts'
import { Program } from '../../support/program.ts'
import { RecordingBackend } from '../../support/recording-backend.ts'

vi.setConfig({ testTimeout: 30_000 })

test('the admin port shows the same as the threads do, and both know what was before', async () => {
  const backend = await RecordingBackend.start()
  const env = {
    BACKEND_SERVERS: `${backend.url},${backend.url}`,
    HOST: '127.0.0.1',
    PORT: '0',
    ADMIN_PORT: '0',
    HEALTH_CHECKS: 'off',
    WORKERS: '2',
  }
  const proxy = new Program('proxy/main.ts', ['--access-log', 'off'], env)
  try {
    const url = await proxy.listening()
    const { admin } = proxy.messages[0] as { admin: string }
    const ask = async <T>(from: string, path: string): Promise<T> =>
      (await (await fetch(`${from}/lb/${path}`)).json()) as T
    for (let i = 0; i < 10; i++) await (await fetch(url)).text()
    const last = async (from: string): Promise<Past> => ask(from, 'history')
    await expect
      .poll(async () => {
        const { rows } = await last(admin)
        return rows.reduce((sum, row) => sum + row[8].reduce((all, [, picks]) => all + picks, 0), 0)
      })
      .toBe(10)
    const here = await last(admin)
    const there = await last(url)
    expect(there.startedAt).toBe(here.startedAt)
    expect(there.rows.slice(0, here.rows.length)).toEqual(here.rows)
    expect(await ask(admin, 'stats')).toMatchObject({ total: { requests: 10 } })
    expect(await ask(url, 'steering')).toEqual({ here: false, page: `${admin}/lb/` })
    expect(await ask(admin, 'steering')).toEqual({ here: true, token: false })
  } finally {
    proxy.child.kill('SIGKILL')
    await proxy.exit()
    await backend.stop()
  }
})
