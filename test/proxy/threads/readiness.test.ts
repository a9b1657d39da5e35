import { describe, expect, test } from 'vitest'
import type { Change } from '../../../proxy/change.ts'
import type { FromWorker } from '../../../proxy/threads/messages.ts'
import { Readiness } from '../../../proxy/threads/readiness.ts'

/** A thread whose changes get ready when the test says so. */
function thread() {
  const done: string[] = []
  const posted: FromWorker[] = []
  const changes: PromiseWithResolvers<Change>[] = []
  const proxy = {
    prepare: () => {
      const change = Promise.withResolvers<Change>()
      changes.push(change)
      return change.promise
    },
  }
  const readiness = new Readiness(proxy as never, 0, 2, (message) => void posted.push(message))
  const prepare = (turn: number) =>
    readiness.prepare({ turn, settings: undefined, office: undefined })
  const ready = (turn: number): void => {
    const commit = (): void => void done.push(`commit ${turn}`)
    const cancel = (): void => void done.push(`cancel ${turn}`)
    changes[turn - 1].resolve({ commit, cancel })
  }
  return { changes, done, posted, prepare, readiness, ready }
}

describe('issue 5, threads: all change, or none', () => {
  test.each([true, false])('what is ready waits for the decision (%s)', async (commit) => {
    const { done, prepare, readiness, ready } = thread()
    const prepared = prepare(1)
    ready(1)
    await prepared
    expect(done).toEqual([])
    readiness.decide(1, commit)
    expect(done).toEqual([commit ? 'commit 1' : 'cancel 1'])
  })

  test.each([true, false])('a decision waits for what is not ready (%s)', async (commit) => {
    const { done, prepare, readiness, ready } = thread()
    const prepared = prepare(1)
    readiness.decide(1, commit)
    expect(done).toEqual([])
    ready(1)
    await prepared
    expect(done).toEqual([commit ? 'commit 1' : 'cancel 1'])
  })

  test('one that was given up, and gets ready late, takes nobody else away', async () => {
    const { done, posted, prepare, readiness, ready } = thread()
    const first = prepare(1)
    readiness.decide(1, false)
    const second = prepare(2)
    ready(2)
    await second
    ready(1)
    await first
    readiness.decide(2, true)
    expect(done).toEqual(['cancel 1', 'commit 2'])
    const turns = posted.map((message) => message.type === 'prepared' && message.turn)
    expect(turns).toEqual([2, 1])
  })

  test('one that cannot be got ready is told of, and ends the thread once all others have made it', async () => {
    const { changes, posted, prepare, readiness } = thread()
    const first = prepare(1)
    changes[0].reject(new RangeError('no room'))
    await first
    expect(posted).toEqual([{ type: 'prepared', turn: 1, problem: 'no room' }])
    const second = prepare(2)
    readiness.decide(2, true)
    changes[1].reject(new RangeError('no room'))
    await expect(second).rejects.toThrow('no room')
  })
})
