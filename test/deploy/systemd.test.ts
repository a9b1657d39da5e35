import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadSettings } from '../../proxy/config.ts'
import { read, ROOT } from './manifests.ts'

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0
if (!hasSystemd)
  console.log('test/deploy: systemd is not installed, so that it does not judge its unit')

const unit = read('deploy/systemd/evenkeel.service')

test('the unit waits for longer than the proxy takes to stop', () => {
  const { settings } = loadSettings({ env: { BACKEND_SERVERS: 'http://127.0.0.1:9001' } })
  const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(unit)!
  expect(Number(seconds) * 1000).toBeGreaterThan(settings.timeouts.stop)
})

test.skipIf(!hasSystemd)('systemd finds nothing wrong with the unit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-unit-'))
  try {
    const file = join(folder, 'evenkeel.service')
    // The programs are where this checkout is.
    const here = unit.replaceAll('/opt/evenkeel/node_modules/.bin/node', process.execPath)
    writeFileSync(file, here.replaceAll('/opt/evenkeel/', ROOT))
    const judged = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' })
    expect([judged.status, judged.stderr]).toEqual([0, ''])
    const args = ['security', '--offline=true', '--threshold=20', file] // 2.0 of 10: little to attack.
    const exposed = spawnSync('systemd-analyze', args, { encoding: 'utf8' })
    expect(exposed.status, exposed.stdout.slice(-200)).toBe(0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
