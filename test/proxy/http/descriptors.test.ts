import { openSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Descriptors, limitOfDescriptors, isOutOfFiles } from '../../../proxy/http/descriptors.ts'

describe('issue 5, faults: the file-descriptor limit', () => {
  test('is said when it is reached, and again only after a minute', () => {
    const said: string[] = []
    let full = true
    const descriptors = new Descriptors(
      (message) => said.push(message),
      () => {
        if (full) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' })
        return openSync('/dev/null', 'r')
      },
    )
    for (let now = 0; now < 50_000; now += 100) descriptors.tick(now)
    expect(said).toEqual([
      'no more files can be opened (EMFILE): new connections are closed; raise the limit (ulimit -n) or set limits.connections',
    ])
    full = false
    for (let now = 50_000; now < 70_000; now += 100) descriptors.tick(now)
    full = true
    for (let now = 70_000; now < 80_000; now += 100) descriptors.tick(now)
    expect(said).toHaveLength(2)
  })

  test('is nobody else’s fault: other errors say nothing of it', () => {
    const said: string[] = []
    const open = (): never => {
      throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    }
    new Descriptors((message) => said.push(message), open).tick(0)
    expect(said).toEqual([])
  })

  test('costs a look a second', () => {
    let looks = 0
    const open = (): number => {
      looks++
      return openSync('/dev/null', 'r')
    }
    const descriptors = new Descriptors(() => expect.unreachable(), open)
    for (let now = 0; now < 10_000; now += 100) descriptors.tick(now)
    expect(looks).toBe(10)
  })

  test.runIf(process.platform === 'linux')('is known', () => {
    expect(limitOfDescriptors()).toBeGreaterThan(0)
  })
})

test.each([
  ['EMFILE', true],
  ['ENFILE', true],
  ['EACCES', false],
])('a file that cannot be opened (%s): out of files %s', (code, out) => {
  const open = (): number => {
    throw Object.assign(new Error(), { code })
  }
  expect([isOutOfFiles(open), isOutOfFiles()]).toEqual([out, false])
})
