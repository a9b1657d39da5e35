import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LoadReport } from '../../simulator/load-report.ts'
import { Job, ServerModel, type ServerModelOptions } from '../../simulator/server-model.ts'

/** A server whose owner keeps its load report as owners do. */
class Server {
  now = 0
  readonly model: ServerModel<undefined>
  readonly load: LoadReport

  constructor(options: ServerModelOptions = {}) {
    this.model = new ServerModel(options)
    this.load = new LoadReport(this.model)
  }

  come(): Job<undefined> {
    const job = new Job(undefined)
    if (this.model.arrive(job, this.now) === 'outside') this.load.refused(this.now)
    else this.load.changed(this.now)
    return job
  }

  finish(job: Job<undefined>, failed = false): void {
    this.model.finish(job, this.now)
    this.load.finished(job, this.now, failed)
  }

  leave(job: Job<undefined>): void {
    this.model.abandon(job, this.now)
    this.load.changed(this.now)
  }

  read() {
    return { ...this.load.read(this.now) }
  }
}

test('a server that never had anything is idle, and does not know what a request takes', () => {
  const idle = { inflight: 0, rate: 0, errorRate: 0, latency: NaN }
  expect(new Server({ concurrency: 4 }).read()).toEqual({ ...idle, utilization: 0 })
  expect(new Server().read()).toEqual({ ...idle, utilization: NaN })
})

test('in hand is who is served and who waits, and nobody else', () => {
  const server = new Server({ concurrency: 1, queue: 1 })
  const [first, second, third] = [server.come(), server.come(), server.come()]
  expect(third.place).toBe('outside')
  expect(server.read().inflight).toBe(2)
  server.leave(second)
  expect(server.read().inflight).toBe(1)
  server.finish(first)
  expect(server.read().inflight).toBe(0)
})

test('a latency counts from arrival, under the number in hand that the job met', () => {
  const server = new Server({ concurrency: 1 })
  const [first, second, third] = [server.come(), server.come(), server.come()]
  server.now = 10
  server.finish(first) // Met nobody, took 10.
  server.now = 30
  server.finish(second) // Met one, waited 10, took 30.
  server.now = 60
  server.finish(third) // Met two, waited 30, took 60.
  expect(server.read().latency).toBe(10)
  server.come()
  expect(server.read().latency).toBe(30)
  server.come()
  expect(server.read().latency).toBe(60)
})

test('the latency of a failed job does not count', () => {
  const server = new Server()
  const first = server.come()
  server.now = 50
  server.finish(first)
  const second = server.come()
  server.now = 51
  server.finish(second, true)
  expect(server.read().latency).toBe(50)
})

test('utilization is the share of places that were busy, forgotten with a time of one second', () => {
  const server = new Server({ concurrency: 4 })
  server.now = 5000
  const jobs = [server.come(), server.come(), server.come()]
  server.now += 1000
  expect(server.read().utilization).toBeCloseTo(0.75 * (1 - Math.exp(-1)), 12)
  for (const job of jobs) server.finish(job)
  server.now += 1000
  expect(server.read().utilization).toBeCloseTo(0.75 * (1 - Math.exp(-1)) * Math.exp(-1), 12)
  server.now += 60_000
  expect(server.read().utilization).toBeCloseTo(0, 12)
})

test('a server that is busy all the time says 1, whether jobs end or not', () => {
  const server = new Server({ concurrency: 1 })
  let job = server.come()
  for (let i = 0; i < 1000; i++) {
    server.now += 10
    const next = server.come()
    server.finish(job)
    job = next
  }
  expect(server.read().utilization).toBeCloseTo(1, 3)
})

test('rates tend to what comes a second; failed and refused jobs are both errors', () => {
  const server = new Server({ concurrency: 1, queue: 0 })
  for (let i = 0; i < 2000; i++) {
    server.now += 5
    const job = server.come()
    server.now += 5
    if (i % 4 === 0) server.come()
    server.finish(job, i % 4 === 1)
  }
  // 100 served and 25 refused a second, 25 failed: a sum of weights is within one answer of its integral.
  expect(Math.abs(server.read().rate - 125)).toBeLessThan(2)
  expect(Math.abs(server.read().errorRate - 50)).toBeLessThan(2)
  const { rate } = server.read()
  server.now += 1000
  expect(server.read().rate).toBeCloseTo(rate / Math.E, 9)
})

test('how often it is read changes nothing', () => {
  const steps = fc.array(
    fc.record({ wait: fc.nat(3000), what: fc.constantFrom('come', 'finish', 'fail', 'leave') }),
    { maxLength: 40 },
  )
  const play = (list: { wait: number; what: string }[], read: boolean) => {
    const server = new Server({ concurrency: 2, queue: 2 })
    const inside: Job<undefined>[] = []
    for (const { wait, what } of list) {
      server.now += wait
      if (read) server.read()
      const serving = inside.find((job) => job.place === 'serving')
      if (what === 'come') {
        const job = server.come()
        if (job.place !== 'outside') inside.push(job)
      } else if (serving !== undefined) {
        if (what === 'leave') server.leave(serving)
        else server.finish(serving, what === 'fail')
        inside.splice(inside.indexOf(serving), 1)
      }
      if (read) server.read()
    }
    return server.read()
  }
  fc.assert(
    fc.property(steps, (list) => {
      const report = play(list, false)
      expect(play(list, true)).toEqual(report)
      expect(report.utilization).toBeGreaterThanOrEqual(0)
      expect(report.utilization).toBeLessThanOrEqual(1)
      expect(report.errorRate).toBeLessThanOrEqual(report.rate)
    }),
  )
})
