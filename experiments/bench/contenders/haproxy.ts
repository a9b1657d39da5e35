import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { programVersion, type Contender } from './contender.ts'

/** One thread. It logs to sockets or to its standard output, which is a file here: a write a line. */
export const haproxy: Contender = {
  name: 'haproxy',
  note: 'access log to a file, counters, active checks',
  version: () => programVersion('haproxy', '-v'),
  command({ folder, port, backends }) {
    const servers = backends
      .map((backend, i) => `  server s${i + 1} 127.0.0.1:${backend} check inter 2s fall 3 rise 2`)
      .join('\n')
    const config = join(folder, 'haproxy.cfg')
    writeFileSync(
      config,
      `global
  nbthread 1
  maxconn 4096
  log stdout format raw local0 info
defaults
  mode http
  log global
  option httplog
  option forwardfor
  option http-keep-alive
  http-reuse always
  timeout connect 3s
  timeout client 65s
  timeout server 15s
frontend front
  bind 127.0.0.1:${port} backlog 1024
  default_backend back
backend back
  balance roundrobin
  option httpchk GET /health
${servers}
`,
    )
    return { file: 'haproxy', args: ['-db', '-f', config] }
  },
}
