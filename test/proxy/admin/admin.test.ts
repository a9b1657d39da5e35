import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RecordingDownstream } from '../../support/recording-downstream.ts'
import { Scene } from './scene.ts'

let scene: Scene

beforeEach(() => {
  scene = new Scene()
})

afterEach(() => scene.admin.close())

describe('the prefix', () => {
  test.each(['/lb', '/lb/', '/lb?x', '/lb/stats', '/lb/stats?x=1', '/lb/no/such', '/lb//'])(
    '%s is for the eyes',
    (target) => expect(scene.admin.handles(target)).toBe(true),
  )

  test.each([
    '/',
    '*',
    '',
    '/l',
    '/lbx',
    '/lb-2/stats',
    '/LB/',
    '/%6cb/',
    '/x/lb/',
    '//lb/',
    '/?/lb/',
  ])('%s is for a server', (target) => expect(scene.admin.handles(target)).toBe(false))

  test('without a slash it leads to the page, question and all', () => {
    const request = scene.ask('/lb')
    expect(request.status).toBe(308)
    expect(request.answer.get('location')).toBe('/lb/')
    expect(scene.ask('/lb?a=b').answer.get('location')).toBe('/lb/?a=b')
  })
})

const PATHS = ['/lb', '/lb/', '/lb/lab.html', '/lb/stats', '/lb/health', '/lb/ready', '/lb/no']

describe('every answer', () => {
  test.each(PATHS)('says its length and its type: %s', (path) => {
    const request = scene.ask(path)
    expect(request.ended).toBe(true)
    expect(request.answer.get('content-length')).toBe(String(Buffer.byteLength(request.text)))
    expect(request.answer.get('content-type')).toMatch(/^[a-z]+\/[a-z]+; charset=utf-8$/)
    expect(request.answer.get('x-content-type-options')).toBe('nosniff')
    expect(request.reason).not.toBe('')
  })

  test.each([...PATHS, '/lb/metrics'])('to HEAD is the same without its body: %s', async (path) => {
    const get = scene.ask(path)
    const head = scene.ask(path, 'HEAD')
    await Promise.all([get.whole, head.whole])
    expect(head.status).toBe(get.status)
    expect(head.text).toBe('')
    expect([...head.answer.keys()]).toEqual([...get.answer.keys()])
  })

  test.each(['/lb', '/lb/stats', '/lb/metrics', '/lb/health', '/lb/ready', '/lb/no'])(
    'is kept by nobody: %s',
    async (path) => {
      const request = scene.ask(path)
      await request.whole
      expect(request.answer.get('cache-control')).toBe('no-store')
    },
  )

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'get'])('to %s is 405', (method) => {
    for (const path of ['/lb', '/lb/', '/lb/stats', '/lb/events']) {
      const request = scene.ask(path, method)
      expect(request.status).toBe(405)
      expect(request.answer.get('allow')).toBe('GET, HEAD')
    }
  })

  test('throws the body of its request away', () => {
    for (const [method, path] of [
      ['POST', '/lb/stats'],
      ['GET', '/lb/health'],
      ['GET', '/lb/events'],
    ]) {
      const request = new RecordingDownstream(path, method, [], true)
      scene.admin.handle(request)
      expect(request.discarded).toBe(true)
    }
  })
})

test.each(['/lb/no', '/lb//', '/lb/stats/', '/lb/../etc/passwd', '/lb/%73tats', '/lb/lab.html/'])(
  '%s does not exist',
  (path) => {
    const request = scene.ask(path)
    expect(request.status).toBe(404)
    expect(request.json).toEqual({ error: 'not_found' })
  },
)

test('health is ok as long as somebody can answer', () => {
  for (const server of scene.balancer.servers) scene.balancer.setHealthy(server, false)
  scene.sources.stopping = true
  const request = scene.ask('/lb/health')
  expect(request.status).toBe(200)
  expect(request.json).toEqual({ status: 'ok' })
})

describe('ready', () => {
  test('is yes while some server may get a request', () => {
    scene.balancer.setHealthy(scene.server('b1'), false)
    const request = scene.ask('/lb/ready?verbose')
    expect(request.status).toBe(200)
    expect(request.json).toEqual({ status: 'ready' })
  })

  test('is no without an eligible server, and yes again with one', () => {
    scene.balancer.setHealthy(scene.server('b1'), false)
    scene.balancer.setAdmin(scene.server('b2'), 'drain')
    const request = scene.ask('/lb/ready')
    expect(request.status).toBe(503)
    expect(request.json).toEqual({ status: 'not ready', reason: 'no eligible server' })
    scene.balancer.setAdmin(scene.server('b2'), 'ready')
    expect(scene.ask('/lb/ready').status).toBe(200)
  })

  test('is no while the proxy stops', () => {
    scene.sources.stopping = true
    scene.admin.close()
    const request = scene.ask('/lb/ready')
    expect(request.status).toBe(503)
    expect(request.json).toEqual({ status: 'not ready', reason: 'stopping' })
  })
})

test.each(['/lb/stats', '/lb/metrics'])(
  '%s is made anew each time, but not in a flood',
  async (path) => {
    const texts: string[] = []
    const ask = async (): Promise<string> => {
      scene.serve(5)
      const request = scene.ask(path)
      await request.whole
      return request.text
    }
    for (let i = 0; i < 20; i++) texts.push(await ask())
    expect(new Set(texts).size).toBe(20)
    for (let i = 0; i < 50; i++) expect(await ask()).toBe(texts[19])
    scene.clock.now += 100
    expect(await ask()).not.toBe(texts[19])
    scene.clock.now += 1000
    expect(await ask()).not.toBe(await ask())
  },
)
