import { VERSION } from '../admin/version.ts'
import type { Route } from './route.ts'
import { SCHEMAS } from './schemas.ts'

/** What any route may answer. */
const ANYWHERE: Readonly<Record<number, string>> = {
  400: 'Something in the query or the body is wrong: `problems` says what and where.',
  401: 'A token is needed.',
  403: 'This origin, this Host or this strategy is not let in.',
  412: '`If-Match` is not the present ETag.',
  413: 'The body is too large.',
  415: 'The body is not said to be JSON.',
}

/** The API described for programs: OpenAPI 3.1, made of the routes that there are. */
export function openApi(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    paths[route.path] ??= {}
    paths[route.path][route.method.toLowerCase()] = operationOf(route)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Evenkeel admin API', version: VERSION },
    security: [{ token: [] }, {}],
    paths,
    components: {
      schemas: SCHEMAS,
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  }
}

function operationOf(route: Route): object {
  const { answers, body, matches, method, path, query = {}, summary } = route
  const name = path.replace(/\W+(\w)?/g, (_, letter: string = '') => letter.toUpperCase())
  const text = { type: 'string' }
  const parameters = [
    ...(path.includes('{id}') ? [{ name: 'id', in: 'path', required: true, schema: text }] : []),
    ...Object.entries(query).map(([key, description]) => {
      return { name: key, in: 'query', description, schema: text, allowEmptyValue: true }
    }),
    ...(matches === true ? [{ name: 'If-Match', in: 'header', schema: text }] : []),
  ]
  const errors = Object.entries(ANYWHERE).map(([status, description]) => {
    return [status, { description, ...content('Error') }] as const
  })
  const own = Object.entries(answers).map(([status, schema]) => {
    const description = Number(status) < 400 ? 'Done.' : 'Not done: `problems` says why.'
    return [status, { description, ...(schema !== undefined && content(schema)) }] as const
  })
  return {
    operationId: method.toLowerCase() + name,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: { required: true, ...content(body) } }),
    responses: Object.fromEntries([...errors, ...own]),
  }
}

function content(schema: string): object {
  return { content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } }
}
