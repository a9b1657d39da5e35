# The proxy and the fake servers: one house, two doors. `docker build .` makes the proxy, `--target backend` a fake server.
# Both images can be given other words than the official ones' where no registry is at hand (test/containers/README.md).
ARG NODE_IMAGE=node:26.10.0-bookworm-slim
ARG BASE_IMAGE=debian:bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
# First what seldom changes: this layer is kept until the lockfile is another.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# Node itself comes from the lockfile, with its hash, as everywhere else. Then nothing of development is left.
RUN npm run -s build:dashboard \
 && install -D -m 755 node_modules/.bin/node /out/node \
 && npm prune --omit=dev --omit=optional --ignore-scripts \
 && rm -rf node_modules/.cache

FROM ${BASE_IMAGE} AS house
# What Node 26 is linked with and a minimal Debian has not.
RUN apt-get update \
 && apt-get install --no-install-recommends --yes libatomic1 libstdc++6 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
COPY --from=build /out/node /usr/local/bin/node
COPY --from=build /app /app
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0
# A number, so that Kubernetes can see that it is not root. Nothing in the image belongs to it: it writes to /tmp only, and needs not even that.
USER 10001:10001
# No shell and no npm in between: Node is process 1 and hears SIGTERM itself.
ENTRYPOINT ["node", "cli.ts"]

FROM house AS backend
ENV PORT=9001
EXPOSE 9001
HEALTHCHECK --interval=5s --timeout=2s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["backend"]

FROM house AS proxy
ENV PORT=8080
EXPOSE 8080
# Whether it lives. Whether it should get requests is /lb/ready, for whoever sends them.
HEALTHCHECK --interval=5s --timeout=2s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/lb/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["proxy"]
