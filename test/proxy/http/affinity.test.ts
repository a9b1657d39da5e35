import { describe, expect, test } from 'vitest'
import { STRATEGIES } from '../../../proxy/strategies/index.ts'
import { RawClient } from '../../support/raw-client.ts'
import { answering } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()
const CLIENTS = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus', 'hal', 'ida', 'joe', 'kim', 'lea']

/** Three servers that answer with their letter. */
async function letters(): Promise<string[]> {
  const backends = ['a', 'b', 'c'].map((letter) =>
    scene.backend(answering(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${letter}`)),
  )
  return (await Promise.all(backends)).map(({ url }) => url)
}

/** The letter of who answered, for a client on a connection of its own. */
async function servedBy(port: number, field: string): Promise<string> {
  const request = `GET / HTTP/1.1\r\nHost: a\r\n${field}Connection: close\r\n\r\n`
  return (await RawClient.exchange(port, request)).at(-1)!
}

const keyed = STRATEGIES.filter((strategy) => strategy.keyed)

describe.each(keyed.map(({ name }) => name))('with %s and no access log', (strategy) => {
  test('requests with the same client field meet the same server, others another one', async () => {
    const servers = await letters()
    const proxy = await scene.proxy({ servers, strategy, affinity: { header: 'x-client' } })
    const homes: string[] = []
    for (const client of CLIENTS) {
      const answers: string[] = []
      for (let i = 0; i < 3; i++)
        answers.push(await servedBy(proxy.port, `X-Client: ${client}\r\n`))
      expect(new Set(answers).size).toBe(1)
      homes.push(answers[0])
    }
    expect(new Set(homes).size).toBe(3)
    const again = await scene.proxy({
      servers,
      strategy,
      affinity: { header: 'x-client' },
      seed: 2,
    })
    expect(await servedBy(again.port, 'x-client: ann\r\n')).toBe(homes[0])
  })

  test('by address, all requests of one client meet the same server, whatever they say', async () => {
    const proxy = await scene.proxy({ servers: await letters(), strategy })
    const answers: string[] = []
    for (const client of CLIENTS)
      answers.push(await servedBy(proxy.port, `X-Client: ${client}\r\n`))
    expect(new Set(answers).size).toBe(1)
  })
})
