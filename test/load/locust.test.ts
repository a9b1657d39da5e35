import { describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { freePort, hasLocust, Locust, openShop, type Row } from './locust.ts'

const HEADLESS = ['--headless', '--users', '10', '--spawn-rate', '10']
const PATIENCE = 60_000 // Python starts slowly where much else goes on.

interface Stats {
  readonly stats: readonly { readonly method: string; readonly name: string }[]
}

function sum(rows: readonly Row[], what: 'requests' | 'failures'): number {
  return rows.reduce((total, row) => total + row[what], 0)
}

/** Pages and servers, which are the same answers twice, and the total. */
function split(rows: readonly Row[]) {
  const total = rows.find(({ name }) => name === 'Aggregated')!
  const servers = rows.filter(({ type }) => type === 'served by')
  const pages = rows.filter((row) => row !== total && row.type !== 'served by')
  return { pages, servers, total }
}

describe.skipIf(!hasLocust)('the file for Locust', { timeout: PATIENCE }, () => {
  test('books every answer under its server, without doubling the total, and ends with 99 when too many failed', async () => {
    const shop = await openShop('1')
    const settings = { MAX_ERRORS: '5%', MAX_P95: '2000' }
    using locust = new Locust([...HEADLESS, '--host', shop.url], settings)
    await locust.books(100)
    expect(await locust.stop()).toBe(99)
    await shop.close()
    const { pages, servers, total } = split(locust.rows())
    expect(sum(pages, 'requests')).toBe(total.requests)
    expect(sum(servers, 'requests')).toBe(total.requests)
    expect(servers.map(({ name }) => name)).toEqual(['b1', 'b2', 'b3'])
    // By weight 2, 1, 1; at the end some of the ten users have not had their answers.
    for (const [i, due] of [0.5, 0.25, 0.25].entries())
      expect(Math.abs(servers[i].requests - due * total.requests)).toBeLessThanOrEqual(12)
    expect(servers.map(({ failures }) => failures)).toEqual([0, 0, servers[2].requests])
    expect(total.failures).toBe(servers[2].requests)
    expect(locust.output).toMatch(/p95 \d+ ms, at most 2000 ms: kept/)
    expect(locust.output).toMatch(/errors 2\d\.\d+%, at most 5.00%: broken/)
  })

  test('runs with a master and workers, who add up, and ends with 0 when its thresholds are kept', async () => {
    const shop = await openShop()
    const port = String(await freePort())
    const settings = { MAX_ERRORS: '0', MAX_P95: '2000' }
    const place = ['--master-bind-host', '127.0.0.1', '--master-bind-port', port]
    const host = ['--host', shop.url]
    const master = ['--master', ...place, '--expect-workers', '2', ...HEADLESS, ...host]
    using locust = new Locust(master, settings)
    const worker = ['--worker', '--master-host', '127.0.0.1', '--master-port', port]
    using first = new Locust(worker, settings)
    using second = new Locust(worker, settings)
    await locust.books(100)
    const codes = await Promise.all([locust.stop(), first.exit(), second.exit()])
    expect(codes, locust.output).toEqual([0, 0, 0])
    await shop.close()
    const { pages, servers, total } = split(locust.rows())
    expect(sum(pages, 'requests')).toBe(total.requests)
    expect(sum(servers, 'requests')).toBe(total.requests)
    expect(servers.map(({ name }) => name)).toEqual(['b1', 'b2', 'b3'])
  })

  /** With its web page, which is open when this resolves. */
  async function withPage(host: string, env: Record<string, string>) {
    const port = String(await freePort())
    const page = `http://127.0.0.1:${port}`
    const args = ['--web-host', '127.0.0.1', '--web-port', port, '--host', host]
    const locust = new Locust(args, env)
    await locust.says('Starting web interface')
    await until(async () => (await fetch(page).catch(() => undefined))?.status === 200)
    return { locust, page }
  }

  test('cannot decide on thresholds without a request', async () => {
    const { locust } = await withPage('http://127.0.0.1:9', { MAX_P95: '10' })
    expect(await locust.stop()).toBe(3)
    locust[Symbol.dispose]()
  })

  test('shows the servers on the web page of Locust', async () => {
    const shop = await openShop()
    const { locust, page } = await withPage(shop.url, { MAX_P95: '2000' })
    const users = new URLSearchParams({ user_count: '10', spawn_rate: '10', host: shop.url })
    const swarm = await fetch(`${page}/swarm`, { method: 'POST', body: users })
    expect(await swarm.json()).toMatchObject({ success: true })
    const servers = async (): Promise<string[]> => {
      const { stats } = (await (await fetch(`${page}/stats/requests`)).json()) as Stats
      return stats.filter(({ method }) => method === 'served by').map(({ name }) => name)
    }
    // The page keeps its figures for a second or two.
    await until(async () => (await servers()).length === 3)
    expect(await servers()).toEqual(['b1', 'b2', 'b3'])
    expect(await locust.stop()).toBe(0)
    locust[Symbol.dispose]()
    await shop.close()
  })

  test('follows a shape, and books what nobody answered', async () => {
    const port = await freePort()
    const env = { SHAPE: 'spike', SHAPE_USERS: '5', SHAPE_SECONDS: '1', MAX_ERRORS: '1%' }
    using locust = new Locust(['--headless', '--host', `http://127.0.0.1:${port}`], env)
    expect(await locust.exit()).toBe(99)
    const { servers, total } = split(locust.rows())
    expect(servers).toMatchObject([{ name: '(no server)', requests: total.requests }])
    expect(total.failures).toBe(total.requests)
    expect(locust.output).toContain('Shape test')
  })

  for (const [name, text] of [
    ['MAX_ERRORS', '1.5'],
    ['SHAPE', 'cube'],
  ]) {
    test(`refuses ${name}=${text}`, async () => {
      using locust = new Locust(['--headless', '--host', 'http://127.0.0.1:9'], { [name]: text })
      expect(await locust.exit()).toBe(2)
      expect(locust.output).toContain(`${name} must be like`)
    })
  }
})
