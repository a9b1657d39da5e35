import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Job, ServerModel, type ServerModelOptions } from '../../simulator/server-model.ts'

function arrivals(model: ServerModel<string>, names: string): Job<string>[] {
  return names.split('').map((name) => {
    const job = new Job(name)
    model.arrive(job, 0)
    return job
  })
}

describe('a server', () => {
  test('serves as many as it has workers, lets as many wait as fit, and refuses the rest', () => {
    const model = new ServerModel<string>({ concurrency: 2, queue: 1 })
    const places = arrivals(model, 'abcd').map((job) => job.place)
    expect(places).toEqual(['serving', 'serving', 'queued', 'outside'])
    expect(model).toMatchObject({ arrived: 4, serving: 2, queued: 1, refused: 1 })
  })

  test('serves first come first, and notes when each service begins', () => {
    const model = new ServerModel<string>({ concurrency: 1 })
    const [a, b, c] = arrivals(model, 'abc')
    expect(model.finish(a, 10)).toBe(b)
    expect([b.arrived, b.began, b.place]).toEqual([0, 10, 'serving'])
    expect(model.finish(b, 25)).toBe(c)
    expect(c.began).toBe(25)
    expect(model.finish(c, 30)).toBeUndefined()
    expect(model).toMatchObject({ served: 3, serving: 0, queued: 0 })
  })

  test('gives the place of a client that left to the next', () => {
    const model = new ServerModel<string>({ concurrency: 1, queue: 3 })
    const [a, b, c, d] = arrivals(model, 'abcd')
    expect(model.abandon(c, 5)).toBeUndefined()
    expect(model.abandon(a, 6)).toBe(b)
    expect(model.finish(b, 7)).toBe(d)
    expect(model).toMatchObject({ abandoned: 2, served: 1, serving: 1, queued: 0 })
  })

  test('without limits serves everybody at once', () => {
    const model = new ServerModel<string>()
    expect(arrivals(model, 'abcdefgh').every((job) => job.place === 'serving')).toBe(true)
  })

  test('without a queue refuses whom it cannot serve at once', () => {
    const model = new ServerModel<string>({ concurrency: 1, queue: 0 })
    expect(arrivals(model, 'ab').map((job) => job.place)).toEqual(['serving', 'outside'])
  })

  test('once closed takes nobody in, but serves those inside', () => {
    const model = new ServerModel<string>({ concurrency: 1 })
    const [a, b] = arrivals(model, 'ab')
    model.open = false
    expect(arrivals(model, 'c')[0].place).toBe('outside')
    expect(model.finish(a, 1)).toBe(b)
    model.open = true
    expect(arrivals(model, 'd')[0].place).toBe('queued')
  })

  test.each<[ServerModelOptions, string]>([
    [{ concurrency: 0 }, 'concurrency must be a whole number of at least 1, got 0'],
    [{ concurrency: 1.5 }, 'concurrency must be a whole number of at least 1, got 1.5'],
    [{ queue: -1 }, 'queue must be a whole number of at least 0, got -1'],
    [{ queue: NaN }, 'queue must be a whole number of at least 0, got NaN'],
  ])('refuses limits that make no sense: %o', (options, message) => {
    expect(() => new ServerModel(options)).toThrow(new RangeError(message))
  })

  test('says so when its owner loses count', () => {
    const model = new ServerModel<string>({ concurrency: 1 })
    const [a, b] = arrivals(model, 'ab')
    expect(() => model.arrive(a, 1)).toThrow('a job cannot arrive while it is serving')
    expect(() => model.finish(b, 1)).toThrow('a job cannot finish while it is queued')
    model.finish(a, 1)
    expect(() => model.finish(a, 2)).toThrow('a job cannot finish while it is outside')
    expect(() => model.abandon(a, 2)).toThrow('a job cannot be abandoned while it is outside')
    expect(model).toMatchObject({ arrived: 2, served: 1, serving: 1, queued: 0 })
  })
})

/** What happens, and to which of the jobs it may happen to. */
const step = fc.record({
  what: fc.constantFrom('arrive', 'arrive', 'arrive', 'finish', 'abandon', 'switch'),
  which: fc.nat(),
})

test('everybody who arrived is served, refused, abandoned or inside, and never in another order', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(Infinity)),
      fc.oneof(fc.nat(4), fc.constant(Infinity)),
      fc.array(step, { maxLength: 200 }),
      (concurrency, queue, steps) => {
        const model = new ServerModel<number>({ concurrency, queue })
        // The same server, written naively: the first so many of a list are served.
        const serving: Job<number>[] = []
        const waiting: Job<number>[] = []
        const next = (): Job<number> | undefined => {
          if (waiting.length === 0 || serving.length >= concurrency) return undefined
          serving.push(waiting.shift()!)
          return serving.at(-1)
        }
        steps.forEach(({ what, which }, now) => {
          const inside = [...serving, ...waiting]
          if (what === 'switch') model.open = !model.open
          if (what === 'arrive') {
            const job = new Job(now)
            const place = model.arrive(job, now)
            const free = serving.length < concurrency
            const expected = !model.open
              ? 'outside'
              : free
                ? 'serving'
                : waiting.length < queue
                  ? 'queued'
                  : 'outside'
            expect(place).toBe(expected)
            if (place === 'serving') serving.push(job)
            if (place === 'queued') waiting.push(job)
          }
          if (what === 'finish' && serving.length > 0) {
            const [job] = serving.splice(which % serving.length, 1)
            expect(model.finish(job, now)).toBe(next())
          }
          if (what === 'abandon' && inside.length > 0) {
            const job = inside[which % inside.length]
            const list = serving.includes(job) ? serving : waiting
            list.splice(list.indexOf(job), 1)
            expect(model.abandon(job, now)).toBe(list === serving ? next() : undefined)
          }
          const { arrived, served, refused, abandoned } = model
          expect([model.serving, model.queued]).toEqual([serving.length, waiting.length])
          expect(arrived).toBe(served + refused + abandoned + model.serving + model.queued)
        })
      },
    ),
  )
})
