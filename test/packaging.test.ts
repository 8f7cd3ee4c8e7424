import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { healthAddress } from '../src/cli/health-address.js';
import { EXIT_CONFIG } from '../src/config/load-or-exit.js';
import { variables } from '../src/config/settings.js';

/*
 * What can be said of the packaging without a container engine or systemd: that its parts fit together and to the app.
 */

const manifest = z
  .object({
    main: z.string(),
    engines: z.object({ node: z.string() }),
    scripts: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

/** What the app reads from its environment; NODE_ENV is for libraries. */
const isKnown = (name: string) => name === 'NODE_ENV' || variables.some((variable) => variable === name);

interface Instruction {
  readonly verb: string;
  readonly rest: string;
}

/** The instructions of each stage of a Dockerfile. */
function stagesOf(dockerfile: string): readonly (readonly Instruction[])[] {
  const lines = dockerfile
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const [, verb = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (verb === 'FROM') stages.push([]);
    stages.at(-1)?.push({ verb, rest });
  }
  return stages;
}

const stages = stagesOf(readFileSync('Dockerfile', 'utf8'));
const last = stages.at(-1) ?? [];
const all = stages.flat();
const restsOf = (verb: string, among: readonly Instruction[] = all) =>
  among.filter((each) => each.verb === verb).map(({ rest }) => rest);

/** The command in a JSON array, as CMD and HEALTHCHECK have it. */
const commandIn = (rest: string): readonly string[] =>
  z.array(z.string()).parse(JSON.parse(rest.slice(rest.indexOf('['))));

/** Whether this compiled file has a source. */
const isCompiled = (path: string | undefined) =>
  path !== undefined && existsSync(path.replace(/^dist\//, 'src/').replace(/\.js$/, '.ts'));

describe('The Dockerfile', () => {
  test('has only valid instructions, in stages from the Node that the app needs', () => {
    const known = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'VOLUME', 'EXPOSE', 'HEALTHCHECK', 'CMD'];
    expect(all.filter(({ verb }) => !known.includes(verb))).toEqual([]);
    expect(stages.length).toBeGreaterThan(1);
    for (const image of restsOf('FROM')) expect(image).toMatch(/^node:20-slim( AS \w+)?$/);
    expect(manifest.engines.node).toMatch(/^>=20\./);
  });

  test('copies files that exist and that .dockerignore lets through, from stages that exist', () => {
    const letThrough = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    const names = restsOf('FROM').flatMap((rest) => / AS (\w+)$/.exec(rest)?.[1] ?? []);
    const copies = restsOf('COPY').map((rest) => rest.split(/\s+/));
    const fromHere = copies
      .filter(([first]) => !first?.startsWith('--from='))
      .flatMap((copy) => copy.slice(0, -1));
    const fromStages = copies.flatMap(([first]) => /^--from=(\w+)$/.exec(first ?? '')?.[1] ?? []);
    expect(fromHere.length).toBeGreaterThan(5);
    expect(fromHere.filter((path) => !existsSync(path))).toEqual([]);
    expect([...new Set(fromHere)].sort()).toEqual([...letThrough].sort());
    expect(fromStages.filter((name) => !names.includes(name))).toEqual([]);
  });

  test('runs npm commands that exist, and installs nothing for development in the final stage', () => {
    const runs = restsOf('RUN');
    const scripts = runs.flatMap((run) => /^npm run ([\w:]+)$/.exec(run)?.[1] ?? []);
    expect(scripts).toEqual(['build']);
    expect(scripts.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
    const modules = restsOf('COPY', last).find((rest) => rest.includes('node_modules')) ?? '';
    const stage =
      stages.find((each) => each[0]?.rest.endsWith(` AS ${/--from=(\w+)/.exec(modules)?.[1]}`)) ?? [];
    expect(restsOf('RUN', stage)).toEqual([expect.stringContaining('npm ci --omit=dev')]);
  });

  test('starts what package.json calls the program, not as root, and checks its health without curl', () => {
    const [command = []] = restsOf('CMD', last).map(commandIn);
    expect(command).toEqual(['node', manifest.main]);
    expect(isCompiled(command[1])).toBe(true);
    const [user = 'root'] = restsOf('USER', last);
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    const [check = ''] = restsOf('HEALTHCHECK', last);
    expect(commandIn(check)[0]).toBe('node');
    expect(isCompiled(commandIn(check)[1])).toBe(true);
  });

  test('sets only what the app reads', () => {
    const names = restsOf('ENV').map((rest) => rest.split('=')[0] ?? '');
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !isKnown(name))).toEqual([]);
  });
});

describe('The health check of the image', () => {
  test.each([
    [{ OPERATIONS_ADDRESS: '127.0.0.1:9100' }, 'http://127.0.0.1:9100/healthz'],
    [{ OPERATIONS_ADDRESS: '0.0.0.0:9100', PORT: '3000' }, 'http://127.0.0.1:9100/healthz'],
    [{ OPERATIONS_ADDRESS: '[::]:9100' }, 'http://[::1]:9100/healthz'],
    [{ OPERATIONS_ADDRESS: '[fd00::1]:9100' }, 'http://[fd00::1]:9100/healthz'],
    [{ OPERATIONS_ADDRESS: '', PORT: '8080' }, 'http://127.0.0.1:8080/healthz'],
    [{ HOST: '::' }, 'http://[::1]:3000/healthz'],
  ])('asks where the app listens with %j: %s', (environment, url) => {
    expect(healthAddress(environment)).toBe(url);
    expect(URL.canParse(url)).toBe(true);
  });
});

const service = z.strictObject({
  build: z.string().optional(),
  image: z.string().optional(),
  env_file: z.string().optional(),
  environment: z.record(z.string(), z.string()),
  depends_on: z
    .record(z.string(), z.object({ condition: z.enum(['service_healthy', 'service_started']) }))
    .optional(),
  restart: z.enum(['unless-stopped', 'always', 'on-failure']),
  stop_grace_period: z.string().regex(/^\d+s$/),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  healthcheck: z
    .object({ test: z.array(z.string()), interval: z.string(), timeout: z.string(), retries: z.number() })
    .optional(),
  networks: z.array(z.string()),
});
const compose = z
  .strictObject({
    services: z.record(z.string(), service),
    networks: z.record(z.string(), z.object({ internal: z.boolean() }).nullable()),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(readFileSync('compose.yaml', 'utf8')));

describe('compose.yaml', () => {
  const { bot, database } = compose.services;

  test('builds the bot from this folder, with its settings from .env and nothing it can write', () => {
    expect(bot?.build).toBe('.');
    expect(bot?.env_file).toBe('.env');
    expect(bot?.read_only).toBe(true);
    expect(bot?.cap_drop).toEqual(['ALL']);
    expect(Object.keys(bot?.environment ?? {}).filter((name) => !isKnown(name))).toEqual([]);
  });

  test('starts it when its database answers, which only it can reach', () => {
    const url = new URL(bot?.environment.STORE_URL?.replace(/\$\{[^}]*\}/, 'secret') ?? '');
    expect(Object.keys(compose.services)).toContain(url.hostname);
    expect(bot?.depends_on).toEqual({ [url.hostname]: { condition: 'service_healthy' } });
    expect(url.username).toBe(database?.environment.POSTGRES_USER);
    expect(url.pathname).toBe(`/${database?.environment.POSTGRES_DB}`);
    expect(database?.healthcheck?.test).toContain('pg_isready');
    const shared = (bot?.networks ?? []).filter((name) => database?.networks.includes(name));
    expect(shared.map((name) => compose.networks[name]?.internal)).toEqual([true]);
    expect(database?.networks).toEqual(shared);
  });

  test('names networks and volumes that it defines, and keeps no password in the file', () => {
    const services = Object.values(compose.services);
    const networks = services.flatMap((each) => each.networks);
    expect(networks.filter((name) => !Object.hasOwn(compose.networks, name))).toEqual([]);
    const volumes = services.flatMap((each) =>
      (each.volumes ?? []).map((volume) => volume.split(':')[0] ?? ''),
    );
    expect(volumes).toEqual(Object.keys(compose.volumes));
    const passwords = services.flatMap(({ environment }) => environment.POSTGRES_PASSWORD ?? []);
    for (const password of passwords) expect(password).toMatch(/^\$\{POSTGRES_PASSWORD:\?[^}]+\}$/);
    expect(readFileSync('docs/operations.md', 'utf8')).toContain('POSTGRES_PASSWORD');
  });
});

describe('The systemd unit', () => {
  const lines = readFileSync('docs/numbers-for-slack.service', 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const settings = lines.flatMap((line) => {
    const [, key = '', value = ''] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    return key === '' ? [] : [{ key, value }];
  });
  const valuesOf = (wanted: string) => settings.filter(({ key }) => key === wanted).map(({ value }) => value);

  test('has only sections and settings', () => {
    const sections = lines.filter((line) => line.startsWith('['));
    expect(sections).toEqual(['[Unit]', '[Service]', '[Install]']);
    expect(settings.length + sections.length).toBe(lines.length);
  });

  test('starts the program in its folder as a separate user, and not again with invalid settings', () => {
    const [folder = ''] = valuesOf('WorkingDirectory');
    expect(valuesOf('ExecStart')).toEqual([`/usr/bin/node ${join(folder, manifest.main)}`]);
    expect(valuesOf('DynamicUser')).toEqual(['yes']);
    expect(valuesOf('RestartPreventExitStatus')).toEqual([String(EXIT_CONFIG)]);
  });

  test('sets only what the app reads, and keeps its database where it can write', () => {
    const environment = new Map(
      valuesOf('Environment').map((value): [string, string] => {
        const at = value.indexOf('=');
        return [value.slice(0, at), value.slice(at + 1)];
      }),
    );
    expect([...environment.keys()].filter((name) => !isKnown(name))).toEqual([]);
    const path = environment.get('STORE_URL')?.replace(/^sqlite:/, '') ?? '';
    expect(dirname(path)).toBe(`/var/lib/${valuesOf('StateDirectory')[0]}`);
  });
});
