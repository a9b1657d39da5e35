/** Nothing is lost, and nothing counted twice, whatever happens: in scenarios of every kind, at any time. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Endpoint } from '../../proxy/core/endpoint.ts'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import { Simulation } from '../../simulator/simulation.ts'
import { anyScenario } from './any-scenario.ts'

/** Every server that any proxy ever knew. */
function collect(simulation: Simulation, known: Set<Endpoint>): void {
  for (const { balancer } of simulation.proxies) {
    for (const endpoint of balancer.servers) known.add(endpoint)
  }
}

function check(simulation: Simulation, known: Set<Endpoint>, ended = false): void {
  collect(simulation, known)
  const { attempts, clients, stations } = simulation
  const { aborted, error, ok, refused, timeout } = clients.endings
  expect(ok + error + timeout + refused + aborted + clients.underWay).toBe(clients.generated)
  for (const station of stations) {
    const { failed, inHand, model } = station
    expect(model.arrived).toBe(model.served + model.refused + model.abandoned + inHand)
    expect(model.served).toBeGreaterThanOrEqual(failed)
    const inside = attempts.filter((each) => each.station === station && each.place !== 'outside')
    expect(inHand).toBe(inside.length)
    const { remaining } = station
    expect(remaining).toBeGreaterThanOrEqual(-1e-9)
    if (inHand === 0) expect(remaining).toBeLessThan(1e-9)
  }
  // Where strategies see old news so does whoever asks a server; at the end nobody is misled by a look.
  const { information } = simulation.scenario
  if (information !== undefined && !ended) return
  for (const { balancer } of simulation.proxies) balancer.look()
  let inFlight = 0
  for (const endpoint of known) {
    expect(endpoint.inflight).toBeGreaterThanOrEqual(0)
    inFlight += endpoint.inflight
  }
  let waitedFor = 0
  for (const request of new Set(attempts.map(({ data }) => data))) {
    if (!request.over) waitedFor += request.underWay
    else expect(request.underWay).toBe(0)
  }
  expect(inFlight).toBe(waitedFor)
  if (clients.underWay === 0) expect(inFlight).toBe(0)
}

test('what came has ended or is under way, for clients, servers and proxies, at any time', () => {
  fc.assert(
    fc.property(
      anyScenario,
      fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 20 }),
      (scenario, slices) => {
        const simulation = new Simulation(scenario, new RunRecorder())
        const known = new Set<Endpoint>()
        check(simulation, known)
        let until = 0
        for (const slice of slices) {
          until += slice
          simulation.run(until)
          check(simulation, known)
        }
        // Where a server hangs and nobody gives up, some never end.
        expect(simulation.run()).toBe(false)
        check(simulation, known, true)
      },
    ),
    { numRuns: 500, seed: 1 },
  )
})
