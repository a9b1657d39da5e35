import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { BATCH, FileSink } from '../../../proxy/http/log-sink.ts'
import { RawClient } from '../../support/raw-client.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()
const linux = process.platform === 'linux'
const FULL = { file: '/dev/full' }

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'evenkeel-sink-'))
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}

describe.skipIf(!linux)('a disk that is full', () => {
  test('loses the lines, counts the write that failed, and goes on', async () => {
    const sink = new FileSink(FULL)
    for (let i = 1; i <= 3; i++) {
      sink.add('line\n')
      sink.flush()
      await expect.poll(() => sink.dropped).toBe(i)
    }
    await sink.close(1000)
    expect(sink.dropped).toBe(3)
  })

  test('does not keep a process from ending at once', () => {
    const sink = new FileSink(FULL)
    sink.add('line\n')
    sink.flushNow()
    expect(sink.dropped).toBe(1)
    sink.flushNow() // What could not be written is not tried again.
    expect(sink.dropped).toBe(1)
  })

  test('concerns no request', async () => {
    const { proxy } = await scene.pair({ accessLog: FULL })
    for (let i = 0; i < 3; i++) {
      const answer = await RawClient.exchange(
        proxy.port,
        'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      )
      expect(answer).toMatch(/^HTTP\/1\.1 200 /)
      proxy.advance(200)
    }
  })
})

test('what is written while a write is under way follows it, in order', async () => {
  const file = join(folder(), 'access.log')
  const sink = new FileSink({ file })
  const lines = Array.from({ length: 5000 }, (_, i) => `${i} ${'x'.repeat(40)}\n`)
  for (const line of lines) sink.add(line)
  expect(lines.join('').length).toBeGreaterThan(3 * BATCH)
  await sink.close(5000)
  expect(readFileSync(file, 'latin1')).toBe(lines.join(''))
  expect(sink.dropped).toBe(0)
})

describe.skipIf(!linux)('a reader that does not read', () => {
  /** A pipe, and who may read it: opened at once, since a pipe without a reader cannot be opened for writing. */
  function piped(): { sink: FileSink; reader: Socket } {
    const file = join(folder(), 'pipe')
    expect(spawnSync('mkfifo', [file]).status).toBe(0)
    const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    const reader = new Socket({ fd, readable: true, writable: false })
    onTestFinished(() => void reader.destroy())
    return { reader: reader.pause(), sink: new FileSink({ file }) }
  }

  test('is waited for no longer than the patience, and gets the rest when it reads', async () => {
    const { reader, sink } = piped()
    const lines = `${'x'.repeat(99)}\n`.repeat(4000)
    sink.add(lines)
    await sink.close(20)
    let text = ''
    for await (const piece of reader) text += String(piece)
    expect(text).toBe(lines)
    expect(sink.dropped).toBe(0)
  })

  test('has what exceeds 16 MiB dropped, and it is counted', async () => {
    const { reader, sink } = piped()
    const lines = `${'x'.repeat(1023)}\n`.repeat(1024)
    for (let i = 0; i < 20; i++) sink.add(lines)
    expect(sink.dropped).toBe(2)
    let bytes = 0
    reader.on('data', (piece) => (bytes += piece.length)).resume()
    const ended = once(reader, 'end')
    await sink.close(5000)
    await ended
    expect(bytes).toBe(18 * lines.length)
  })
})
