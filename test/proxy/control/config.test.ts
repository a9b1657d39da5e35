import { expect, it } from 'vitest'
import { withoutSecrets } from '../../../proxy/control/config-routes.ts'
import { useControl } from './scene.ts'

const scene = useControl()

it('shows what holds, with what operators have changed', async () => {
  const { ask } = await scene().start({ timeouts: { total: 1234 } })
  await ask('PATCH', '/servers/b1', { weight: 7 })
  await ask('PUT', '/strategy', 'least_connections')
  const { body, status } = await ask<{
    servers: { weight: number }[]
    strategy: string
    timeouts: { total: number }
  }>('GET', '/config')
  expect(status).toBe(200)
  expect(body.servers[0].weight).toBe(7)
  expect([body.strategy, body.timeouts.total]).toEqual(['least_connections', 1234])
})

it('hides what is secret, wherever it stands', () => {
  const settings = {
    admin: { host: '::1', token: 'a-token-of-some-length' },
    stickiness: { cookie: { name: 'lb', secrets: ['one', 'two'] } },
    servers: [{ url: 'http://a:1' }],
  }
  expect(withoutSecrets(settings)).toEqual({
    admin: { host: '::1', token: '(not shown)' },
    stickiness: { cookie: { name: 'lb', secrets: '(not shown)' } },
    servers: [{ url: 'http://a:1' }],
  })
})
