/**
 * The manifests under deploy/kubernetes, held to the schemas of Kubernetes (kubernetes-models has them as code) and to each other. What is not in a
 * schema is found by its types: there an unknown key is an error. ServiceMonitor is of an operator, and only its shape is looked at.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadSettings } from '../../proxy/config.ts'
import { TestProxy } from '../support/proxy.ts'
import { type Manifest, manifests, ROOT, yamlOf } from './manifests.ts'

const all = manifests()
const ours = all.filter(({ manifest }) => manifest.kind !== 'ServiceMonitor')

interface Container {
  readonly name: string
  readonly image: string
  readonly args: string[]
  readonly ports: { readonly name: string; readonly containerPort: number }[]
  readonly securityContext: unknown
  readonly resources: { limits: { memory: string } }
  readonly volumeMounts?: { readonly name: string }[]
  readonly [probe: string]: unknown
}

interface Deployment {
  readonly spec: {
    readonly replicas?: number
    readonly selector: { readonly matchLabels: Record<string, string> }
    readonly template: {
      readonly metadata: { readonly labels: Record<string, string> }
      readonly spec: {
        readonly terminationGracePeriodSeconds?: number
        readonly securityContext: unknown
        readonly containers: Container[]
        readonly volumes?: { readonly name: string; readonly configMap?: { name: string } }[]
      }
    }
  }
}

function find(kind: string, name = 'evenkeel'): Manifest {
  return all.find(({ manifest }) => manifest.kind === kind && manifest.metadata.name === name)!
    .manifest
}

const deployment = find('Deployment') as unknown as Deployment
const [proxy] = deployment.spec.template.spec.containers

/** `apps/v1` and `Deployment` are a module and a class of kubernetes-models. */
function moduleOf({ apiVersion }: Manifest): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  return ['kubernetes-models', group, version].filter((part) => part !== '').join('/')
}

