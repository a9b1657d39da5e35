import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Balancer } from '../../proxy/core/balancer.ts'
import { Clock } from '../../proxy/core/clock.ts'
import { giveWay } from '../../proxy/core/guarded.ts'
import { Rng } from '../../proxy/core/rng.ts'
import { Reload } from '../../proxy/reload.ts'
import { ROUND_ROBIN } from '../../proxy/strategy-choice.ts'
import { testSettings } from '../support/proxy.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-kept-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('what is kept is what chooses when that is said, if the strategy fails while another is tried', async () => {
  const servers = '[{ id: a, url: "http://127.0.0.1:1" }]'
  writeFileSync(join(folder, 'broken.mjs'), 'export default 3')
  const config = join(folder, 'lb.yaml')
  writeFileSync(config, `servers: ${servers}\nstrategy: ./broken.mjs\n`)
  const said: string[] = []
  const own = { ...ROUND_ROBIN, name: './own.mjs', file: join(folder, 'own.mjs') }
  const settings = testSettings({ servers: ['http://127.0.0.1:1'] })
  const reload = new Reload({ config }, settings, own, (message) => said.push(message))
  const strategy = reload.strategy
  const balancer = new Balancer({ clock: new Clock(0), rng: new Rng(1), strategy })
  const prepare = (): never => expect.unreachable()
  const lastReading = { ok: true, at: 0 }
  const done = reload.reload({
    balancer,
    servers: { settings: settings.servers },
    listener: { reloadCertificates: prepare },
    prepare,
    lastReading,
  })
  await Promise.resolve() // It has begun.
  giveWay(balancer.strategy)
  await done
  expect(said.at(-1)).toMatch(/^kept round_robin: .+broken\.mjs must have a class/)
})
