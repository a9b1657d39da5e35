import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CHANGE } from '../../../proxy/control/bodies.ts'
import { useControl } from './scene.ts'

const scene = useControl()

interface Document {
  openapi: string
  paths: Record<string, Record<string, { responses: object; requestBody?: object }>>
  components: { schemas: Record<string, { properties?: object; required?: string[] }> }
}

it('describes every route that there is, and no other', async () => {
  const { ask } = await scene().start()
  const { body } = await ask<Document>('GET', '/openapi.json')
  expect(body.openapi).toBe('3.1.0')
  for (const [path, operations] of Object.entries(body.paths)) {
    // What is described is there; what is not is refused, with a list of what is.
    const { headers, status } = await ask('OPTIONS', path.replace('{id}', 'b1'))
    expect(status).toBe(405)
    const allowed = headers.get('allow')!.split(', ')
    const described = Object.keys(operations).map((method) => method.toUpperCase())
    expect(allowed.filter((method) => method !== 'HEAD').toSorted()).toEqual(described.toSorted())
  }
  expect(Object.keys(body.paths).toSorted()).toEqual([
    '/config',
    '/names',
    '/openapi.json',
    '/reload',
    '/requests',
    '/requests/{id}/explain',
    '/servers',
    '/servers/{id}',
    '/strategy',
  ])
})

it('has the routes that the page of the proxy lists, and no other', async () => {
  const { ask } = await scene().start()
  const { body } = await ask<Document>('GET', '/openapi.json')
  const described = Object.entries(body.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const page = readFileSync(new URL('../../../docs/proxy.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| (`(?:GET|PUT|POST|PATCH|DELETE) .+?) \|/gm)]
  const listed = rows.flatMap(([, routes]) => routes.split(', ').map((route) => route.slice(1, -1)))
  expect(listed.map((route) => route.replace('/b1', '/{id}')).toSorted()).toEqual(
    described.toSorted(),
  )
})

it('refers to schemas that there are, and uses all of them', async () => {
  const { ask } = await scene().start()
  const { body } = await ask<Document>('GET', '/openapi.json')
  const used = JSON.stringify(body).matchAll(/#\/components\/schemas\/(\w+)/g)
  expect([...new Set([...used].map(([, name]) => name))].toSorted()).toEqual(
    Object.keys(body.components.schemas).toSorted(),
  )
})

it('describes servers and changes as they are', async () => {
  const { ask } = await scene().start()
  const { schemas } = (await ask<Document>('GET', '/openapi.json')).body.components
  const { body } = await ask('PATCH', '/servers/b1', { state: 'drain' })
  expect(Object.keys(body)).toEqual(Object.keys(schemas['ChangedServer'].properties!))
  expect(Object.keys((await ask('GET', '/servers/b1')).body)).toEqual(schemas['Server'].required)
  expect(Object.keys(schemas['Change'].properties!)).toEqual(Object.keys(CHANGE.shape))
})
