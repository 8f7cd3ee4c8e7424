FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM node:20-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:20-slim
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=modules /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# Only for STORE_URL=sqlite:data/numbers.db; the rest of the file system can be read-only.
RUN mkdir data && chown 1000:1000 data
ENV NODE_ENV=production
# Health checks and metrics. To have Prometheus read them from outside, listen on 0.0.0.0:9100 and publish the port
# only where Prometheus can reach it.
ENV OPERATIONS_ADDRESS=127.0.0.1:9100
# The user "node" of the image, by its number, so that Kubernetes can tell that it isn't root.
USER 1000:1000
VOLUME /app/data
# HTTP mode and callbacks only.
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node", "dist/cli/health-check.js"]
CMD ["node", "dist/main.js"]
