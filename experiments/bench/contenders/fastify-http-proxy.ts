import { givenPlace, nodeScript, packageVersion, type Contender } from './contender.ts'

/** A plugin: without Fastify's log. */
export const fastifyHttpProxy: Contender = {
  name: '@fastify/http-proxy',
  note: 'nothing else',
  version: () => packageVersion('@fastify/http-proxy'),
  command: (place) => nodeScript(import.meta.filename, place),
}

if (import.meta.main) {
  const { default: fastify } = await import('fastify')
  const { default: proxy } = await import('@fastify/http-proxy')
  const { port, nextOrigin } = givenPlace()
  const server = fastify({ logger: false })
  await server.register(proxy, {
    upstream: '',
    replyOptions: { getUpstream: nextOrigin },
    undici: { connections: 128, pipelining: 1 },
  })
  await server.listen({ port, host: '127.0.0.1', backlog: 1024 })
}
