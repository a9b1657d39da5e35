import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { answering, OK } from '../../support/recording-backend.ts'
import { useControl } from './scene.ts'

const scene = useControl()
const TOKEN = 'a-token-of-some-length'
const authorization = `Bearer ${TOKEN}`

it('changes the strategy while a request is under way', async () => {
  const { ask, backend, proxy } = await scene().start()
  expect((await ask('GET', '/strategy')).body).toEqual({
    strategy: 'round_robin',
    spec: 'round_robin',
  })
  backend.behaviour = () => {}
  const slow = fetch(proxy.url)
  await backend.until(() => proxy.inflight === 1)
  expect(await ask('PUT', '/strategy', 'leastconn')).toMatchObject({
    status: 200,
    body: {
      strategy: 'least_connections',
      said: ['strategy is now least_connections, and was round_robin'],
    },
  })
  expect(proxy.proxy.balancer.strategy.name).toBe('least_connections')
  expect(proxy.inflight).toBe(1)
  backend.behaviour = answering(OK)
  backend.connections[0].socket.write(OK)
  expect((await slow).status).toBe(200)
  const options = { name: 'power_of_two', choices: 3 }
  expect((await ask('PUT', '/strategy', options)).body).toMatchObject({
    strategy: 'power_of_two (choices: 3)',
  })
})

it('changes only what a client has seen, if it says so', async () => {
  const { ask } = await scene().start()
  const seen = (await ask('GET', '/strategy')).headers.get('etag')!
  expect((await ask('PUT', '/strategy', 'random', { 'if-match': seen })).status).toBe(200)
  expect((await ask('PUT', '/strategy', 'first', { 'if-match': seen })).status).toBe(412)
  expect((await ask('GET', '/strategy')).body).toEqual({ strategy: 'random', spec: 'random' })
})

it.each([
  ['rond_robin', 'strategy must be one of'],
  [
    { name: 'power_of_two', choses: 3 },
    'strategy.choses is not an option of power_of_two: did you mean choices?',
  ],
  [7, 'strategy must be a name, a file or a mapping, got 7'],
])('refuses %j, and says why', async (body, problem) => {
  const { ask } = await scene().start()
  const answer = await ask<{ problems: string[] }>('PUT', '/strategy', body)
  expect(answer.status).toBe(400)
  expect(answer.body.problems[0]).toContain(problem)
})

it('loads a file for who has shown a token, after it was tried, and for nobody else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-control-'))
  const file = join(folder, 'own.ts')
  const good =
    'export default class { name = "own"; update(s) { this.s = s } pick() { return this.s[0] } settled() {} }'
  try {
    writeFileSync(file, good)
    const open = await scene().start()
    expect(await open.ask('PUT', '/strategy', file)).toMatchObject({
      status: 403,
      body: { error: 'files_need_a_token' },
    })
    const { ask, proxy } = await scene().start({}, { token: TOKEN })
    expect((await ask('PUT', '/strategy', file, { authorization })).status).toBe(200)
    expect(proxy.proxy.balancer.strategy.name).toBe('own')
    writeFileSync(file, good.replace('return this.s[0]', 'throw new Error("no")'))
    const refused = await ask<{ problems: string[] }>('PUT', '/strategy', file, { authorization })
    expect(refused).toMatchObject({ status: 409, body: { error: 'kept' } })
    expect(refused.body.problems.join('\n')).toContain('no')
    expect(proxy.proxy.balancer.strategy.name).toBe('own')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('reads the configuration again, which has the last word if it says something new', async () => {
  const { ask, proxy, said } = await scene().start()
  const reload = () => ask<{ strategy: string; said: string[] }>('POST', '/reload')
  await ask('PUT', '/strategy', 'least_connections')
  // It was started with another strategy than the configuration has now.
  const { body, status } = await reload()
  expect([status, body.strategy]).toEqual([200, 'random'])
  expect(body.said.at(-1)).toBe('strategy is now random, and was least_connections')
  expect(said).toContain(body.said.at(-1))
  await ask('PUT', '/strategy', 'first')
  const again = (await reload()).body
  expect(again.strategy).toBe('first')
  expect(again.said.at(-1)).toBe(
    'kept first: it was chosen since, and the configuration says what it said before',
  )
  expect(proxy.proxy.balancer.strategy.name).toBe('first')
})

it('is never done by GET', async () => {
  const { ask } = await scene().start()
  expect((await ask('GET', '/reload')).status).toBe(405)
})