function faultsOf(texts: readonly string[]): string {
  const folder = mkdtempSync(join(ROOT, '.manifests-')) // Inside, so that packages resolve.
  try {
    writeFileSync(join(folder, 'all.ts'), `${texts.join('\n')}\nexport {}\n`)
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext']
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
    const args = [tsc, ...options, '--ignoreConfig', '--types', '', join(folder, 'all.ts')]
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    return stdout
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function typed(manifest: Manifest, i: number): string {
  const { kind } = manifest
  const name = `I${kind}${i}`
  return `import type { I${kind} as ${name} } from '${moduleOf(manifest)}'\nconst manifest${i}: ${name} = ${JSON.stringify(manifest)}\nvoid manifest${i}`
}

describe('the manifests for Kubernetes', () => {
  test('are all there', () => {
    expect(all.map(({ manifest }) => manifest.kind).toSorted()).toEqual([
      'ConfigMap',
      'Deployment',
      'Deployment',
      'HorizontalPodAutoscaler',
      'PodDisruptionBudget',
      'Service',
      'Service',
      'ServiceMonitor',
    ])
  })

  test.for(ours)('$title keeps its schema', async ({ manifest }) => {
    type Model = new (data: unknown) => { validate(): void }
    const models = (await import(moduleOf(manifest))) as Record<string, Model>
    const model = models[manifest.kind]
    expect(() => new model(manifest).validate()).not.toThrow()
    expect(() => new model({ ...manifest, metadata: 'none' }).validate()).toThrow(/metadata/)
  })

  test('have no keys that nobody knows', () => {
    expect(faultsOf(ours.map(({ manifest }, i) => typed(manifest, i)))).toBe('')
    const misspelt = JSON.parse(
      JSON.stringify(find('Deployment')).replace('readinessProbe', 'readynessProbe'),
    ) as Manifest
    expect(faultsOf([typed(misspelt, 0)])).toContain('readynessProbe')
  })

  test('have a configuration that the proxy takes, for the headless Service and the port that there are', () => {
    const { 'lb.yaml': text } = find('ConfigMap').data as Record<string, string>
    const flags = { config: 'lb.yaml' }
    const { settings } = loadSettings({ flags, readFile: () => text })
    const [{ name, resolve }] = settings.names!
    expect(resolve).toBe('srv')
    const { spec } = find('Service', 'shop-pods') as unknown as {
      spec: { clusterIP: string; ports: { name: string }[] }
    }
    expect(spec.clusterIP).toBe('None')
    expect(name).toBe(`_${spec.ports[0].name}._tcp.shop-pods.default.svc.cluster.local`)
    const [place] = settings.listen
    expect(place).toMatchObject({ port: proxy.ports[0].containerPort })
    const { terminationGracePeriodSeconds: grace } = deployment.spec.template.spec
    const wait = /setTimeout\(\(\) => \{\}, (\d+)\)/.exec(JSON.stringify(proxy.lifecycle))!
    expect(Number(wait[1]) + settings.timeouts.stop).toBeLessThan(grace! * 1000)
  })

  test('run without any right, and find what they mount', () => {
    for (const kind of ['evenkeel', 'shop']) {
      const { spec } = (find('Deployment', kind) as unknown as Deployment).spec.template
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true })
      for (const { resources, securityContext, volumeMounts = [] } of spec.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
        expect(resources.limits.memory).toMatch(/^\d+Mi$/)
        const volumes = (spec.volumes ?? []).map(({ name }) => name)
        expect(volumeMounts.map(({ name }) => name)).toEqual(volumes)
      }
    }
    const maps = deployment.spec.template.spec.volumes!.flatMap(({ configMap }) => configMap ?? [])
    expect(maps).toEqual([{ name: find('ConfigMap').metadata.name }])
  })

  test('select the Pods that there are', () => {
    const pods = deployment.spec.template.metadata.labels
    const selectors = ['Deployment', 'PodDisruptionBudget'].map(
      (kind) => (find(kind) as unknown as Deployment).spec.selector.matchLabels,
    )
    const service = find('Service') as unknown as { spec: { selector: Record<string, string> } }
    for (const selector of [...selectors, service.spec.selector])
      expect(pods).toMatchObject(selector)
    // Replicas are the autoscaler's: a Deployment that says how many sets them back with each apply.
    expect(deployment.spec.replicas).toBeUndefined()
  })

  test('ask the proxy for pages that it has', async () => {
    const running = await TestProxy.start({ servers: ['http://127.0.0.1:9'] })
    const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const
    const monitor = find('ServiceMonitor').spec as { endpoints: { path: string }[] }
    const paths = probes.map(
      (probe) => (proxy[probe] as { httpGet: { path: string } }).httpGet.path,
    )
    for (const path of [...paths, monitor.endpoints[0].path])
      expect((await fetch(running.url + path)).status).toBe(200)
  })

  test('scale by metrics that the adapter makes of ours', async () => {
    const running = await TestProxy.start({ servers: ['http://127.0.0.1:9'] })
    const exposed = await (await fetch(`${running.url}/lb/metrics`)).text()
    interface Rule {
      readonly seriesQuery: string
      readonly name?: { readonly as: string }
    }
    const [{ rules }] = yamlOf('deploy/kubernetes/prometheus-adapter.yaml') as [
      { rules: { custom: Rule[] } },
    ]
    const made = rules.custom.map(({ name, seriesQuery }) => {
      const series = /^\w+/.exec(seriesQuery)![0]
      expect(exposed).toContain(`# TYPE ${series} `)
      return name?.as ?? series
    })
    const { metrics } = find('HorizontalPodAutoscaler').spec as {
      metrics: { pods: { metric: { name: string } } }[]
    }
    expect(metrics.map(({ pods }) => pods.metric.name)).toEqual(made)
    expect(exposed).toContain('nodejs_eventloop_time_seconds_total{state="active"}')
  })
})
