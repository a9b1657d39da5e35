import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Clock } from '../../proxy/core/clock.ts'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import { type Report, SILENT } from '../../proxy/core/report.ts'
import { News } from '../../simulator/news.ts'

/** Writes down when it heard what of whom. */
class Ear {
  readonly heardAt: [number, string, number][] = []
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  heard(server: Endpoint, report: Report): void {
    this.heardAt.push([this.clock.now, server.id, report.inflight])
  }
}

/** Servers that have as many in hand as the clock shows; delays that are written down, or always 5. */
function world(delays: number[] = []) {
  const clock = new Clock(100)
  const news = new News({
    clock,
    delay: () => delays.shift() ?? 5,
    report: ({ id }) => (id === 'dead' ? undefined : { ...SILENT, inflight: clock.now }),
  })
  return { clock, news, ear: new Ear(clock), server: new Endpoint('a') }
}

test('a report is of the moment when the question arrives, and is heard after the way back', () => {
  const { ear, news, server } = world([20, 3])
  expect(news.nextAt).toBe(Infinity)
  news.ask(ear, server)
  expect(news.nextAt).toBe(120)
  news.run(119)
  expect(ear.heardAt).toEqual([])
  news.run(120)
  expect(news.nextAt).toBe(123)
  news.run(1000)
  expect(ear.heardAt).toEqual([[123, 'a', 120]])
  expect(news.nextAt).toBe(Infinity)
})

test('a server that does not answer is not heard', () => {
  const { ear, news } = world()
  news.ask(ear, new Endpoint('dead'))
  news.run(Infinity)
  expect(ear.heardAt).toEqual([])
})

test('a server that speaks unasked is heard after one way, with what it said then', () => {
  const { ear, news, server } = world()
  const report = { ...SILENT, inflight: 0 }
  news.tell(ear, server, report)
  report.inflight = 7
  news.run(200)
  expect(ear.heardAt).toEqual([[105, 'a', 0]])
})

test('everybody hears what he asked for, and messages that are used again do not mix', () => {
  const { clock, ear, news, server } = world()
  const other = new Ear(clock)
  for (let i = 0; i < 3; i++) {
    news.ask(ear, server)
    news.ask(other, new Endpoint('b'))
    news.run(clock.now + 10)
  }
  expect(ear.heardAt.map(([, id]) => id)).toEqual(['a', 'a', 'a'])
  expect(other.heardAt.map(([, id]) => id)).toEqual(['b', 'b', 'b'])
})

test('who asks again when he hears is answered again, within the same run', () => {
  const { clock, news, server } = world()
  const times: number[] = []
  const eager = {
    heard: () => {
      times.push(clock.now)
      if (times.length < 3) news.ask(eager, server)
    },
  }
  news.ask(eager, server)
  news.run(1000)
  expect(times).toEqual([110, 120, 130])
})

test('time is never set back', () => {
  const { clock, ear, news, server } = world()
  news.tell(ear, server, SILENT)
  clock.now = 150
  news.run(150)
  expect(ear.heardAt.map(([time]) => time)).toEqual([150])
})

test('messages arrive in order of time, those that arrive together in the order sent, however the run is cut', () => {
  const sends = fc.array(fc.record({ wait: fc.nat(3), delay: fc.nat(4) }), { maxLength: 40 })
  const cuts = fc.array(fc.nat(200), { maxLength: 20 })
  fc.assert(
    fc.property(sends, cuts, (list, cuts) => {
      const { clock, ear, news } = world(list.map(({ delay }) => delay))
      const due: { time: number; id: string }[] = []
      let now = clock.now
      list.forEach(({ wait, delay }, i) => {
        now += wait
        news.run(now)
        clock.now = now
        news.tell(ear, new Endpoint(`${i}`), { ...SILENT, inflight: i })
        due.push({ time: now + delay, id: `${i}` })
      })
      for (const cut of cuts.toSorted((a, b) => a - b)) news.run(now + cut)
      news.run(Infinity)
      // `toSorted` is stable: equal times stay in the order sent.
      const wanted = due.toSorted((a, b) => a.time - b.time)
      expect(ear.heardAt.map(([time, id]) => ({ time, id }))).toEqual(wanted)
    }),
  )
})
