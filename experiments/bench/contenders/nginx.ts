import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { programVersion, type Contender } from './contender.ts'

/** One worker. Its log is buffered, as ours is batched. It has no active checks. */
export const nginx: Contender = {
  name: 'nginx',
  note: 'access log to a file, counters (stub_status)',
  version: () => programVersion('nginx', '-v'),
  command({ folder, port, backends }) {
    const servers = backends.map((backend) => `server 127.0.0.1:${backend};`).join(' ')
    const config = join(folder, 'nginx.conf')
    writeFileSync(
      config,
      `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/errors.log warn;
events { worker_connections 2048; }
http {
  access_log ${folder}/access.log combined buffer=64k flush=1s;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_requests 1000000000;
  upstream backend { ${servers} keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=1024;
    location = /stub_status { stub_status; }
    location / {
      proxy_pass http://backend;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }
}
`,
    )
    return { file: 'nginx', args: ['-p', folder, '-c', config, '-e', join(folder, 'errors.log')] }
  },
}
