import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readTrace } from '../../../simulator/trace/reader.ts'
import { RawClient } from '../../support/raw-client.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()
const close = 'Connection: close\r\n\r\n'

test('what our proxy logs is a trace, with the key that it balanced by', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  scene.atEnd(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'access.log')
  const servers = [await scene.deadUrl(), (await scene.backend()).url]
  const { port, proxy } = await scene.proxy({ servers, accessLog: { file }, seed: 3 })
  for (const request of [
    `GET /a?b HTTP/1.1\r\nHost: shop\r\n${close}`,
    `GET /c%e4 HTTP/1.1\r\nHost: shop\r\n${close}`,
    `no request at all\r\n\r\n`,
  ]) {
    await RawClient.exchange(port, request)
  }
  await proxy.stop()
  const text = readFileSync(file, 'latin1')
  const { entries, report } = readTrace(text)
  expect(report).toMatchObject({ format: 'evenkeel', bad: 0, skipped: 1, clock: 'time' })
  const logged = text
    .split('\n')
    .slice(0, 2)
    .map((line) => JSON.parse(line) as { key: number; bytes_out: number; attempts: Attempt[] })
  entries.forEach((entry, i) => {
    const { attempts, bytes_out: bytes, key } = logged[i]
    const { connect, total } = attempts.at(-1)!
    expect(entry).toMatchObject({ method: 'GET', status: 200, bytes, key: String(key) })
    expect(entry.work).toBeCloseTo(total - connect, 6)
  })
  expect(entries.map(({ path }) => path)).toEqual(['/a?b', '/c%e4'])
})

interface Attempt {
  connect: number
  total: number
}

test('the work is from when the server had the request, and none if none had it', () => {
  const line =
    '{"time":"2026-11-24T08:50:00.125Z","method":"GET","target":"/","status":503,"bytes_out":80,"key":7,"attempts":[]}'
  const refused = line
    .replace('[]', '[{"server":"b1","outcome":"refused","connect":-1,"total":1.5}]')
    .replace('00.125', '00.000')
  const served = line.replace('[]', '[{"server":"b2","outcome":"ok","connect":2,"total":7.5}]')
  expect(readTrace(served).entries[0].work).toBe(5.5)
  const { entries, report } = readTrace(`${line}\n${refused}\n{"time":"soon","attempts":[]}\n`)
  expect(entries.map(({ t, work }) => [t, work])).toEqual([
    [0, undefined],
    [-125, undefined],
  ])
  expect(report).toMatchObject({ bad: 1, badTimes: 1, backwardSteps: 1 })
})
